import type { Ms } from '../core/index.js';

/** A stretch of the output line that belongs to one part of one item. */
interface Segment {
  item: string;
  part: number;
  fromMs: Ms;
  toMs: Ms;
  /** Position within the part's audio at `fromMs`. */
  partFromMs: Ms;
}

/**
 * What stands where on the transport's output line. Positions are those of `AudioOutput`: milliseconds written since the
 * start, cut by each clear. While a clear is under way nobody knows yet where the line goes on: what is written
 * meanwhile stands in `next`, counted from 0, and is moved when the answer comes.
 */
export interface PlayoutState {
  lineMs: Ms;
  playedMs: Ms;
  segments: Segment[];
  clearing: boolean;
  nextMs: Ms;
  next: Segment[];
}

/** How far a part was heard. */
export interface Heard {
  item: string;
  part: number;
  heardMs: Ms;
  /** Its audio written so far. */
  writtenMs: Ms;
}

/** Rounding of samples and milliseconds never adds up to this. */
const toleranceMs = 0.5;

export function playoutState(): PlayoutState {
  return { lineMs: 0, playedMs: 0, segments: [], clearing: false, nextMs: 0, next: [] };
}

/** `durationMs` of audio of a part were written to the end of the line. */
export function append(state: PlayoutState, item: string, part: number, durationMs: Ms): void {
  const segments = state.clearing ? state.next : state.segments;
  const fromMs = state.clearing ? state.nextMs : state.lineMs;
  const toMs = fromMs + durationMs;
  if (state.clearing) state.nextMs = toMs;
  else state.lineMs = toMs;
  const last = segments[segments.length - 1];
  if (last !== undefined && last.item === item && last.part === part) {
    last.toMs = toMs;
    return;
  }
  segments.push({ item, part, fromMs, toMs, partFromMs: writtenBefore(state, item, part) });
}

/** The far end has played up to `playedMs`. Positions never go back. Gives the part being played and those just finished. */
export function advance(state: PlayoutState, playedMs: Ms, heard: Heard[]): void {
  if (state.clearing || playedMs <= state.playedMs) return;
  state.playedMs = Math.min(playedMs, state.lineMs);
  let finished = 0;
  for (const segment of state.segments) {
    if (segment.fromMs > state.playedMs) break;
    heard.push(heardOf(segment, state.playedMs));
    if (segment.toMs <= state.playedMs + toleranceMs) finished += 1;
  }
  // The last one stays: more audio of it may follow.
  const drop = Math.min(finished, state.segments.length - 1);
  if (drop > 0) state.segments.splice(0, drop);
}

/** A clear was asked for. */
export function beginClear(state: PlayoutState): void {
  state.clearing = true;
  state.nextMs = 0;
  state.next = [];
}

/** The far end answered: gives the parts that were cut, with what was heard of them, and moves the line on from there. */
export function endClear(state: PlayoutState, playedMs: Ms, cut: Heard[]): void {
  const at = Math.max(state.playedMs, Math.min(playedMs, state.lineMs));
  for (const segment of state.segments) {
    if (segment.toMs > at + toleranceMs) cut.push(heardOf(segment, Math.max(at, segment.fromMs)));
  }
  for (const segment of state.next) {
    segment.fromMs += at;
    segment.toMs += at;
  }
  state.segments = state.next;
  state.next = [];
  state.lineMs = at + state.nextMs;
  state.playedMs = at;
  state.nextMs = 0;
  state.clearing = false;
}

/** Something written was not yet played. */
export function isPlaying(state: PlayoutState): boolean {
  return state.clearing ? state.nextMs > 0 : state.lineMs - state.playedMs > toleranceMs;
}

function heardOf(segment: Segment, atMs: Ms): Heard {
  const { item, part, fromMs, toMs, partFromMs } = segment;
  return {
    item,
    part,
    heardMs: partFromMs + Math.min(atMs, toMs) - fromMs,
    writtenMs: partFromMs + toMs - fromMs,
  };
}

/** Parts are played in order, so this finds something only where a part was written in pieces with another between. */
function writtenBefore(state: PlayoutState, item: string, part: number): Ms {
  let written = 0;
  for (const list of [state.segments, state.next]) {
    for (const segment of list) {
      if (segment.item === item && segment.part === part)
        written = segment.partFromMs + segment.toMs - segment.fromMs;
    }
  }
  return written;
}
