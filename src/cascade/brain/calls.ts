import type { BrainState } from './state.js';

export function callOf(state: BrainState, call: string): { answered: boolean } | undefined {
  return state.calls.findLast((known) => known.call === call);
}

export function noteCall(state: BrainState, call: string, answered: boolean): void {
  const known = callOf(state, call);
  if (known !== undefined) {
    known.answered ||= answered;
    return;
  }
  state.calls.push({ call, answered });
  if (state.calls.length > state.limits.maxCalls) state.calls.shift();
}
