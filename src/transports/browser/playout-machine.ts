import type { Ms } from '../../core/index.js';

/**
 * Keeps the output line of one page: how much was written, sent and played, which clears and flushes are open.
 * It sees counts of samples, never the samples. The page gets audio at most `leadSamples` ahead of what it has played, so
 * that a `clear` is never stuck behind minutes of audio on a slow link.
 *
 * A *stretch* is the part of the line since the last clear. `written >= sent >= played` count within it; the stretch
 * begins at `cutAt` on the line. While a clear is open, `cutAt` is still where the stretch *before* it began.
 */
export interface PlayoutState {
  sampleRateHz: number;
  leadSamples: number;
  maxQueuedSamples: number;
  clearTimeoutMs: Ms;
  cutAt: number;
  written: number;
  sent: number;
  played: number;
  /** When `played` was last known to grow; null while the page is silent. */
  playingSinceMs: Ms | null;
  /** Line position minus the page's own count; differs from 0 after a clear that had to be estimated. */
  offset: number;
  clears: OpenClear[];
  flushes: OpenFlush[];
  /** When the open flushes are taken as gone by although the page says nothing. */
  giveUpAtMs: Ms | null;
}

interface OpenClear {
  id: number;
  deadlineMs: Ms;
  /** Sent in the stretch that this clear ended. */
  sent: number;
  /** Best guess of what was played of it. */
  guess: number;
  /** Line position given out when the deadline passed; the page's late answer then only corrects `offset`. */
  estimate: number | null;
}

interface OpenFlush {
  id: number;
  /** Samples of the stretch before it. */
  at: number;
  sent: boolean;
}

export type PlayoutInput = { atMs: Ms } & (
  | { t: 'write'; samples: number }
  | { t: 'flush'; id: number }
  | { t: 'clear'; id: number }
  | { t: 'played'; phase: 'started' | 'position' | 'finished'; pageSamples: number }
  | { t: 'cleared'; id: number; pageSamples: number }
  | { t: 'tick' }
  /** The socket is gone: whatever is open settles by estimate. */
  | { t: 'end' }
);

export type PlayoutEffect =
  /** Send this many of the oldest queued samples. */
  | { t: 'send'; samples: number }
  | { t: 'send_flush'; id: number }
  | { t: 'send_clear'; id: number }
  /** Forget all queued samples. */
  | { t: 'discard' }
  /** The write just given is over the limit: not queued. */
  | { t: 'refuse'; samples: number }
  | { t: 'report'; phase: 'started' | 'position' | 'finished'; playedMs: Ms }
  | { t: 'settled'; id: number; playedMs: Ms; estimated: boolean }
  /** The earliest time at which `tick` may change something. */
  | { t: 'wake'; atMs: Ms | null };

/** How long a page may be silent about audio that should be over, before it is taken as played. */
const flushGraceMs = 2_000;
/** A page that never answers must not make this list grow. */
const maxOpenClears = 32;
/** The id of clears that this machine sends by itself; callers count from 1. */
const ownClearId = 0;

export function playoutState(options: {
  sampleRateHz: number;
  leadMs: Ms;
  maxQueuedMs: Ms;
  clearTimeoutMs: Ms;
}): PlayoutState {
  const perMs = options.sampleRateHz / 1000;
  return {
    sampleRateHz: options.sampleRateHz,
    leadSamples: Math.max(1, Math.round(options.leadMs * perMs)),
    maxQueuedSamples: Math.round(options.maxQueuedMs * perMs),
    clearTimeoutMs: options.clearTimeoutMs,
    cutAt: 0,
    written: 0,
    sent: 0,
    played: 0,
    playingSinceMs: null,
    offset: 0,
    clears: [],
    flushes: [],
    giveUpAtMs: null,
  };
}

export function playoutStep(s: PlayoutState, input: PlayoutInput, fx: PlayoutEffect[]): void {
  const wakeBefore = wakeAt(s);
  switch (input.t) {
    case 'write':
      if (s.written - s.sent + input.samples > s.maxQueuedSamples) {
        fx.push({ t: 'refuse', samples: input.samples });
        break;
      }
      s.written += input.samples;
      pump(s, fx);
      break;
    case 'flush':
      s.flushes.push({ id: input.id, at: s.written, sent: false });
      pump(s, fx);
      settlePlayedFlushes(s, fx);
      expectProgress(s, input.atMs);
      break;
    case 'clear':
      clear(s, input.id, input.atMs, fx);
      break;
    case 'played':
      played(s, input, fx);
      break;
    case 'cleared':
      cleared(s, input.id, input.pageSamples, fx);
      break;
    case 'tick':
      tick(s, input.atMs, fx);
      break;
    case 'end':
      for (const open of s.clears) if (open.estimate === null) settleByGuess(s, open, fx);
      s.clears = [];
      s.flushes = [];
      s.giveUpAtMs = null;
      break;
  }
  const wake = wakeAt(s);
  if (wake !== wakeBefore) fx.push({ t: 'wake', atMs: wake });
}

/** Sends what the lead allows, flush marks in their places. */
function pump(s: PlayoutState, fx: PlayoutEffect[]): void {
  const until = Math.min(s.written, s.played + s.leadSamples);
  for (const flush of s.flushes) {
    if (flush.sent) continue;
    if (flush.at > until) break;
    if (flush.at > s.sent) fx.push({ t: 'send', samples: flush.at - s.sent });
    s.sent = Math.max(s.sent, flush.at);
    flush.sent = true;
    fx.push({ t: 'send_flush', id: flush.id });
  }
  if (until > s.sent) {
    fx.push({ t: 'send', samples: until - s.sent });
    s.sent = until;
  }
}

