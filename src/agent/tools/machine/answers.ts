import { byId } from '../../../core/index.js';
import type { AgentEffect, AgentMachineState, ReplyState } from '../../machine/state.js';
import { isPlaying } from '../../playout.js';
import type { CallState } from './state.js';

/**
 * Once a response has ended and each of its calls has a result or a placeholder: all of them in one go, then one follow-up.
 */
export function answerTools(state: AgentMachineState, responseId: string, fx: AgentEffect[]): void {
  const response = byId(state.responses, responseId);
  if (response?.ended !== true) return;
  const calls = state.calls.filter((one) => one.response === responseId);
  if (calls.length === 0 || calls.some((one) => one.result === undefined)) return;
  const reply = byId(state.replies, response.reply);
  const speak = !response.aside && mayGoOn(state, reply, calls);
  calls.forEach((one, index) => {
    fx.push(answer(one, index < calls.length - 1, speak));
  });
  // The state's own objects go on changing.
  fx.push({ t: 'tools_executed', calls: calls.map((one) => ({ ...one })) });
  state.calls = state.calls.filter((one) => one.response !== responseId);
  state.background = state.background.concat(calls.filter(({ work }) => work !== 'over'));
  if (reply !== undefined) reply.steps += 1;
  if (!speak) return;
  if (reply !== undefined) reply.followUp = true;
  if (state.toolReply === 'auto' && !calls.some(({ foreign }) => foreign)) return;
  const tools = (reply?.steps ?? 0) <= state.maxToolSteps;
  fx.push({ t: 'follow_up', reply: reply === undefined ? null : response.reply, tools });
}

/** The model was told something that the agent shall speak of as soon as there is room. */
export function owe(state: AgentMachineState): void {
  state.owed = 'telling';
}

/** Nothing is waited for any more but the other agent. */
export function handsOver(state: AgentMachineState, id: string): void {
  for (const one of [...state.calls, ...state.background]) if (one.call === id) one.dueMs = null;
}

/** Whoever took over speaks: as soon as there is room, or, while calls beside this one are open, when all are answered. */
export function handedOver(state: AgentMachineState, id: string): void {
  const open = state.calls.find(({ call }) => call === id);
  if (open === undefined) state.owed = 'told';
  else open.silent = false;
}

/** The model has what it was told: whatever it begins to say from here on is about that, too. */
export function told(state: AgentMachineState): void {
  if (state.owed === 'telling') state.owed = 'told';
}

/** The model begins to speak, of its own accord or because it was asked. */
export function spokenOf(state: AgentMachineState): void {
  if (state.owed === 'told') state.owed = 'nothing';
}

/** There is room: what is owed can be said. */
export function payWhatIsOwed(state: AgentMachineState, fx: AgentEffect[]): void {
  if (state.owed !== 'told' || !hasRoom(state)) return;
  state.owed = 'nothing';
  fx.push({ t: 'follow_up', reply: null, tools: true });
}

/** Nobody speaks, or is about to. */
export function hasRoom(state: AgentMachineState): boolean {
  const isSaying = state.current !== null || state.waiting.length > 0;
  return !state.replying && !isSaying && state.user !== 'speaking' && !isPlaying(state.playout);
}

/** Whether the reply goes on at once. What comes late waits for room, where anybody shall speak of it at all. */
function mayGoOn(
  state: AgentMachineState,
  reply: ReplyState | undefined,
  calls: readonly CallState[],
): boolean {
  if (reply?.interrupted === 'application') return false;
  // It has been told once before that it shall answer with what it knows.
  if (reply !== undefined && reply.steps > state.maxToolSteps) return false;
  const wasInterrupted = reply !== undefined && reply.interrupted !== null;
  const isLate = (one: CallState) => one.late || wasInterrupted;
  // A placeholder is nothing to speak of late: the result follows.
  const isSpoken = (one: CallState) => !isLate(one) || (one.plan.late === 'speak' && one.work === 'over');
  const spoken = calls.filter((one) => !one.silent && isSpoken(one));
  if (spoken.length === 0) return false;
  if (!spoken.some(isLate) || hasRoom(state)) return true;
  if (state.toolReply === 'asked') owe(state);
  return false;
}

function answer(one: CallState, more: boolean, speak: boolean): AgentEffect {
  const { call, name, args } = one;
  const { output, isError } = one.result ?? { output: '', isError: true };
  return { t: 'answer', call, name, args, output, isError, more, then: speak ? 'speak' : 'wait' };
}
