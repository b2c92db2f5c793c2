import type { Event, Ms } from '../contract.js';
import {
  type EngineEffect,
  type EngineState,
  newReply,
  type Reply,
  type ReplyCommand,
  type ReplyOutcome,
  stopGraceMs,
  waitingLimit,
  wordlessGraceMs,
} from './state.js';

type Started = Extract<Event, { t: 'response'; phase: 'started' }>;
type Ended = Extract<Event, { t: 'response'; phase: 'ended' }>;

/** A create: sent when the slot is free, else it waits. Never sent into `running`: on some wires that is an interruption. */
export function ask(
  state: EngineState,
  command: ReplyCommand,
  reply: Reply,
  atMs: Ms,
  fx: EngineEffect[],
): void {
  if (command.t === 'reply' && command.outOfBand === true) {
    state.aside[command.cmd] = reply;
    fx.push({ t: 'send', command });
  } else if (state.slot.is === 'free') {
    // free->ask->asked
    state.slot = { is: 'asked', command, reply, deadlineMs: atMs + state.replyTimeoutMs };
    fx.push({ t: 'send', command });
  } else if (state.waiting.length >= waitingLimit) {
    fail(
      reply,
      command.cmd,
      'illegal_command',
      `More than ${waitingLimit} replies are waiting for their turn`,
      fx,
    );
  } else {
    state.waiting.push({ command, reply });
  }
}

/** The server will answer by itself. */
export function expect(state: EngineState, reply: Reply, atMs: Ms): void {
  // free->committed->expected; a second turn before the first was answered supersedes it
  if (state.slot.is === 'free' || state.slot.is === 'expected') {
    state.slot = { is: 'expected', reply, deadlineMs: atMs + state.replyTimeoutMs };
  }
}

/** A turn without words may never be answered: do not hold the slot for it. */
export function expectLess(state: EngineState, atMs: Ms): void {
  if (state.slot.is === 'expected') {
    state.slot.deadlineMs = Math.min(state.slot.deadlineMs, atMs + wordlessGraceMs);
  }
}

export function started(state: EngineState, event: Started, atMs: Ms, fx: EngineEffect[]): void {
  const { response, cause } = event;
  const cmd = cause.by === 'command' ? cause.cmd : null;
  const reply = event.outOfBand ? takeAside(state, cmd) : takeSlot(state, event, fx);
  state.responses[response] = { reply, epoch: state.epoch, outOfBand: event.outOfBand, calls: 0 };
  fx.push({ t: 'emit', event });
  fx.push({
    t: 'notice',
    notice: {
      t: 'generation',
      phase: 'created',
      reply,
      response,
      outOfBand: event.outOfBand,
      epoch: state.epoch,
      cmd,
    },
  });
  const abandoned = cmd === null ? -1 : state.abandoned.indexOf(cmd);
  if (abandoned >= 0) {
    state.abandoned.splice(abandoned, 1);
    stop(state, response, atMs, fx);
  }
}

function takeAside(state: EngineState, cmd: string | null): Reply {
  const reply = cmd === null ? undefined : state.aside[cmd];
  if (cmd !== null) delete state.aside[cmd];
  return reply ?? newReply(state, 'wire', null);
}

function takeSlot(state: EngineState, { response, cause }: Started, fx: EngineEffect[]): Reply {
  const { slot } = state;
  let reply: Reply;
  if (slot.is === 'asked') {
    const ours = cause.by !== 'turn' && (cause.by === 'wire' || cause.cmd === slot.command.cmd);
    if (ours) {
      // asked->started->running; without correlation the first one is adopted
      reply = slot.reply;
    } else {
      // asked->started(turn)->running: the server was faster; ours waits, it will be refused as already active
      state.waiting.unshift({ command: slot.command, reply: slot.reply });
      reply = newReply(state, 'turn', cause.by === 'turn' ? cause.turn : null);
    }
  } else if (slot.is === 'expected') {
    reply = slot.reply;
  } else {
    if (slot.is === 'running' || slot.is === 'ending') {
      fx.push({ t: 'note', text: `response ${response} started while ${slot.response} had not ended` });
    }
    reply = newReply(
      state,
      cause.by === 'turn' ? 'turn' : 'wire',
      cause.by === 'turn' ? cause.turn : state.turn,
    );
  }
  state.slot = { is: 'running', response, reply };
  return reply;
}

export function ended(state: EngineState, event: Ended, atMs: Ms, fx: EngineEffect[]): void {
  const running = state.responses[event.response];
  if (running === undefined) {
    fx.push({ t: 'note', text: `response ${event.response} ended twice or never started` });
    return;
  }
  delete state.responses[event.response];
  const cutByServer = event.status === 'cancelled' && running.epoch === state.epoch && !running.outOfBand;
  if (cutByServer) {
    state.epoch += 1;
    fx.push({
      t: 'notice',
      notice: { t: 'interrupted', by: 'server', epoch: state.epoch, response: event.response },
    });
  }
  fx.push({ t: 'emit', event });
  fx.push({
    t: 'notice',
    notice: {
      t: 'generation',
      phase: 'ended',
      reply: running.reply,
      response: event.response,
      outcome: event.status satisfies ReplyOutcome,
      reason: event.message ?? event.reason ?? '',
      calls: running.calls,
    },
  });
  if (holdsSlot(state, event.response)) release(state, atMs, fx);
}

