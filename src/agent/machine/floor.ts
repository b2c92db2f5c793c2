import { byId, type Ms } from '../../core/index.js';
import { allBut } from '../../core/none.js';
import { advance, beginClear, endClear, type Heard, isClearing, isPlaying, isUnplayed } from '../playout.js';
import { interruptCalls } from '../tools/machine/calls.js';
import { cutItems, heard, settleItems } from './items.js';
import { forget, forgetAll, forgetCurrent, isShielded } from './speeches.js';
import type { AgentEffect, AgentInput, AgentMachineState, InterruptedBy, ResponseState } from './state.js';

/** Takes the floor from the agent: the model is stopped, the far end silenced; `cleared` brings the exact position. */
export function interrupt(
  state: AgentMachineState,
  by: InterruptedBy,
  fx: AgentEffect[],
  force = false,
): void {
  if (!force && hasShielded(state)) return interruptOthers(state, by, fx);
  if (by !== 'server') {
    fx.push({ t: 'stop_model' });
    forgetAll(state, force, fx);
    forgetCurrent(state, fx);
  }
  if (force) state.shielded = [];
  silence(state, by, fx);
}

/** The caller has the floor. `late`: their turn is over, and what the model may already do about that is left alone. */
export function takeFloor(state: AgentMachineState, late: boolean, fx: AgentEffect[]): void {
  if (!late) return interrupt(state, 'user', fx);
  if (hasShielded(state)) return interruptOthers(state, 'user', fx);
  for (const { id: reply } of state.replies) fx.push({ t: 'cancel_reply', reply });
  forgetAll(state, false, fx);
  silence(state, 'user', fx);
}

/** A shielded speech goes on; the line holds nothing but it, or nothing of it. */
function interruptOthers(state: AgentMachineState, by: InterruptedBy, fx: AgentEffect[]): void {
  let isNews = by !== 'server' && forgetAll(state, false, fx);
  for (const response of state.responses) {
    const { reply } = response;
    if (isShielded(state, reply) || !cutResponse(state, response)) continue;
    isNews = true;
    endReply(state, reply, by);
    if (by !== 'server') fx.push({ t: 'cancel_reply', reply });
  }
  if (isPlaying(state.playout) && !isShieldedPlaying(state)) clearPlayout(state, fx);
  if (isNews) tellInterrupted(state, by, fx);
  settleItems(state, fx);
}

/** The model's side is stopped: what it said before is void, here and at the far end. */
export function silence(state: AgentMachineState, by: InterruptedBy, fx: AgentEffect[]): void {
  const playing = isPlaying(state.playout);
  // Replies that wait in the engine are forgotten with the others.
  const isNews = cutAll(state, by) || playing || (state.replying && by !== 'server');
  if (playing || state.playout.hold !== null) clearPlayout(state, fx);
  if (isNews) tellInterrupted(state, by, fx);
  interruptCalls(state, by, fx);
  settleItems(state, fx);
}

/** In a pause the far end is silent already, or about to be, and says where: what is kept is only let go. */
function clearPlayout(state: AgentMachineState, fx: AgentEffect[]): void {
  const { playout } = state;
  const { hold } = playout;
  playout.hold = null;
  beginClear(playout);
  fx.push({ t: hold === null ? 'clear_playout' : 'drop_playout' });
  if (hold === 'held') cleared(state, playout.playedMs, fx);
}

function tellInterrupted(state: AgentMachineState, by: InterruptedBy, fx: AgentEffect[]): void {
  state.epoch += 1;
  fx.push({ t: 'interrupted', by, epoch: state.epoch });
}

/** The call has ended: what the far end reported last is what was heard, and nothing is waited for. */
export function over(state: AgentMachineState, fx: AgentEffect[]): void {
  state.waiting = [];
  state.current = null;
  state.shielded = [];
  cutAll(state, 'application');
  state.playout.hold = null;
  if (isPlaying(state.playout)) beginClear(state.playout);
  while (isClearing(state.playout)) cleared(state, state.playout.playedMs, fx);
  settleItems(state, fx);
  state.calls = [];
  state.background = [];
  state.owed = 'nothing';
  for (const response of state.responses) response.ended = true;
  if (state.user === 'speaking') fx.push({ t: 'user_state', from: 'speaking', to: 'listening' });
  state.user = 'listening';
}

