import type { Capabilities } from '../capabilities.js';
import type { Ms } from '../contract.js';
import type { EngineEffect, EngineState, Gone, LinkFailure } from './state.js';

/**
 * The connection, from the first dial to the end. `dialling`: a link is being made; `waiting`: the last try failed, the
 * next one comes at `dialMs`; `open`: a link serves.
 */
export interface Line {
  is: 'dialling' | 'waiting' | 'open';
  maxRetries: number;
  intervalMs: Ms;
  /** Tries of this outage that failed: one budget for all of them. */
  tries: number;
  dialMs: Ms | null;
  /** Links in a row that were lost as soon as they were ready. */
  stillborn: number;
  /** When the link that serves became ready. */
  readyMs: Ms | null;
  /** Since when there is none. */
  lostMs: Ms | null;
  /** How long one link may serve. */
  limitMs: Ms | null;
  /** From here on another one is made. */
  rollMs: Ms | null;
  /** The change is made here at the latest, in the middle of whatever goes on. */
  forceMs: Ms | null;
  /** The link that shall take over; `break`: it can only be made once this one is gone. */
  next: 'none' | 'dialling' | 'ready' | 'break';
  /** Since when it has been ready: its time runs while it waits. */
  nextMs: Ms;
  /** When its server says that it ends. */
  nextEndMs: Ms | null;
  /** Another link may be made while this one serves. */
  overlaps: boolean;
  /** The present link is being let go. */
  swapping: boolean;
}

export interface LineOptions {
  maxRetries?: number;
  intervalMs?: Ms;
  /** A link is changed after so long, where the model's own limit is not shorter. */
  maxSessionDurationMs?: Ms;
}

const longestDelayMs = 30_000;
/** What killed a link so soon may kill the next one: there is a pause before it, and an end to it. */
const stillbornMs = 3_000;
const stillbornLimit = 6;
/** How long before the end another link is made, and the latest moment of the change. */
const leadMs = 60_000;
const lastMs = 3_000;
/** How long a change that the application asked for waits for a quiet point. */
const patienceMs = 10_000;

export function newLine({ overlap, resume, maxSessionMs }: Capabilities, options: LineOptions): Line {
  const limits = [maxSessionMs, options.maxSessionDurationMs].filter((ms) => ms != null);
  return {
    is: 'dialling',
    maxRetries: options.maxRetries ?? 3,
    intervalMs: options.intervalMs ?? 2_000,
    tries: 0,
    dialMs: null,
    stillborn: 0,
    readyMs: null,
    lostMs: null,
    limitMs: limits.length === 0 ? null : Math.min(...limits),
    rollMs: null,
    forceMs: null,
    next: 'none',
    nextMs: 0,
    nextEndMs: null,
    swapping: false,
    // Where it either overlaps or resumes, going on where this one was is worth a short gap.
    overlaps: overlap === 'free' || overlap === 'brief' || (overlap === 'no-with-resume' && !resume),
  };
}

/** The link serves: it has just become ready, or has waited and takes over. */
export function lineOpened({ line }: EngineState, atMs: Ms): void {
  const hasWaited = line.next === 'ready';
  const limitMs = line.limitMs === null ? null : (hasWaited ? line.nextMs : atMs) + line.limitMs;
  const toldMs = hasWaited ? line.nextEndMs : null;
  line.is = 'open';
  line.readyMs = atMs;
  line.lostMs = null;
  line.dialMs = null;
  line.next = 'none';
  line.swapping = false;
  plan(line, limitMs === null || toldMs === null ? (limitMs ?? toldMs) : Math.min(limitMs, toldMs), atMs);
}

/** The link that shall take over is ready. `endMs`: when it ends, as its server says. */
export function nextReady({ line }: EngineState, endMs: Ms | null, atMs: Ms): void {
  line.next = 'ready';
  line.nextMs = atMs;
  line.nextEndMs = endMs;
}

/** It ends at `endMs`, as the server says. `announced`: it will close then, and wants us gone before. */
export function lineEnds({ line }: EngineState, endMs: Ms, atMs: Ms, announced = false): void {
  if (line.is !== 'open' || (line.forceMs !== null && line.forceMs + lastMs <= endMs)) return;
  plan(line, endMs, atMs);
  if (announced) line.rollMs = atMs;
}

function plan(line: Line, endMs: Ms | null, atMs: Ms): void {
  const leftMs = endMs === null ? 0 : Math.max(0, endMs - atMs);
  line.rollMs = endMs === null ? null : endMs - Math.min(leadMs, leftMs / 2);
  line.forceMs = endMs === null ? null : endMs - Math.min(lastMs, leftMs / 4);
}

/** Another link is made now; the change waits for a quiet point. */
export function roll({ line }: EngineState, fx: EngineEffect[]): void {
  line.rollMs = null;
  if (line.is !== 'open' || line.next !== 'none') return;
  line.next = line.overlaps ? 'dialling' : 'break';
  if (line.overlaps) fx.push({ t: 'dial', as: 'next' });
}

