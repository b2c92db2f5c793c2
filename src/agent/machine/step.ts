import { append, isPlaying } from '../playout.js';
import { cleared, interrupt, playback, settleDoneItems, settleReplies } from './floor.js';
import type { AgentEffect, AgentInput, AgentMachineState } from './state.js';
import { answerTools, toolDone, withdraw } from './tools.js';

/** The agent's one machine. A barge-in touches model, playout, items and states in this order, on every wire. */
export function agentStep(state: AgentMachineState, input: AgentInput, fx: AgentEffect[]): void {
  state.replying = input.replying;
  if (input.t === 'audio') {
    // The hot path: decides nothing.
    append(state.playout, input.item, input.part, input.durationMs);
    const item = state.items[input.item];
    if (item !== undefined) {
      item.writtenMs += input.durationMs;
      const reply = state.replies[item.reply];
      if (reply !== undefined)
        reply.endMs = state.playout.clearing ? Number.POSITIVE_INFINITY : state.playout.lineMs;
    }
    if (state.agent !== 'speaking') derive(state, fx);
    return;
  }
  decide(state, input, fx);
  settleReplies(state, fx);
  derive(state, fx);
}

function decide(
  state: AgentMachineState,
  input: Exclude<AgentInput, { t: 'audio' }>,
  fx: AgentEffect[],
): void {
  switch (input.t) {
    case 'speech':
      return speech(state, input, fx);
    case 'generation':
      return generation(state, input, fx);
    case 'part':
      return part(state, input, fx);
    case 'call':
      if (state.responses[input.response] === undefined) return;
      state.calls.push({ call: input.call, name: input.name, response: input.response });
      fx.push({ t: 'run_tool', call: input.call, name: input.name, args: input.args });
      return;
    case 'withdrawn':
      return withdraw(state, input.call, fx);
    case 'tool_done':
      return toolDone(state, input, fx);
    case 'playback':
      return playback(state, input, fx);
    case 'cleared':
      return cleared(state, input, fx);
    case 'interrupt':
      return interrupt(state, input.by, fx);
    case 'server_interrupted':
      return interrupt(state, 'server', fx);
    case 'reply_failed': {
      const reply = state.replies[input.reply];
      if (reply !== undefined) reply.followUp = false;
      else fx.push({ t: 'reply_done', reply: input.reply, interrupted: true });
      return;
    }
  }
}

function speech(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'speech' }>,
  fx: AgentEffect[],
): void {
  const to = input.edge === 'start' ? 'speaking' : 'listening';
  if (to === state.user) return;
  fx.push({ t: 'user_state', from: state.user, to });
  state.user = to;
  if (to === 'listening') {
    state.unanswered = { turn: input.turn, endedMs: input.voiceEndedMs };
  } else {
    state.unanswered = null;
    if (state.interruptible && (isPlaying(state.playout) || speaks(state))) interrupt(state, 'user', fx);
  }
}

/** A response of the conversation is under way. */
function speaks(state: AgentMachineState): boolean {
  for (const id in state.responses) {
    const response = state.responses[id]!;
    if (!response.ended && !response.aside && state.replies[response.reply]?.interrupted !== true)
      return true;
  }
  return false;
}

function generation(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'generation' }>,
  fx: AgentEffect[],
): void {
  if (input.phase === 'created') {
    state.responses[input.response] = { reply: input.reply, ended: false, aside: input.aside };
    const reply = state.replies[input.reply];
    if (reply === undefined) {
      state.replies[input.reply] = { responses: 1, followUp: false, interrupted: false, endMs: 0 };
    } else {
      reply.responses += 1;
      reply.followUp = false;
    }
    return;
  }
  const response = state.responses[input.response];
  if (response === undefined) return;
  response.ended = true;
  const reply = state.replies[response.reply];
  if (reply !== undefined) {
    reply.responses -= 1;
    if (input.outcome === 'cancelled') reply.interrupted = true;
  }
  if (!response.aside) fx.push({ t: 'flush_playout' });
  answerTools(state, input.response, fx);
  settleDoneItems(state, fx);
  if (!state.calls.some((call) => call.response === input.response)) delete state.responses[input.response];
}

function part(state: AgentMachineState, input: Extract<AgentInput, { t: 'part' }>, fx: AgentEffect[]): void {
  const response = state.responses[input.response];
  if (response === undefined || response.aside) return;
  const item = state.items[input.item];
  if (input.phase === 'started') {
    if (item === undefined) {
      state.items[input.item] = { reply: response.reply, kind: input.kind, writtenMs: 0, done: false };
    } else item.done = false;
  } else if (item !== undefined) {
    item.done = true;
    settleDoneItems(state, fx);
  }
}

/** States are derived, never leased. */
function derive(state: AgentMachineState, fx: AgentEffect[]): void {
  const to = isPlaying(state.playout)
    ? 'speaking'
    : state.replying || state.calls.some((call) => call.result === undefined)
      ? 'thinking'
      : 'listening';
  if (to === state.agent) return;
  fx.push({ t: 'agent_state', from: state.agent, to });
  state.agent = to;
}
