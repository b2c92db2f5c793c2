import { none } from '../../../core/none.js';
import type { Spread } from './metrics.js';
import type { MeterState, SampleName, Samples } from './state.js';

/** Of a longer call the oldest are forgotten. */
const sampleLimit = 10_000;

export function sample(state: MeterState, name: SampleName, value: number): void {
  state.samples ??= {};
  const list = state.samples[name];
  // Not pushed: there are many lists, and mostly of a few values each.
  state.samples[name] = list === undefined ? [value] : list.slice(1 - sampleLimit).concat(value);
}

/** By nearest rank. */
export function spreadOf(samples: Samples = none): Spread {
  const n = samples.length;
  if (n === 0) return { n };
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * n) - 1)] ?? Number.NaN;
  return { n, p50: rank(0.5), p90: rank(0.9), p95: rank(0.95), max: rank(1) };
}