/** Nobody speaks, nothing is owed: the change would not be noticed. */
export function isQuiet(state: EngineState): boolean {
  const { slot, turns, waiting, owed, userSpeaking } = state;
  if (slot.is !== 'free' || userSpeaking || waiting.length > 0 || owed.length > 0) return false;
  if (state.responses.length > 0) return false;
  for (const _ in state.calls) return false;
  for (const _ in state.aside) return false;
  return turns.every(({ settled, committed }) => settled || committed);
}

/**
 * The link that was to take over could not be had. While this one serves it is tried again; where that cannot help, this
 * one is kept for as long as its server lets it be.
 */
export function nextFailed({ line }: EngineState, failure: LinkFailure, atMs: Ms, fx: EngineEffect[]): void {
  line.next = 'none';
  if (failure.retryable) {
    if (line.forceMs !== null) line.rollMs = atMs + line.intervalMs;
    return;
  }
  line.rollMs = null;
  line.forceMs = null;
  fx.push({ t: 'notice', notice: { t: 'not_moved', failure } });
}

/** A try failed: waits for the next one, or gives up. */
export function tryFailed(
  { line }: EngineState,
  failure: LinkFailure,
  random: number,
  atMs: Ms,
  fx: EngineEffect[],
): void {
  line.tries += 1;
  if (!failure.retryable || line.tries > line.maxRetries) {
    fx.push({ t: 'over', failure });
    return;
  }
  pause(line, line.tries, failure, random, atMs, fx);
}

/** Longer with each try, and never the same for many callers at once. */
function pause(
  line: Line,
  nth: number,
  { code, message }: LinkFailure,
  random: number,
  atMs: Ms,
  fx: EngineEffect[],
): void {
  const delayMs = Math.min(longestDelayMs, line.intervalMs * 2 ** (nth - 1)) * (0.5 + random / 2);
  line.is = 'waiting';
  line.dialMs = atMs + delayMs;
  fx.push({ t: 'notice', notice: { t: 'retrying', tries: line.tries, delayMs, code, message } });
}

/** The change is made if nobody would notice, or must be. */
export function swapIfQuiet(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { line } = state;
  if (line.swapping || (line.next !== 'ready' && line.next !== 'break')) return;
  const isForced = line.forceMs !== null && line.forceMs <= atMs;
  if (!isForced && !isQuiet(state)) return;
  line.swapping = true;
  fx.push({ t: 'swap' });
}

/** The time has come to dial, to make another link, or to change to it. */
export function lineWake(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { line } = state;
  if (line.dialMs !== null && line.dialMs <= atMs) {
    line.dialMs = null;
    line.is = 'dialling';
    fx.push({ t: 'dial', as: 'current' });
  }
  if (line.rollMs !== null && line.rollMs <= atMs) roll(state, fx);
  // Nothing could be made beforehand.
  if (line.forceMs !== null && line.forceMs <= atMs && line.next === 'none') line.next = 'break';
}

/** The application wants another connection: soon, if it must be in the middle of something. */
export function reconnect(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const { line } = state;
  // Another one is being made already.
  if (line.is !== 'open') return;
  const forceMs = atMs + patienceMs;
  line.forceMs = line.forceMs === null ? forceMs : Math.min(line.forceMs, forceMs);
  roll(state, fx);
}

/** The link is gone: another one is dialled at once, unless this one had only just begun. */
export function lineLost(
  state: EngineState,
  { failure, random, planned, atMs }: Gone,
  fx: EngineEffect[],
): void {
  const { line } = state;
  const wasStillborn = !planned && line.readyMs !== null && atMs - line.readyMs < stillbornMs;
  line.tries = 0;
  line.stillborn = wasStillborn ? line.stillborn + 1 : 0;
  line.lostMs ??= atMs;
  line.swapping = false;
  line.readyMs = null;
  line.rollMs = null;
  line.forceMs = null;
  const { next } = line;
  line.next = 'none';
  line.is = 'dialling';
  if (next === 'dialling') fx.push({ t: 'promote' });
  else if (line.stillborn >= stillbornLimit) fx.push({ t: 'over', failure });
  else if (line.stillborn > 1) pause(line, line.stillborn - 1, failure, random, atMs, fx);
  else fx.push({ t: 'dial', as: 'current' });
}

export function lineDeadline({ line }: EngineState): Ms {
  let next = line.dialMs ?? Infinity;
  if (line.rollMs !== null) next = Math.min(next, line.rollMs);
  // One that is being made is changed to when it is ready.
  if (line.forceMs !== null && line.next !== 'dialling' && !line.swapping)
    next = Math.min(next, line.forceMs);
  return next;
}
