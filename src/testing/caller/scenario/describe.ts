import type { Expectation, Step } from './scenario.js';

/** What a step waits for, in words. */
export function awaited(step: Step): string {
  if ('overlapAt' in step) return `${step.overlapAt.agentMs} ms of the agent's voice`;
  const [event, where] =
    'sendAfter' in step
      ? [step.sendAfter.event, step.sendAfter.where]
      : 'wait' in step && 'for' in step.wait
        ? [step.wait.for, step.wait.where]
        : ['', undefined];
  return `the event '${event}'${where === undefined ? '' : ` with ${JSON.stringify(where)}`}`;
}

/** An expectation in words. */
export function described(expected: Expectation): string {
  if ('event' in expected) {
    return `the event '${expected.event}'${expected.where === undefined ? '' : ` with ${JSON.stringify(expected.where)}`}`;
  }
  if ('calls' in expected) {
    return `a call of '${expected.calls}'${expected.args === undefined ? '' : ` with ${JSON.stringify(expected.args)}`}`;
  }
  if ('metric' in expected) return `the figure '${expected.metric}'`;
  const { textContains, heard, understood } = expected;
  if (textContains !== undefined) return `the agent's text "${textContains}"`;
  if (heard !== undefined) return `"${heard}" in the caller's ear`;
  return `"${understood}" understood by the agent`;
}