/** One reply is not wanted any more. What is already on its way to the caller's ear cannot be taken out of the rest. */
export function interruptReply(state: AgentMachineState, reply: string, fx: AgentEffect[]): void {
  if (forget(state, reply, fx)) return;
  if (state.current === reply) forgetCurrent(state, fx);
  state.shielded = allBut(state.shielded, reply);
  for (const { id, response } of state.items) {
    if (byId(state.responses, response)?.reply === reply && isUnplayed(state.playout, id)) {
      interrupt(state, 'application', fx);
      return;
    }
  }
  endReply(state, reply, 'application');
  interruptCalls(state, 'application', fx, reply);
  fx.push({ t: 'cancel_reply', reply });
  for (const response of state.responses) {
    // Of these the model has nothing to tell any more.
    if (response.reply === reply && (response.own || response.ended)) cutResponse(state, response);
  }
  settleItems(state, fx);
}

/** The engine stopped a response, or the server did. Of our own interruption everything is known already. */
export function modelInterrupted(
  state: AgentMachineState,
  { by, response }: Extract<AgentInput, { t: 'model_interrupted' }>,
  fx: AgentEffect[],
): void {
  if (by === 'server' && state.weighsCuts) {
    // What was received of it may yet be said.
    fx.push({ t: 'model_cut', response });
    return;
  }
  if (by === 'server' && !hasShielded(state)) {
    interrupt(state, 'server', fx);
    return;
  }
  const known = response === null ? undefined : byId(state.responses, response);
  if (known === undefined || !cutResponse(state, known)) return;
  const { reply } = known;
  const whose = by === 'server' ? 'server' : 'application';
  endReply(state, reply, whose);
  interruptCalls(state, whose, fx, reply);
  for (const item of state.items) {
    if (item.response !== response || !isUnplayed(state.playout, item.id)) continue;
    silence(state, whose, fx);
    return;
  }
  settleItems(state, fx);
}

/** The far end is silent and told what it had played. */
export function cleared(state: AgentMachineState, playedMs: Ms, fx: AgentEffect[]): void {
  const cuts: Heard[] = [];
  endClear(state.playout, playedMs, cuts);
  cutItems(state, cuts, fx);
  const parts: Heard[] = [];
  advance(state.playout, state.playout.toldMs, parts);
  if (parts.length > 0) heard(state, parts, fx);
}

export function playback(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'playback' }>,
  fx: AgentEffect[],
): void {
  if (input.phase === 'started' && state.unanswered !== null) {
    const { turn, endedMs } = state.unanswered;
    fx.push({ t: 'turn_answered', turn, latencyMs: input.atMs - endedMs });
    state.unanswered = null;
  }
  const parts: Heard[] = [];
  advance(state.playout, input.playedMs, parts);
  heard(state, parts, fx);
}

/** Everything of the conversation that is under way; false where nothing was. */
function cutAll(state: AgentMachineState, by: InterruptedBy): boolean {
  let isNews = false;
  for (const response of state.responses) isNews = cutResponse(state, response) || isNews;
  for (const { id } of state.replies) if (!isAside(state, id)) endReply(state, id, by);
  return isNews;
}

/** False where there was nothing left to cut. */
function cutResponse(state: AgentMachineState, response: ResponseState): boolean {
  if (response.aside || response.cut) return false;
  response.cut = true;
  let isNews = !response.ended;
  for (const item of state.items) {
    if (item.response !== response.id || item.settled) continue;
    isNews = true;
    // One that is said to its end may yet be heard to its end, before the far end falls silent.
    if (!item.done || item.coming) item.cut = true;
  }
  return isNews;
}

function endReply(state: AgentMachineState, id: string, by: InterruptedBy): void {
  const reply = byId(state.replies, id);
  if (reply === undefined) return;
  reply.interrupted ??= by;
  reply.followUp = false;
}

function isAside(state: AgentMachineState, reply: string): boolean {
  return state.responses.some((response) => response.reply === reply && response.aside);
}

/** A speech that only force may stop was let through and is not over. */
export function hasShielded({ shielded, waiting }: AgentMachineState): boolean {
  return shielded.some((speech) => !waiting.some((other) => other.speech === speech));
}

/** What the caller hears may be stopped by force only. */
export function isShieldedPlaying(state: AgentMachineState): boolean {
  for (const { id, response } of state.items) {
    const reply = byId(state.responses, response)?.reply ?? '';
    if (isShielded(state, reply) && isUnplayed(state.playout, id)) return true;
  }
  return false;
}
