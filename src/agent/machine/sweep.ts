import { done } from './speeches.js';
import type { AgentEffect, AgentMachineState } from './state.js';

/** Forgets what is over: items with their responses, responses with their calls; and tells of replies that nothing is left of. */
export function sweep(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const id in state.responses) {
    if (!isOver(state, id)) continue;
    delete state.responses[id];
    for (const item in state.items) if (state.items[item]!.response === id) delete state.items[item];
  }
  for (const id in state.replies) {
    const reply = state.replies[id]!;
    if (reply.followUp || hasResponse(state, id)) continue;
    delete state.replies[id];
    done(state, id, reply.interrupted !== null, fx);
  }
}

function isOver(state: AgentMachineState, response: string): boolean {
  if (!state.responses[response]!.ended) return false;
  if (state.calls.some((call) => call.response === response)) return false;
  for (const id in state.items) {
    const item = state.items[id]!;
    if (item.response === response && !item.settled) return false;
  }
  return true;
}

function hasResponse(state: AgentMachineState, reply: string): boolean {
  for (const id in state.responses) if (state.responses[id]!.reply === reply) return true;
  return false;
}
