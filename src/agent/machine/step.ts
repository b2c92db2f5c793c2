import { byId, type Ms } from '../../core/index.js';
import { append, isPlaying } from '../playout.js';
import { answerTools, payWhatIsOwed, spokenOf } from '../tools/machine/answers.js';
import { turnPassed } from '../tools/machine/calls.js';
import { toolStep } from '../tools/machine/index.js';
import { isWaitedFor } from '../tools/machine/park.js';
import { toolWaits } from '../tools/machine/waits.js';
import { cleared, interrupt, interruptReply, modelInterrupted, over, playback, takeFloor } from './floor.js';
import { held, hold, resume } from './hold.js';
import { closeItems, coming, loseItems, part, settleItems } from './items.js';
import { serving } from './serving.js';
import { ask, done, nextSpeech, saidAll, speaks } from './speeches.js';
import type { AgentEffect, AgentInput, AgentMachineState } from './state.js';
import { sweep } from './sweep.js';

type InputOf<T extends AgentInput['t']> = Extract<AgentInput, { t: T }>;

/** The agent's one machine. A barge-in touches model, playout, items and states in this order, on every wire. */
export function agentStep(state: AgentMachineState, input: AgentInput, fx: AgentEffect[]): void {
  state.replying = input.replying;
  if (input.t === 'audio') {
    // The hot path: decides nothing.
    written(state, input.item, input.part, input.durationMs);
    if (state.agent !== 'speaking') derive(state, fx);
    return;
  }
  decide(state, input, fx);
  // A model is there before the far end is: nobody could be told yet that the agent listens.
  if (input.t === 'serving' && state.agent === 'initializing') return;
  payWhatIsOwed(state, fx);
  sweep(state, fx);
  nextSpeech(state, fx);
  toolWaits(state, input.atMs, fx);
  derive(state, fx);
}

/** A frame of what is being spoken already: no state changes but what is counted, so the runner may do without an input. */
export function goesOn(state: AgentMachineState, item: string, part: number, durationMs: Ms): boolean {
  if (state.agent !== 'speaking') return false;
  const known = byId(state.items, item);
  if (known?.part !== part) return false;
  append(state.playout, item, part, durationMs);
  known.writtenMs += durationMs;
  return true;
}

/** Whether audio of the response is for the caller's ear. */
export function isForCaller(state: AgentMachineState, response: string): boolean {
  const known = byId(state.responses, response);
  return known !== undefined && !known.aside && !known.cut;
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
      if (input.phase === 'created') return created(state, input);
      return ended(state, input, fx);
    case 'ask':
      return ask(state, input);
    case 'part':
      return part(state, input, fx);
    case 'coming':
      return coming(state, input, fx);
    case 'playback':
      return playback(state, input, fx);
    case 'cleared':
      if (held(state, input.playedMs, fx)) return;
      return cleared(state, input.playedMs, fx);
    case 'hold':
      return hold(state, fx);
    case 'resume':
      return resume(state, fx);
    case 'take_floor':
      return takeFloor(state, input.late, fx);
    case 'dismiss':
      if (state.unanswered?.turn === input.turn) state.unanswered = null;
      return;
    case 'interrupt':
      return interrupt(state, input.by ?? 'application', fx, input.force);
    case 'interrupt_reply':
      return interruptReply(state, input.reply, fx);
    case 'model_interrupted':
      return modelInterrupted(state, input, fx);
    case 'serving':
      return serving(state, input.toolReply, fx);
    case 'away':
      if (state.user !== 'listening') return;
      fx.push({ t: 'user_state', from: state.user, to: 'away' });
      state.user = 'away';
      return;
    case 'over':
      return over(state, fx);
    case 'reply_failed': {
      const reply = byId(state.replies, input.reply);
      saidAll(state, input.reply);
      if (reply !== undefined) reply.followUp = false;
      else done(state, input.reply, true, fx);
      return;
    }
    case 'refresh':
      return;
    default:
      return toolStep(state, input, fx);
  }
}

