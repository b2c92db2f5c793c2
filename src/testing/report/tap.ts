import type { RunOutcome } from './run-outcome.js';

/** One run as lines of TAP 14; `number` counts from 1. */
export function tapLines(
  { scenario, seed, passed, failures, durationMs }: RunOutcome,
  number: number,
): string[] {
  const line = `${passed ? 'ok' : 'not ok'} ${number} - ${escaped(scenario)} \\# seed ${seed}`;
  const details =
    failures.length === 0 ? [] : ['  failures:', ...failures.map((one) => `    - ${JSON.stringify(one)}`)];
  return [line, '  ---', `  duration_ms: ${Math.round(durationMs)}`, ...details, '  ...'];
}

/** The runs as TAP 14. */
export function tap(runs: readonly RunOutcome[]): string {
  const lines = runs.flatMap((run, index) => tapLines(run, index + 1));
  return ['TAP version 14', `1..${runs.length}`, ...lines, ''].join('\n');
}

/** A hash would begin a directive. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#').replace(/\s+/g, ' ');
}
