import type { Ms } from '../../core/index.js';
import type { Hole, OpenClear, PlayoutEffect, PlayoutInput, PlayoutState } from './playout-state.js';

/** How long a page may be silent about audio that should be over, before it is taken as played. */
const flushGraceMs = 2_000;
/** A page that never answers must not make this list grow. */
const maxOpenClears = 32;
/** The id of clears that this machine sends by itself; callers count from 1. */
const ownClearId = 0;

export function playoutStep(s: PlayoutState, input: PlayoutInput, fx: PlayoutEffect[]): void {
  const wakeBefore = wakeAt(s);
  switch (input.t) {
    case 'write':
      if (s.written - s.sent + input.samples > s.maxQueuedSamples) {
        fx.push({ t: 'refuse', samples: input.samples });
        refuse(s, input.samples);
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

function refuse(s: PlayoutState, samples: number): void {
  const last = s.holes.at(-1);
  if (last !== undefined && last.at === s.written) last.samples += samples;
  else s.holes.push({ at: s.written, samples });
  passHoles(s);
}

/** Holes that are gone by move the rest of the stretch further on the line. */
function passHoles(s: PlayoutState): void {
  if (s.clears.length > 0) return;
  while (s.holes.length > 0 && s.holes[0]!.at <= s.played) {
    const { samples } = s.holes.shift()!;
    s.cutAt += samples;
    s.offset += samples;
  }
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
  const { sent, played, holes } = s;
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
  s.clears.push({ id, deadlineMs: atMs + s.clearTimeoutMs, sent, guess, holes, estimate: null });
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
  passHoles(s);
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
    const played = clamp(pageSamples + s.offset - s.cutAt, 0, open.sent);
    s.cutAt += played + holesUpTo(open.holes, played);
    s.offset = s.cutAt - pageSamples;
    fx.push({ t: 'settled', id, playedMs: ms(s, s.cutAt), estimated: false });
  } else {
    s.offset = open.estimate - pageSamples;
  }
  passHoles(s);
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
  if (last !== undefined) {
    const at = s.cutAt + last.at + holesUpTo(s.holes, last.at);
    fx.push({ t: 'report', phase: 'finished', playedMs: ms(s, at) });
  }
  s.cutAt += s.written + holesUpTo(s.holes, s.written);
  s.clears.push({ id: ownClearId, deadlineMs: 0, sent: s.sent, guess: 0, holes: [], estimate: s.cutAt });
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
  s.holes = [];
  s.giveUpAtMs = null;
}

function settleByGuess(s: PlayoutState, open: OpenClear, fx: PlayoutEffect[]): void {
  s.cutAt += open.guess + holesUpTo(open.holes, open.guess);
  open.estimate = s.cutAt;
  fx.push({ t: 'settled', id: open.id, playedMs: ms(s, s.cutAt), estimated: true });
}

function holesUpTo(holes: readonly Hole[], played: number): number {
  return holes.reduce((sum, hole) => (hole.at <= played ? sum + hole.samples : sum), 0);
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
