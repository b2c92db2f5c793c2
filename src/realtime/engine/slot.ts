import { byId } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { Event, Ms } from '../contract.js';
import { askOf, dueMs, fail, failAsk, forget, remember, sendAsk } from './asks.js';
import { claimAside, claimSlot, type Started } from './claim.js';
import { hostedFollowUp } from './hosted.js';
import { withUntold } from './outage.js';
import {
  type Ask,
  type Due,
  type EngineEffect,
  type EngineState,
  newReply,
  type Reply,
  type ReplyCommand,
  type Slot,
  triesLimit,
  waitingLimit,
  without,
  wordlessGraceMs,
} from './state.js';
import { holdsSlot, stop } from './stop.js';
import { onAnswer } from './turns.js';

type Ended = Extract<Event, { t: 'response'; phase: 'ended' }>;
type Refused = Extract<Event, { t: 'refused' }>;

/** A create: sent when the slot is free, else it waits. Never sent into `running`: on some wires that is an interruption. */
export function ask(
  state: EngineState,
  command: ReplyCommand,
  reply: Reply,
  atMs: Ms,
  fx: EngineEffect[],
  timeoutMs?: Ms,
): void {
  const { cmd } = command;
  const limit = timeoutMs === undefined ? null : { timeoutMs, byMs: atMs + timeoutMs };
  if (command.t === 'reply' && command.outOfBand === true) {
    const aside = { reply, command, deadlineMs: dueMs(state, limit, atMs), limit };
    state.aside = { ...state.aside, [cmd]: aside };
    // A link that is ready is told of all of them.
    if (state.phase === 'open') fx.push({ t: 'send', command });
  } else if (state.waiting.length >= waitingLimit) {
    const message = `More than ${waitingLimit} replies are waiting for their turn`;
    fail(reply, cmd, { code: 'illegal_command', message }, fx);
  } else {
    // running->ask->running: it waits
    const fresh = { inFlight: false, tries: 0, failed: false, own: false, limit };
    state.waiting = state.waiting.concat({ reply, cmd, command, ...fresh });
    if (state.slot.is === 'free' && state.phase !== 'reconnecting') release(state, atMs, fx);
  }
}

/** The server will answer a turn by itself. */
export function expectTurn(state: EngineState, reply: Reply, atMs: Ms): void {
  const { slot } = state;
  // Whatever answer comes now is the answer to what was said last, too.
  state.unanswered = state.unwanted.concat(state.unanswered);
  state.unwanted = none;
  if (reply.turn !== null) remember(state, 'unanswered', reply.turn);
  const due: Due = { reply, cmd: null, wordless: false };
  // free->committed->expected; a second turn before the first was answered supersedes it
  if (slot.is === 'free' || (slot.is === 'expected' && slot.cmd === null)) {
    state.slot = expected(state, due, atMs);
  } else if (slot.is === 'ending' || slot.is === 'expected') {
    // ending->committed->ending, then expected: the new turn is answered, not the old one
    state.owed = state.owed.filter((other) => other.cmd !== null).concat(due);
  }
}

/** The server will go on by itself after tool results, as soon as nothing else is said. `cmd`: the last of the answers. */
export function expectContinuation(state: EngineState, reply: Reply, cmd: string, atMs: Ms): void {
  if (state.slot.is === 'free') state.slot = expected(state, { reply, cmd, wordless: false }, atMs);
  else state.owed = state.owed.concat({ reply, cmd, wordless: false });
}

/** The answer was refused: the server will not go on after it. */
export function refusedAnswer(state: EngineState, event: Refused, atMs: Ms, fx: EngineEffect[]): void {
  const { cmd } = event;
  if (cmd === undefined) return;
  const { slot, owed } = state;
  const due = owed.find((one) => one.cmd === cmd);
  if (due !== undefined) {
    state.owed = allBut(owed, due);
    fail(due.reply, null, event, fx);
  }
  if (slot.is !== 'expected' || slot.cmd !== cmd) return;
  // expected->refused(answer)->free
  if (!slot.unwanted) fail(slot.reply, null, event, fx);
  release(state, atMs, fx);
}

/** A turn without words may never be answered: do not hold the slot for it. `graceMs`: how long after all. */
export function expectLess(
  state: EngineState,
  turn: string | undefined,
  atMs: Ms,
  graceMs: Ms = wordlessGraceMs,
): void {
  const { slot } = state;
  const isMeant = (reply: Reply) => reply.cause === 'turn' && (turn === undefined || reply.turn === turn);
  state.owed = state.owed.filter((due) => !isMeant(due.reply));
  if (slot.is !== 'expected' || !isMeant(slot.reply)) return;
  slot.wordless = true;
  slot.deadlineMs = Math.min(slot.deadlineMs, atMs + graceMs);
}

