import type { Ms } from '../../core/index.js';

/**
 * Keeps the output line of one page: how much was written, sent and played, which clears and flushes are open.
 * It sees counts of samples, never the samples. The page gets audio at most `leadSamples` ahead of what it has played, so
 * that a `clear` is never stuck behind minutes of audio on a slow link.
 *
 * A *stretch* is the part of the line since the last clear. `written >= sent >= played` count within it what was queued, sent
 * and played; it begins at `cutAt` on the line. While a clear is open, `cutAt` is still where the stretch *before* it began.
 * A write that is over the limit is a *hole*: its place on the line stays, and is gone by as soon as what was before it is.
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
  /** Line position minus the page's own count; differs from 0 after holes, and after a clear that had to be estimated. */
  offset: number;
  holes: Hole[];
  clears: OpenClear[];
  flushes: OpenFlush[];
  /** When the open flushes are taken as gone by although the page says nothing. */
  giveUpAtMs: Ms | null;
}

export interface Hole {
  /** Samples of the stretch before it. */
  at: number;
  samples: number;
}

export interface OpenClear {
  id: number;
  deadlineMs: Ms;
  /** Sent in the stretch that this clear ended. */
  sent: number;
  /** Best guess of what was played of it. */
  guess: number;
  /** Of that stretch. */
  holes: Hole[];
  /** Line position given out when the deadline passed; the page's late answer then only corrects `offset`. */
  estimate: number | null;
}

export interface OpenFlush {
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
    holes: [],
    clears: [],
    flushes: [],
    giveUpAtMs: null,
  };
}
