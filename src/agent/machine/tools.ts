import { isPlaying } from '../playout.js';
import type { AgentEffect, AgentInput, AgentMachineState, CallState, InterruptedBy } from './state.js';

export function call(
  state: AgentMachineState,
  { response, call, name, args }: Extract<AgentInput, { t: 'call' }>,
  fx: AgentEffect[],
): void {
  // A wire that names no response asks beside all of them.
  state.responses[response] ??= { reply: '', ended: true, aside: false, cut: false };
  state.calls.push({ call, name, args, response });
  fx.push({ t: 'run_tool', call, name, args });
}

export function toolDone(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'tool_done' }>,
  fx: AgentEffect[],
): void {
  const call = state.calls.find((other) => other.call === input.call);
  // Withdrawn meanwhile: its result is dropped.
  if (call === undefined) return;
  call.result = { output: input.output, isError: input.isError };
  answerTools(state, call.response, fx);
}

/** The model took the call back: no answer is owed, and a late result finds nothing. */
export function withdraw(state: AgentMachineState, call: string, fx: AgentEffect[]): void {
  const index = state.calls.findIndex((other) => other.call === call);
  if (index < 0) return;
  const [gone] = state.calls.splice(index, 1);
  fx.push({ t: 'abort_tool', call });
  if (gone !== undefined) answerTools(state, gone.response, fx);
}

/** Once a response has ended and all its tools have: every result in one go, then one follow-up. */
export function answerTools(state: AgentMachineState, responseId: string, fx: AgentEffect[]): void {
  const response = state.responses[responseId];
  if (response?.ended !== true) return;
  const calls = state.calls.filter((call) => call.response === responseId);
  if (calls.length === 0 || calls.some((call) => call.result === undefined)) return;
  const reply = state.replies[response.reply];
  const speak = !response.aside && mayGoOn(state, reply?.interrupted ?? null);
  calls.forEach((call, index) => {
    fx.push(answer(call, index < calls.length - 1, speak));
  });
  fx.push({ t: 'tools_executed', calls });
  state.calls = state.calls.filter((call) => call.response !== responseId);
  if (!speak) return;
  if (reply !== undefined) reply.followUp = true;
  if (state.toolReply === 'asked') {
    fx.push({ t: 'follow_up', reply: reply === undefined ? null : response.reply });
  }
}

/** After a barge-in the result is kept; it is spoken of only if nothing else is being said or about to be. */
function mayGoOn(state: AgentMachineState, interrupted: InterruptedBy | null): boolean {
  if (interrupted === null) return true;
  if (interrupted === 'application') return false;
  return !state.replying && state.user === 'listening' && !isPlaying(state.playout);
}

function answer(call: CallState, more: boolean, speak: boolean): AgentEffect {
  const { output, isError } = call.result!;
  return {
    t: 'answer',
    call: call.call,
    name: call.name,
    output,
    isError,
    more,
    then: speak ? 'speak' : 'wait',
  };
}
