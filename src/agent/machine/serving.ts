import { answerTools } from '../tools/machine/answers.js';
import { closeItems, loseItems, settleItems } from './items.js';
import { forgetCurrent, saidAll } from './speeches.js';
import type { AgentEffect, AgentMachineState } from './state.js';

/**
 * Another model serves from here on: nothing more comes of what the one before was saying or owed, but its tools may still be
 * at work. Who speaks to it is heard anew.
 */
export function serving(state: AgentMachineState, toolReply: 'auto' | 'asked', fx: AgentEffect[]): void {
  state.toolReply = toolReply;
  forgetCurrent(state, fx);
  for (const one of state.calls) one.foreign = true;
  for (const reply of state.replies) reply.followUp = false;
  for (const response of state.responses) {
    if (response.ended || response.own) continue;
    response.ended = true;
    saidAll(state, response.reply);
    response.cut = true;
    loseItems(state, response.id);
    closeItems(state, response.id);
    answerTools(state, response.id, fx);
  }
  settleItems(state, fx);
  state.unanswered = null;
  if (state.user !== 'speaking') return;
  fx.push({ t: 'user_state', from: state.user, to: 'listening' });
  state.user = 'listening';
}
