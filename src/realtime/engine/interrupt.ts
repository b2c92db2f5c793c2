import { byId } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { Ms } from '../contract.js';
import { abandon, fail, failAsk, remember, superseded } from './asks.js';
import { type EngineEffect, type EngineState, stopGraceMs } from './state.js';
import { stop } from './stop.js';

/** The application or the caller's voice takes the floor: everything under way and waiting is over. */
export function interrupt(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  const before = state.epoch;
  const response = slot.is === 'running' ? slot.response : null;
  if (slot.is === 'running') stopRunning(state, slot.response, atMs, fx);
  else if (slot.is === 'asked' || slot.is === 'expected') giveUp(slot, fx);
  // Its answer may be on its way behind whatever holds the slot.
  const { unanswered, owed, waiting } = state;
  state.unanswered = none;
  state.owed = none;
  state.waiting = none;
  for (const turn of unanswered) remember(state, 'unwanted', turn);
  for (const { reply } of owed) fail(reply, null, superseded, fx);
  for (const ask of waiting) {
    abandon(state, ask);
    failAsk(ask, superseded, fx);
  }
  if (state.epoch === before) state.epoch += 1;
  fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'us', epoch: state.epoch, response } });
}

/** One reply is not wanted any more; the others go on. */
export function cancelReply(state: EngineState, replyId: string, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  if (slot.is === 'running' && slot.reply.id === replyId) {
    const { response } = slot;
    stopRunning(state, response, atMs, fx);
    fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'us', epoch: state.epoch, response } });
  } else if (slot.is === 'asked' && slot.ask.reply.id === replyId) giveUp(slot, fx);
  else if (slot.is === 'expected' && slot.reply.id === replyId) giveUp(slot, fx);
  const ask = state.waiting.find(({ reply }) => reply.id === replyId);
  if (ask === undefined) return;
  state.waiting = allBut(state.waiting, ask);
  abandon(state, ask);
  failAsk(ask, superseded, fx);
}

/** asked->interrupt->asked(unwanted): a create cannot be taken back, so the slot is held until it begins, and ends. */
function giveUp(slot: Extract<EngineState['slot'], { is: 'asked' | 'expected' }>, fx: EngineEffect[]): void {
  if (slot.unwanted) return;
  slot.unwanted = true;
  if (slot.is === 'asked') failAsk(slot.ask, superseded, fx);
  else fail(slot.reply, null, superseded, fx);
}

function stopRunning(state: EngineState, response: string, atMs: Ms, fx: EngineEffect[]): void {
  const running = byId(state.responses, response);
  if (running === undefined) return;
  // Where the server cuts by itself at the user's first word, a second cancel would only be refused.
  const serverCuts = state.autoCut && state.userSpeaking && !running.overSpeech;
  if (!serverCuts) return stop(state, response, atMs, fx);
  if (running.epoch === state.epoch) state.epoch += 1;
  state.slot = { is: 'ending', response, reply: running.reply, deadlineMs: atMs + stopGraceMs };
}