function written(state: AgentMachineState, id: string, part: number, durationMs: Ms): void {
  append(state.playout, id, part, durationMs);
  const item = byId(state.items, id);
  if (item === undefined) return;
  if (item.part !== part) {
    item.part = part;
    item.writtenMs = 0;
    item.heardMs = 0;
  }
  item.writtenMs += durationMs;
}

function speech(state: AgentMachineState, input: InputOf<'speech'>, fx: AgentEffect[]): void {
  const to = input.edge === 'start' ? 'speaking' : 'listening';
  if (to === state.user) return;
  fx.push({ t: 'user_state', from: state.user, to });
  state.user = to;
  const isTurn = input.edge === 'stop';
  state.unanswered = isTurn ? { turn: input.turn, endedMs: input.voiceEndedMs } : null;
  if (to === 'speaking' && state.interruptible && hasFloor(state)) {
    interrupt(state, 'user', fx);
  }
  // Where a policy decides, it tells (`turn_passed`) which of them are turns.
  if (isTurn && state.interruptible) turnPassed(state, fx);
}

/** The agent says something, is about to, or waits to be heard. */
export function hasFloor(state: AgentMachineState): boolean {
  return isPlaying(state.playout) || speaks(state) || isComing(state);
}

function created(
  state: AgentMachineState,
  {
    reply: replyId,
    response,
    aside,
    own = false,
  }: Extract<AgentInput, { t: 'generation'; phase: 'created' }>,
): void {
  const fresh = { id: response, reply: replyId, ended: false, aside, cut: false, own };
  state.responses = state.responses.filter(({ id }) => id !== response).concat(fresh);
  if (!aside && !own) spokenOf(state);
  const reply = byId(state.replies, replyId);
  if (reply !== undefined) reply.followUp = false;
  else state.replies = state.replies.concat({ id: replyId, followUp: false, interrupted: null, steps: 0 });
}

function ended(
  state: AgentMachineState,
  { response: id, again, lost }: Extract<AgentInput, { t: 'generation'; phase: 'ended' }>,
  fx: AgentEffect[],
): void {
  const response = byId(state.responses, id);
  if (response === undefined) return;
  response.ended = true;
  saidAll(state, response.reply);
  const reply = byId(state.replies, response.reply);
  if (again && reply !== undefined && reply.interrupted === null) reply.followUp = true;
  if (lost) loseItems(state, id);
  closeItems(state, id);
  if (!response.aside && !response.cut) fx.push({ t: 'flush_playout', response: id });
  answerTools(state, id, fx);
  settleItems(state, fx);
}

/** States are derived, never leased. */
function derive(state: AgentMachineState, fx: AgentEffect[]): void {
  const isSpeaking = isPlaying(state.playout) || isInMidSpeech(state);
  const isThinking = state.replying || isPreparing(state);
  const busy = isSpeaking ? 'speaking' : isThinking ? 'thinking' : 'listening';
  // In a pause it listens.
  const to = state.playout.hold === null ? busy : 'listening';
  if (to === state.agent) return;
  fx.push({ t: 'agent_state', from: state.agent, to });
  state.agent = to;
}

/**
 * What it is saying has more to come, and the far end has only played faster than that came: a gap between two frames is no
 * change of state. Where a tool holds it up, it thinks.
 */
function isInMidSpeech(state: AgentMachineState): boolean {
  const { agent, playout, items, calls } = state;
  const segment = playout.segments[playout.segments.length - 1];
  if (agent !== 'speaking' || segment === undefined) return false;
  const item = byId(items, segment.item);
  if (item === undefined || item.cut || item.lost || (item.done && !item.coming)) return false;
  return !calls.some(isWaitedFor);
}

/** Something else than the model is worked on: tools, speeches that wait, audio that is being made or held back. */
function isPreparing(state: AgentMachineState): boolean {
  if (state.waiting.length > 0 || state.current !== null || isComing(state)) return true;
  return state.calls.some(isWaitedFor);
}

function isComing({ items }: AgentMachineState): boolean {
  for (const { coming, cut } of items) if (coming && !cut) return true;
  return false;
}
