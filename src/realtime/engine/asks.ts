import type { Event, Ms } from '../contract.js';
import {
  type Ask,
  type EngineEffect,
  type EngineState,
  type Reply,
  type ReplyLimit,
  waitingLimit,
} from './state.js';

/** Sends a create, under an id of its own where it was sent before: an id is answered once. */
export function sendAsk(ask: Ask, fx: EngineEffect[]): void {
  ask.tries += 1;
  if (ask.tries > 1) ask.command = { ...ask.command, cmd: `${ask.cmd}.${ask.tries}` };
  ask.inFlight = true;
  fx.push({ t: 'send', command: ask.command });
}

/** The create that went out under this id and has not begun. */
export function askOf(state: EngineState, cmd: string): Ask | undefined {
  const { slot } = state;
  if (slot.is === 'asked' && slot.ask.command.cmd === cmd) return slot.ask;
  return state.waiting.find((ask) => ask.inFlight && ask.command.cmd === cmd);
}

/** An answer under the id that its asker knows. */
export function ackForAsker(state: EngineState, ack: Extract<Event, { t: 'ack' }>): Event {
  const ask = askOf(state, ack.cmd);
  return ask === undefined || ask.own || ask.cmd === ack.cmd ? ack : { ...ack, cmd: ask.cmd };
}

/** Nobody wants it any more; what it may still bring is stopped. */
export function abandon(state: EngineState, ask: Ask): void {
  if (ask.inFlight) remember(state, 'abandoned', ask.command.cmd);
}

/** Ids that may never be answered. */
type Remembered = 'abandoned' | 'ownStops' | 'unanswered' | 'unwanted';

/** The oldest make room. */
export function remember(state: EngineState, list: Remembered, id: string): void {
  state[list] = state[list].slice(1 - waitingLimit).concat(id);
}

/** True, once, for an id of the list. */
export function forget(state: EngineState, list: Remembered, id: string): boolean {
  const isThere = state[list].includes(id);
  if (isThere) state[list] = state[list].filter((other) => other !== id);
  return isThere;
}

export function fail(
  reply: Reply,
  cmd: string | null,
  error: { code: string; message: string; param?: string },
  fx: EngineEffect[],
): void {
  const { code, message, param } = error;
  const more = param === undefined ? {} : { param };
  fx.push({ t: 'notice', notice: { t: 'reply_failed', reply, cmd, code, message, ...more } });
}

/** Tells the asker, once. */
export function failAsk(
  ask: Ask,
  error: { code: string; message: string; param?: string },
  fx: EngineEffect[],
): void {
  if (ask.failed) return;
  ask.failed = true;
  fail(ask.reply, ask.own ? null : ask.cmd, error, fx);
}

/** When a create that goes out now must have begun. */
export function dueMs(state: EngineState, limit: ReplyLimit | null, atMs: Ms): Ms {
  return limit?.byMs ?? atMs + state.replyTimeoutMs;
}

export const superseded = { code: 'superseded', message: 'Interrupted before it began' };