/** Stops a response; what it still sends is dropped by its epoch. */
export function stop(
  state: EngineState,
  response: string,
  atMs: Ms,
  fx: EngineEffect[],
  cmd = `stop_${response}`,
): void {
  const running = state.responses[response];
  if (running === undefined) return;
  if (running.epoch === state.epoch && !running.outOfBand) state.epoch += 1;
  if (holdsSlot(state, response)) {
    // running->stop->ending
    state.slot = { is: 'ending', response, reply: running.reply, deadlineMs: atMs + stopGraceMs };
  }
  if (state.can.cancel) fx.push({ t: 'send', command: { t: 'stop', cmd, response } });
}

/** The application or the caller's voice takes the floor: everything under way and waiting is over. */
export function interrupt(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  const before = state.epoch;
  let response: string | null = null;
  if (slot.is === 'running') {
    response = slot.response;
    // Where the server cuts by itself at the user's first word, a second cancel would only be refused.
    const serverCuts = state.autoCut && state.userSpeaking;
    if (serverCuts) {
      state.epoch += 1;
      state.slot = { is: 'ending', response, reply: slot.reply, deadlineMs: atMs + stopGraceMs };
    } else {
      stop(state, response, atMs, fx);
    }
  } else if (slot.is === 'asked') {
    abandon(state, slot.command.cmd);
    fail(slot.reply, slot.command.cmd, 'superseded', 'Interrupted before it began', fx);
    state.slot = { is: 'free' };
  }
  const waiting = state.waiting.splice(0);
  for (const { command, reply } of waiting)
    fail(reply, command.cmd, 'superseded', 'Interrupted before it began', fx);
  if (state.epoch === before) state.epoch += 1;
  fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'us', epoch: state.epoch, response } });
}

/** A create was refused. `already active`: ours waits for the one that runs. */
export function refused(
  state: EngineState,
  cmd: string,
  code: string,
  message: string,
  atMs: Ms,
  fx: EngineEffect[],
): boolean {
  const aside = state.aside[cmd];
  if (aside !== undefined) {
    delete state.aside[cmd];
    fail(aside, cmd, code, message, fx);
    return true;
  }
  const { slot } = state;
  if (slot.is === 'asked' && slot.command.cmd === cmd) {
    if (code === 'conversation_already_has_active_response') {
      // asked->refused(active)->expected: its `started` is on the way
      state.waiting.unshift({ command: slot.command, reply: slot.reply });
      state.slot = {
        is: 'expected',
        reply: newReply(state, 'turn', state.turn),
        deadlineMs: atMs + wordlessGraceMs,
      };
    } else {
      fail(slot.reply, cmd, code, message, fx);
      release(state, atMs, fx);
    }
    return true;
  }
  const waiting = state.waiting.some((entry) => entry.command.cmd === cmd);
  if (waiting && code === 'conversation_already_has_active_response') return true;
  const abandoned = state.abandoned.indexOf(cmd);
  if (abandoned >= 0) {
    state.abandoned.splice(abandoned, 1);
    return true;
  }
  return false;
}

/** Deadlines of the slot. */
export function slotWake(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  if (!('deadlineMs' in slot) || slot.deadlineMs > atMs) return;
  if (slot.is === 'asked') {
    abandon(state, slot.command.cmd);
    fail(
      slot.reply,
      slot.command.cmd,
      'reply_timeout',
      `The model did not begin to answer within ${state.replyTimeoutMs} ms`,
      fx,
    );
    release(state, atMs, fx);
  } else if (slot.is === 'expected') {
    fail(slot.reply, null, 'reply_timeout', 'The turn was not answered', fx);
    release(state, atMs, fx);
  } else {
    // ending->deadline->free: the server never confirmed
    const { response } = slot;
    ended(
      state,
      { t: 'response', phase: 'ended', response, status: 'cancelled', basis: 'inferred' },
      atMs,
      fx,
    );
  }
}

export function slotDeadline(state: EngineState): Ms | null {
  return 'deadlineMs' in state.slot ? state.slot.deadlineMs : null;
}

function holdsSlot(state: EngineState, response: string): boolean {
  const { slot } = state;
  return (slot.is === 'running' || slot.is === 'ending') && slot.response === response;
}

/** The slot is free; the next one in the queue is sent. */
function release(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  state.slot = { is: 'free' };
  const next = state.waiting.shift();
  if (next !== undefined) ask(state, next.command, next.reply, atMs, fx);
}

function abandon(state: EngineState, cmd: string): void {
  state.abandoned.push(cmd);
  if (state.abandoned.length > waitingLimit) state.abandoned.shift();
}

function fail(reply: Reply, cmd: string | null, code: string, message: string, fx: EngineEffect[]): void {
  fx.push({ t: 'notice', notice: { t: 'reply_failed', reply, cmd, code, message } });
}
