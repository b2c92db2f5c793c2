import type { Ms, ResponseStatus } from '../contract.js';
import { abandon, fail, failAsk, remember } from './asks.js';
import { ended, release } from './slot.js';
import { type EngineEffect, type EngineState, quietResponseMs } from './state.js';
import { stop } from './stop.js';

/** When the machine wants to be woken; Infinity: it waits for nothing. */
export function nextDeadline(state: EngineState): Ms {
  let next = 'deadlineMs' in state.slot ? state.slot.deadlineMs : Infinity;
  for (const cmd in state.aside) next = Math.min(next, state.aside[cmd]!.deadlineMs);
  for (const id in state.responses) next = Math.min(next, state.responses[id]!.heardMs + quietResponseMs);
  return next;
}

/** Every wait has an end. */
export function wake(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  wakeSlot(state, atMs, fx);
  for (const cmd of Object.keys(state.aside)) {
    const { reply, deadlineMs } = state.aside[cmd]!;
    if (deadlineMs > atMs) continue;
    delete state.aside[cmd];
    remember(state.abandoned, cmd);
    fail(reply, cmd, notBegun(state), fx);
  }
  for (const id of Object.keys(state.responses)) {
    const response = state.responses[id];
    if (response === undefined || response.heardMs + quietResponseMs > atMs) continue;
    stop(state, id, atMs, fx);
    infer(state, id, 'failed', `Nothing came of it for ${quietResponseMs} ms`, atMs, fx);
  }
}

function wakeSlot(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  if (!('deadlineMs' in slot) || slot.deadlineMs > atMs) return;
  switch (slot.is) {
    case 'asked':
      // asked->deadline->free: should it still begin, it is stopped
      abandon(state, slot.ask);
      failAsk(slot.ask, notBegun(state), fx);
      return release(state, atMs, fx);
    case 'expected':
      // expected->deadline->free
      if (slot.wordless) fx.push({ t: 'notice', notice: { t: 'unanswered', reply: slot.reply } });
      else if (!slot.unwanted) fail(slot.reply, null, notBegun(state), fx);
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

function notBegun({ replyTimeoutMs }: EngineState): { code: string; message: string } {
  return { code: 'reply_timeout', message: `The model did not begin to answer within ${replyTimeoutMs} ms` };
}
