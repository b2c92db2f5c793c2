import type { Ms } from '../../core/index.js';

/** One run of a scenario, as the lists of results tell it. */
export interface RunOutcome {
  scenario: string;
  seed: number;
  passed: boolean;
  /** Sentences. */
  failures: readonly string[];
  /** Of the call, in its own time. */
  durationMs: Ms;
}

/** A scenario over its runs. */
export interface ScenarioOutcome {
  scenario: string;
  runs: number;
  passes: number;
  /** Chance that at least one of k runs passes, and that all of k do, estimated from these runs; k is their number, of the first 1. */
  passAt1: number;
  passAtK: number;
  passAllK: number;
}

/** One for each scenario, in the order of their first runs. */
export function scenarioOutcomes(runs: readonly RunOutcome[]): ScenarioOutcome[] {
  return [...new Set(runs.map(({ scenario }) => scenario))].map((scenario) => {
    const own = runs.filter((run) => run.scenario === scenario);
    const passes = own.filter(({ passed }) => passed).length;
    return {
      scenario,
      runs: own.length,
      passes,
      passAt1: passAt(own.length, passes, 1),
      passAtK: passAt(own.length, passes, own.length),
      passAllK: passAll(own.length, passes, own.length),
    };
  });
}

/** pass@k: that of k runs drawn from n, c of which passed, at least one passed. */
export function passAt(n: number, c: number, k: number): number {
  return 1 - drawn(n, n - c, k);
}

/** pass^k: that all of k runs drawn passed. */
export function passAll(n: number, c: number, k: number): number {
  return drawn(n, c, k);
}

/** That k drawn from n, without putting back, are all among m. */
function drawn(n: number, m: number, k: number): number {
  let chance = 1;
  for (let i = 0; i < k; i++) chance *= Math.max(0, m - i) / (n - i);
  return chance;
}