function clear(s: PlayoutState, id: number, atMs: Ms, fx: PlayoutEffect[]): void {
  const { sent, played } = s;
  const silent = s.clears.length === 0 && sent === played;
  const since = s.playingSinceMs ?? atMs;
  const guess = Math.min(sent, played + Math.floor(((atMs - since) * s.sampleRateHz) / 1000));
  fx.push({ t: 'discard' });
  startStretch(s);
  if (silent) {
    // The page has nothing left to drop: the answer is known.
    s.cutAt += played;
    fx.push({ t: 'settled', id, playedMs: ms(s, s.cutAt), estimated: false });
    return;
  }
  s.clears.push({ id, deadlineMs: atMs + s.clearTimeoutMs, sent, guess, estimate: null });
  fx.push({ t: 'send_clear', id });
  if (s.clears.length > maxOpenClears) {
    const oldest = s.clears[0]!;
    if (oldest.estimate === null) settleByGuess(s, oldest, fx);
    s.clears.shift();
  }
}

function played(s: PlayoutState, input: PlayoutInput & { t: 'played' }, fx: PlayoutEffect[]): void {
  const inStretch = input.pageSamples + s.offset - s.cutAt;
  const open = s.clears[0];
  if (open !== undefined) {
    // Said before the page saw the clear: it tells about the stretch that is already over.
    if (open.estimate === null) open.guess = clamp(inStretch, open.guess, open.sent);
    return;
  }
  if (inStretch < s.played || (inStretch === s.played && input.phase === 'position')) return;
  s.played = Math.min(inStretch, s.sent);
  s.playingSinceMs = s.played < s.sent ? input.atMs : null;
  if (input.phase !== 'finished') {
    fx.push({ t: 'report', phase: input.phase, playedMs: ms(s, s.cutAt + s.played) });
  }
  pump(s, fx);
  settlePlayedFlushes(s, fx);
  expectProgress(s, input.atMs);
}

/** Flushes whose audio is all played; a page's `finished` means nothing else. */
function settlePlayedFlushes(s: PlayoutState, fx: PlayoutEffect[]): void {
  if (s.clears.length > 0) return;
  while (s.flushes.length > 0 && s.flushes[0]!.at <= s.played) {
    const { at } = s.flushes.shift()!;
    fx.push({ t: 'report', phase: 'finished', playedMs: ms(s, s.cutAt + at) });
  }
  if (s.flushes.length === 0) s.giveUpAtMs = null;
}

function expectProgress(s: PlayoutState, atMs: Ms): void {
  const last = s.flushes.at(-1);
  s.giveUpAtMs = last === undefined ? null : atMs + ms(s, last.at - s.played) + flushGraceMs;
}

function cleared(s: PlayoutState, id: number, pageSamples: number, fx: PlayoutEffect[]): void {
  const index = s.clears.findIndex((open) => open.id === id);
  if (index < 0) return;
  // Answers come in order: whoever was skipped will not be answered any more.
  for (const skipped of s.clears.slice(0, index)) {
    if (skipped.estimate === null) settleByGuess(s, skipped, fx);
  }
  const open = s.clears[index]!;
  s.clears.splice(0, index + 1);
  if (open.estimate === null) {
    s.cutAt = clamp(pageSamples + s.offset, s.cutAt, s.cutAt + open.sent);
    s.offset = s.cutAt - pageSamples;
    fx.push({ t: 'settled', id, playedMs: ms(s, s.cutAt), estimated: false });
  } else {
    s.offset = open.estimate - pageSamples;
  }
  settlePlayedFlushes(s, fx);
}

function tick(s: PlayoutState, atMs: Ms, fx: PlayoutEffect[]): void {
  for (const open of s.clears) {
    if (open.estimate === null && atMs >= open.deadlineMs) settleByGuess(s, open, fx);
  }
  if (s.giveUpAtMs !== null && atMs >= s.giveUpAtMs) giveUp(s, fx);
}

/**
 * The page stopped playing (a suspended tab, a phone call): the line goes on without it. What the page still holds is
 * cleared, so that it does not speak of old things when it wakes; all that was written counts as gone by.
 */
function giveUp(s: PlayoutState, fx: PlayoutEffect[]): void {
  const last = s.flushes.at(-1);
  if (last !== undefined) fx.push({ t: 'report', phase: 'finished', playedMs: ms(s, s.cutAt + last.at) });
  s.cutAt += s.written;
  s.clears.push({ id: ownClearId, deadlineMs: 0, sent: s.sent, guess: 0, estimate: s.cutAt });
  fx.push({ t: 'discard' }, { t: 'send_clear', id: ownClearId });
  startStretch(s);
  if (s.clears.length > maxOpenClears) s.clears.shift();
}

function startStretch(s: PlayoutState): void {
  s.written = 0;
  s.sent = 0;
  s.played = 0;
  s.playingSinceMs = null;
  s.flushes = [];
  s.giveUpAtMs = null;
}

function settleByGuess(s: PlayoutState, open: OpenClear, fx: PlayoutEffect[]): void {
  s.cutAt += open.guess;
  open.estimate = s.cutAt;
  fx.push({ t: 'settled', id: open.id, playedMs: ms(s, s.cutAt), estimated: true });
}

function wakeAt(s: PlayoutState): Ms | null {
  let at = s.giveUpAtMs;
  for (const open of s.clears) {
    if (open.estimate === null && (at === null || open.deadlineMs < at)) at = open.deadlineMs;
  }
  return at;
}

function ms(s: PlayoutState, samples: number): Ms {
  return (samples * 1000) / s.sampleRateHz;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
