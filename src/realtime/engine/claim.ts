import { allBut } from '../../core/none.js';
import type { Cause, Event } from '../contract.js';
import { abandon, fail, forget } from './asks.js';
import {
  type Ask,
  type EngineEffect,
  type EngineState,
  newReply,
  type Reply,
  type Slot,
  without,
} from './state.js';

export type Started = Extract<Event, { t: 'response'; phase: 'started' }>;

/** Whose response it is that begins. */
export interface Claim {
  reply: Reply;
  /** The create that it answers, as its asker knows it. */
  cmd: string | null;
  ask: Ask | null;
  /** Nobody wants it any more. */
  unwanted: boolean;
}

/** Beside the conversation the command alone says it. */
export function claimAside(state: EngineState, { cause }: Started): Claim {
  const cmd = cause.by === 'command' ? cause.cmd : null;
  const aside = cmd === null ? undefined : state.aside[cmd];
  if (cmd !== null) state.aside = without(state.aside, cmd);
  const unwanted = isUnwanted(state, cause);
  return { reply: aside?.reply ?? newReply(state, 'wire', null), cmd, ask: null, unwanted };
}

/** The slot is the response's from here on, whatever it was held for. */
export function claimSlot(state: EngineState, { response, cause }: Started, fx: EngineEffect[]): Claim {
  const { slot } = state;
  if (slot.is === 'running' || slot.is === 'ending') {
    fx.push({ t: 'note', text: `response ${response} started while ${slot.response} had not ended` });
  }
  const unwanted = isUnwanted(state, cause);
  if (cause.by === 'turn') {
    state.unanswered = state.unanswered.slice(state.unanswered.indexOf(cause.turn) + 1);
  }
  let claim = ofSlot(state, cause, unwanted);
  if (claim === undefined) {
    giveWay(state, slot);
    claim = { ...ofQueues(state, cause), unwanted };
  }
  if (cause.by === 'command') mergeContinuations(state, claim, fx);
  state.slot = { is: 'running', response, reply: claim.reply };
  return claim;
}

/** What the slot is held for, if this is it. Without correlation the first one is adopted. */
function ofSlot({ slot, waiting }: EngineState, cause: Cause, unwanted: boolean): Claim | undefined {
  if (slot.is === 'asked') {
    // asked->started->running
    const isOurs = cause.by === 'wire' || isAsked(slot.ask, cause);
    return isOurs ? { ...asked(slot.ask), unwanted: slot.unwanted } : undefined;
  }
  if (slot.is !== 'expected') return undefined;
  const { reply } = slot;
  const isAnother = unwanted && !(cause.by === 'turn' && cause.turn === reply.turn);
  // A command that is no create of ours is an answer: the model goes on after the last of them.
  const isCreate =
    cause.by === 'command' && (slot.cmd === null || waiting.some((ask) => isAsked(ask, cause)));
  // expected->started->running
  return isAnother || isCreate
    ? undefined
    : { reply, cmd: null, ask: null, unwanted: slot.unwanted || unwanted };
}

/** It was faster than what the slot is held for: a create in flight, tool results that were answered, or unasked. */
function ofQueues(state: EngineState, cause: Cause): Omit<Claim, 'unwanted'> {
  if (cause.by === 'turn') return unasked(newReply(state, 'turn', cause.turn));
  if (cause.by === 'command') {
    const ask = state.waiting.find((one) => isAsked(one, cause));
    if (ask !== undefined) {
      state.waiting = allBut(state.waiting, ask);
      return asked(ask);
    }
    const due = state.owed.find((one) => one.cmd !== null);
    if (due !== undefined) {
      state.owed = allBut(state.owed, due);
      return unasked(due.reply);
    }
  }
  return unasked(newReply(state, 'wire', state.turn));
}

function asked(ask: Ask): Omit<Claim, 'unwanted'> {
  return { reply: ask.reply, cmd: ask.own ? null : ask.cmd, ask };
}

function unasked(reply: Reply): Omit<Claim, 'unwanted'> {
  return { reply, cmd: null, ask: null };
}

function isAsked(ask: Ask, cause: Cause): boolean {
  return ask.inFlight && cause.by === 'command' && ask.command.cmd === cause.cmd;
}

/** The model goes on once, after the last of its results: what it owed to earlier ones is part of that. */
function mergeContinuations(state: EngineState, { reply, ask }: Claim, fx: EngineEffect[]): void {
  if (ask !== null || reply.cause !== 'tools') return;
  for (const due of state.owed) if (due.cmd !== null) fail(due.reply, null, merged, fx);
  state.owed = state.owed.filter((due) => due.cmd === null);
}

const merged = { code: 'superseded', message: 'It is part of another reply' };

/** What the slot was held for comes after it. */
function giveWay(state: EngineState, slot: Slot): void {
  if (slot.is === 'expected' && !slot.unwanted) {
    const { reply, cmd, wordless } = slot;
    state.owed = [{ reply, cmd, wordless }, ...state.owed];
  }
  // asked->started(turn)->running: ours is in flight, and begins after it or is refused as one too many
  if (slot.is === 'asked' && !slot.unwanted) state.waiting = [slot.ask, ...state.waiting];
  else if (slot.is === 'asked') abandon(state, slot.ask);
}

function isUnwanted(state: EngineState, cause: Cause): boolean {
  if (cause.by === 'command') return forget(state, 'abandoned', cause.cmd);
  return cause.by === 'turn' && state.unwanted.includes(cause.turn);
}
