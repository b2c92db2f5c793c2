import { type Ms, msToSamples } from '../../core/index.js';

/** Rate that is compared at. */
const rateHz = 4_000;
/** How much of the caller's sound is compared, and how late an echo may be. */
export const comparedMs: Ms = 240;
export const latestMs: Ms = 320;
/** Steps of the envelopes. */
const stepMs: Ms = 8;
const step = msToSamples(stepMs, rateHz);
/** Delays at which the envelopes fit best are looked at closely. */
const candidates = 4;

/**
 * Whether the caller's sound is what the far end has just played: their envelopes say at which delays that may be, their
 * waves whether it is. The delay that was found once is tried first.
 */
export class EchoDetector {
  readonly #input = new Float32Array(msToSamples(comparedMs, rateHz));
  readonly #played = new Float32Array(msToSamples(comparedMs + latestMs, rateHz));
  readonly #inputSteps = new Float32Array(this.#input.length / step);
  readonly #playedSteps = new Float32Array(this.#played.length / step);
  /** Of the last echo, in samples. */
  #delay: number | undefined;

  /** `input`: the caller's last samples; `played`: the far end's, up to the same moment; of any length and rate. Gives 0..1. */
  correlate(input: Float32Array, inputHz: number, played: Int16Array, playedHz: number): number {
    shrink(input, inputHz, this.#input);
    shrink(played, playedHz, this.#played);
    let best = 0;
    let bestDelay = 0;
    for (const delay of this.#delays()) {
      const radius = step;
      for (let at = Math.max(0, delay - radius); at <= Math.min(this.#longest, delay + radius); at++) {
        const value = Math.abs(this.#wave(at));
        if (value > best) {
          best = value;
          bestDelay = at;
        }
      }
    }
    if (best >= 0.5) this.#delay = bestDelay;
    return Math.min(1, best);
  }

  get #longest(): number {
    return this.#played.length - this.#input.length;
  }

  /** The one known, and where the envelopes fit best. */
  #delays(): number[] {
    envelope(this.#input, this.#inputSteps);
    envelope(this.#played, this.#playedSteps);
    const found: { delay: number; fit: number }[] = [];
    const last = this.#playedSteps.length - this.#inputSteps.length;
    for (let late = 0; late <= last; late++) {
      found.push({ delay: late * step, fit: alike(this.#inputSteps, this.#playedSteps, last - late) });
    }
    found.sort((a, b) => b.fit - a.fit);
    const delays = found.slice(0, candidates).map(({ delay }) => delay);
    return this.#delay === undefined ? delays : [this.#delay, ...delays];
  }

  #wave(delay: number): number {
    const [x, y] = [this.#input, this.#played];
    const from = y.length - x.length - delay;
    let sum = 0;
    let xx = 1e-9;
    let yy = 1e-9;
    for (let i = 0; i < x.length; i++) {
      const [a, b] = [x[i]!, y[from + i]!];
      sum += a * b;
      xx += a * a;
      yy += b * b;
    }
    return sum / Math.sqrt(xx * yy);
  }
}

/** The end of a line at the lower rate: means of as many samples as become one. */
function shrink(from: Float32Array | Int16Array, fromHz: number, to: Float32Array): void {
  const factor = Math.max(1, Math.round(fromHz / rateHz));
  for (let i = 0; i < to.length; i++) {
    const start = from.length - (to.length - i) * factor;
    let sum = 0;
    if (start >= 0) for (let j = 0; j < factor; j++) sum += from[start + j]!;
    to[i] = sum / factor;
  }
}

function envelope(x: Float32Array, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (let j = 0; j < step; j++) sum += Math.abs(x[i * step + j]!);
    into[i] = sum;
  }
}

/** Correlation of `x` with the stretch of `y` that begins there. */
function alike(x: Float32Array, y: Float32Array, from: number): number {
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < x.length; i++) {
    meanX += x[i]!;
    meanY += y[from + i]!;
  }
  meanX /= x.length;
  meanY /= x.length;
  let sum = 0;
  let xx = 1e-9;
  let yy = 1e-9;
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]! - meanX, y[from + i]! - meanY];
    sum += a * b;
    xx += a * a;
    yy += b * b;
  }
  return sum / Math.sqrt(xx * yy);
}