export function started(state: EngineState, event: Started, atMs: Ms, fx: EngineEffect[]): void {
  const { response, outOfBand } = event;
  const { reply, cmd, ask, unwanted } = outOfBand ? claimAside(state, event) : claimSlot(state, event, fx);
  const { epoch, userSpeaking } = state;
  const others = state.responses.filter(({ id }) => id !== response);
  state.responses = others.concat({
    id: response,
    reply,
    epoch,
    outOfBand,
    calls: 0,
    hosted: 0,
    overSpeech: userSpeaking,
    heardMs: atMs,
    ask,
    kind: 'audio',
    item: null,
    samples: 0,
    output: false,
    stopped: false,
  });
  if (!outOfBand) onAnswer(state, response);
  fx.push({ t: 'emit', event: forAsker(event, cmd, ask) });
  fx.push({
    t: 'notice',
    notice: { t: 'generation', phase: 'created', reply, response, outOfBand, epoch, cmd },
  });
  if (!unwanted) return;
  stop(state, response, atMs, fx);
  if (outOfBand) return;
  fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'us', epoch: state.epoch, response } });
}

function forAsker(event: Started, cmd: string | null, ask: Ask | null): Event {
  const { cause } = event;
  if (ask?.own) {
    const { turn } = ask.reply;
    return { ...event, cause: turn === null ? { by: 'wire' } : { by: 'turn', turn } };
  }
  if (cmd === null || cause.by !== 'command' || cause.cmd === cmd) return event;
  return { ...event, cause: { by: 'command', cmd } };
}

export function ended(state: EngineState, event: Ended, atMs: Ms, fx: EngineEffect[]): void {
  const { response, status } = event;
  const running = byId(state.responses, response);
  if (running === undefined) {
    fx.push({ t: 'note', text: `response ${response} ended twice or never started` });
    return;
  }
  state.responses = allBut(state.responses, running);
  const cutByServer = status === 'cancelled' && running.epoch === state.epoch && !running.outOfBand;
  if (cutByServer) {
    state.epoch += 1;
    fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'server', epoch: state.epoch, response } });
  }
  fx.push({ t: 'emit', event });
  const { reply, calls } = running;
  const next = hostedFollowUp(state, response, running, status);
  if (next !== undefined) state.waiting = [next, ...state.waiting];
  const reason = event.message ?? event.reason ?? '';
  fx.push({
    t: 'notice',
    notice: {
      t: 'generation',
      phase: 'ended',
      reply,
      response,
      outcome: status,
      reason,
      calls,
      again: next !== undefined,
    },
  });
  if (holdsSlot(state, response)) release(state, atMs, fx);
}

/** A create was refused. `already active`: ours waits for the one that runs. */
export function refused(state: EngineState, event: Refused, atMs: Ms, fx: EngineEffect[]): boolean {
  const { cmd } = event;
  if (cmd === undefined) return false;
  const aside = state.aside[cmd];
  if (aside !== undefined) {
    state.aside = without(state.aside, cmd);
    fail(aside.reply, cmd, event, fx);
    return true;
  }
  const ask = askOf(state, cmd);
  if (ask === undefined) return forget(state, 'abandoned', cmd) || forget(state, 'ownStops', cmd);
  ask.inFlight = false;
  const { slot } = state;
  const isBusy = event.code === 'conversation_already_has_active_response' && ask.tries < triesLimit;
  if (slot.is !== 'asked' || slot.ask !== ask) {
    // running->refused(active)->running: it is sent again when its time has come
    if (isBusy) return true;
    state.waiting = allBut(state.waiting, ask);
    failAsk(ask, event, fx);
    return true;
  }
  if (isBusy && !slot.unwanted) {
    // asked->refused(active)->expected: its `started` is on the way
    state.waiting = [ask, ...state.waiting];
    const reply = newReply(state, 'turn', state.turn);
    state.slot = expected(state, { reply, cmd: null, wordless: true }, atMs);
    return true;
  }
  // asked->refused->free
  failAsk(ask, event, fx);
  release(state, atMs, fx);
  return true;
}

/** The slot is free: what the server owes by itself comes first, then the next one that waits is sent. */
export function release(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  state.slot = { is: 'free' };
  if (state.phase === 'reconnecting') return;
  const [owed] = state.owed;
  if (owed !== undefined) {
    state.owed = state.owed.slice(1);
    state.slot = expected(state, owed, atMs);
    return;
  }
  const [first] = state.waiting;
  if (first === undefined) return;
  state.waiting = state.waiting.slice(1);
  const next = withUntold(state, first);
  // free->ask->asked
  state.slot = { is: 'asked', ask: next, unwanted: false, deadlineMs: dueMs(state, next.limit, atMs) };
  if (!next.inFlight) sendAsk(next, fx);
}

export function expected(state: EngineState, due: Due, atMs: Ms): Slot {
  const graceMs = due.wordless ? wordlessGraceMs : graceOf(state, due.reply);
  return { is: 'expected', unwanted: false, deadlineMs: atMs + graceMs, ...due };
}

function graceOf({ replyTimeoutMs, deadAir, silentTurn }: EngineState, { cause, turn }: Reply): Ms {
  const isWatched = cause === 'turn' && turn !== silentTurn && deadAir.afterMs !== null;
  return isWatched ? Math.min(replyTimeoutMs, deadAir.afterMs ?? replyTimeoutMs) : replyTimeoutMs;
}
