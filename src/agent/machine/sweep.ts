import { allBut } from '../../core/none.js';
import { done } from './speeches.js';
import type { AgentEffect, AgentMachineState, ResponseState } from './state.js';

/** Forgets what is over: items with their responses, responses with their calls; and tells of replies that nothing is left of. */
export function sweep(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const response of state.responses) {
    if (!isOver(state, response)) continue;
    state.responses = allBut(state.responses, response);
    for (const item of state.items)
      if (item.response === response.id) state.items = allBut(state.items, item);
  }
  for (const reply of state.replies) {
    const { id, followUp, interrupted } = reply;
    if (followUp || hasResponse(state, id)) continue;
    state.replies = allBut(state.replies, reply);
    done(state, id, interrupted !== null, fx);
  }
}

function isOver(state: AgentMachineState, response: ResponseState): boolean {
  if (!response.ended) return false;
  if (state.calls.some((call) => call.response === response.id)) return false;
  for (const item of state.items) if (item.response === response.id && !item.settled) return false;
  return true;
}

function hasResponse(state: AgentMachineState, reply: string): boolean {
  for (const response of state.responses) if (response.reply === reply) return true;
  return false;
}
