import { byId } from '../../core/index.js';
import { allBut } from '../../core/none.js';
import type { Ms, ResponseStatus } from '../contract.js';
import { abandon, fail, failAsk, remember } from './asks.js';
import { deadAir } from './dead-air.js';
import { lineDeadline, lineWake } from './line.js';
import { ended, release } from './slot.js';
import {
  type EngineEffect,
  type EngineState,
  quietResponseMs,
  type ReplyLimit,
  rebindGraceMs,
  without,
} from './state.js';
import { stop } from './stop.js';
import { settle } from './turns.js';

/** When the machine wants to be woken; Infinity: it waits for nothing. */
export function nextDeadline(state: EngineState): Ms {
  let next = limitDeadline(state, lineDeadline(state));
  if (state.phase !== 'open') return next;
  if ('deadlineMs' in state.slot) next = Math.min(next, state.slot.deadlineMs);
  for (const cmd in state.aside) next = Math.min(next, state.aside[cmd]!.deadlineMs);
  for (const { heardMs } of state.responses) next = Math.min(next, heardMs + quietResponseMs);
  for (const { replayedUntilMs } of state.turns)
    if (replayedUntilMs !== null) next = Math.min(next, replayedUntilMs);
  return next;
}

/** Replies with a time of their own, whatever they wait for. */
function limitDeadline({ slot, waiting, aside }: EngineState, beforeMs: Ms): Ms {
  let next = beforeMs;
  for (const { limit } of waiting) if (limit !== null) next = Math.min(next, limit.byMs);
  for (const cmd in aside) next = Math.min(next, aside[cmd]!.limit?.byMs ?? next);
  if (slot.is === 'asked' && !slot.unwanted) next = Math.min(next, slot.ask.limit?.byMs ?? next);
  return next;
}

/** Every wait has an end. */
export function wake(
  state: EngineState,
  { atMs, silentMs }: { atMs: Ms; silentMs: Ms },
  fx: EngineEffect[],
): void {
  lineWake(state, atMs, fx);
  wakeLimited(state, atMs, fx);
  if (state.phase !== 'open') return;
  wakeTurns(state, atMs, silentMs, fx);
  wakeSlot(state, atMs, silentMs, fx);
  for (const cmd of Object.keys(state.aside)) {
    if (state.aside[cmd]!.deadlineMs <= atMs) failAside(state, cmd, fx);
  }
  for (const { id, heardMs } of [...state.responses]) {
    if (heardMs + quietResponseMs > atMs || byId(state.responses, id) === undefined) continue;
    stop(state, id, atMs, fx);
    infer(state, id, 'failed', `Nothing came of it for ${quietResponseMs} ms`, atMs, fx);
  }
}

/** Their time is over, whatever they wait for. What of them was sent and still begins is stopped. */
function wakeLimited(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { slot, waiting, aside } = state;
  const isOver = (limit: ReplyLimit | null) => limit !== null && limit.byMs <= atMs;
  for (const ask of waiting.filter(({ limit }) => isOver(limit))) {
    state.waiting = allBut(state.waiting, ask);
    abandon(state, ask);
    failAsk(ask, notBegun(state, ask.limit), fx);
  }
  for (const cmd of Object.keys(aside)) if (isOver(aside[cmd]!.limit)) failAside(state, cmd, fx);
  if (slot.is !== 'asked' || slot.unwanted || !isOver(slot.ask.limit)) return;
  slot.unwanted = true;
  failAsk(slot.ask, notBegun(state, slot.ask.limit), fx);
}

function failAside(state: EngineState, cmd: string, fx: EngineEffect[]): void {
  const { reply, limit } = state.aside[cmd]!;
  state.aside = without(state.aside, cmd);
  remember(state, 'abandoned', cmd);
  fail(reply, cmd, notBegun(state, limit), fx);
}

/** A turn that was heard on an earlier link, and by this one not at all. */
function wakeTurns(state: EngineState, atMs: Ms, silentMs: Ms, fx: EngineEffect[]): void {
  for (const open of [...state.turns]) {
    if (open.replayedUntilMs === null || open.replayedUntilMs > atMs) continue;
    // A far end that has given no sign of life since has not judged it.
    open.replayedUntilMs = silentMs >= rebindGraceMs ? atMs + rebindGraceMs : null;
    if (open.replayedUntilMs !== null) continue;
    if (!state.can.hears || state.byHand || open.committed || open.settled) continue;
    const { turn } = open;
    settle(state, open);
    if (state.turn === turn) state.userSpeaking = false;
    fx.push({ t: 'emit', event: { t: 'speech', edge: 'discarded', turn, basis: 'local' } });
  }
}

function wakeSlot(state: EngineState, atMs: Ms, silentMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  if (!('deadlineMs' in slot) || slot.deadlineMs > atMs) return;
  // It is not the model that does not answer.
  if (silentMs >= deafMs(state) && slot.is !== 'ending') {
    slot.deadlineMs = atMs + state.replyTimeoutMs;
    fx.push({ t: 'drop_link' });
    return;
  }
  switch (slot.is) {
    case 'asked':
      // asked->deadline->free: should it still begin, it is stopped
      abandon(state, slot.ask);
      failAsk(slot.ask, notBegun(state, slot.ask.limit), fx);
      return release(state, atMs, fx);
    case 'expected':
      // expected->deadline->free
      if (!slot.unwanted && !slot.wordless && deadAir(state, slot, atMs, fx)) return;
      if (slot.wordless) fx.push({ t: 'notice', notice: { t: 'unanswered', reply: slot.reply } });
      else if (!slot.unwanted) fail(slot.reply, null, notBegun(state, null), fx);
      return release(state, atMs, fx);
    case 'ending':
      // ending->deadline->free: the server never confirmed
      return infer(state, slot.response, 'cancelled', '', atMs, fx);
  }
}

/** The wire did not say that it is over. */
function infer(
  state: EngineState,
  response: string,
  status: ResponseStatus,
  reason: string,
  atMs: Ms,
  fx: EngineEffect[],
): void {
  ended(state, { t: 'response', phase: 'ended', response, status, reason, basis: 'inferred' }, atMs, fx);
}

function notBegun(
  { replyTimeoutMs }: EngineState,
  limit: ReplyLimit | null,
): { code: string; message: string } {
  const timeoutMs = limit?.timeoutMs ?? replyTimeoutMs;
  return { code: 'reply_timeout', message: `The model did not begin to answer within ${timeoutMs} ms` };
}

/** A link that was silent nearly all of a reply's time is gone. */
function deafMs({ replyTimeoutMs }: EngineState): Ms {
  return replyTimeoutMs * 0.75;
}
