import type { Ms } from '../core/index.js';
import { none } from '../core/none.js';

/** A stretch of the output line that belongs to one part of one item. */
interface Segment {
  item: string;
  part: number;
  fromMs: Ms;
  toMs: Ms;
  /** Position within the part's audio at `fromMs`. */
  partFromMs: Ms;
}

/** What was written behind a clear that is under way, counted from 0: nobody knows yet where the line goes on. */
interface Behind {
  lengthMs: Ms;
  segments: readonly Segment[];
}

/**
 * What stands where on the transport's output line. Positions are those of `AudioOutput`: milliseconds written since the
 * start, cut by each clear.
 */
export interface PlayoutState {
  lineMs: Ms;
  playedMs: Ms;
  segments: readonly Segment[];
  /** One for each clear under way, the oldest first. What stands behind all but the last was cleared as well. */
  behind: readonly Behind[];
  /**
   * What the far end told last while a clear was under way. Where the answer to that was lost, it may have played by then what
   * stands behind it, and has nothing more to tell.
   */
  toldMs: Ms;
  /**
   * The line pauses, and what was not played stays on it. `clearing`: the far end has not told yet where it fell silent;
   * `resuming`: the same, and the pause is over already.
   */
  hold: 'clearing' | 'held' | 'resuming' | null;
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
  return { lineMs: 0, playedMs: 0, segments: none, behind: none, toldMs: 0, hold: null };
}

/** `durationMs` of audio of a part were written to the end of the line. */
export function append(state: PlayoutState, item: string, part: number, durationMs: Ms): void {
  const behind = state.behind.at(-1);
  const segments = behind === undefined ? state.segments : behind.segments;
  const fromMs = behind === undefined ? state.lineMs : behind.lengthMs;
  const toMs = fromMs + durationMs;
  if (behind === undefined) state.lineMs = toMs;
  else behind.lengthMs = toMs;
  const last = segments[segments.length - 1];
  if (last !== undefined && last.item === item && last.part === part) {
    last.toMs = toMs;
    return;
  }
  const segment = { item, part, fromMs, toMs, partFromMs: writtenBefore(state, item, part) };
  (behind ?? state).segments = segments.concat(segment);
}

/** The far end has played up to `playedMs`. Positions never go back. Gives the part being played and those just finished. */
export function advance(state: PlayoutState, playedMs: Ms, heard: Heard[]): void {
  const before = state.playedMs;
  if (isClearing(state)) state.toldMs = playedMs;
  if (isClearing(state) || isHolding(state) || playedMs <= before) return;
  state.playedMs = Math.min(playedMs, state.lineMs);
  let finished = 0;
  for (const segment of state.segments) {
    if (segment.fromMs > state.playedMs) break;
    if (segment.toMs > before) heard.push(heardOf(segment, state.playedMs));
    if (segment.toMs <= state.playedMs + toleranceMs) finished += 1;
  }
  // The last one stays: more audio of it may follow.
  const drop = Math.min(finished, state.segments.length - 1);
  if (drop > 0) state.segments = state.segments.slice(drop);
}

/** A clear was asked for. Each is answered by one `endClear`, in their order. */
export function beginClear(state: PlayoutState): void {
  if (!isClearing(state)) state.toldMs = 0;
  state.behind = state.behind.concat({ lengthMs: 0, segments: none });
}

/** The far end answered: gives the parts that were cut, with what was heard of them, and moves the line on from there. */
export function endClear(state: PlayoutState, playedMs: Ms, cut: Heard[]): void {
  const [behind] = state.behind;
  if (behind === undefined) return;
  state.behind = state.behind.slice(1);
  const at = Math.max(state.playedMs, Math.min(playedMs, state.lineMs));
  for (const segment of state.segments) {
    if (segment.toMs > at + toleranceMs) cut.push(heardOf(segment, Math.max(at, segment.fromMs)));
  }
  for (const segment of behind.segments) {
    segment.fromMs += at;
    segment.toMs += at;
  }
  state.segments = behind.segments;
  state.lineMs = at + behind.lengthMs;
  state.playedMs = at;
}

/** The far end is to fall silent for a while. False: it cannot, because a clear is on its way. */
export function beginHold(state: PlayoutState): boolean {
  if (isClearing(state)) return false;
  state.hold = isPlaying(state) ? 'clearing' : 'held';
  return true;
}

/** The far end has told where it fell silent: all before that was heard. */
export function holds(state: PlayoutState, playedMs: Ms, heard: Heard[]): void {
  const isOver = state.hold === 'resuming';
  state.hold = null;
  advance(state, playedMs, heard);
  if (!isOver) state.hold = 'held';
}

/** The far end has been told to fall silent for a while, and has not answered. */
export function isHolding(state: PlayoutState): boolean {
  return state.hold === 'clearing' || state.hold === 'resuming';
}

export function isClearing(state: PlayoutState): boolean {
  return state.behind.length > 0;
}

/** Something written was not yet played, and no clear is on its way to it. */
export function isPlaying(state: PlayoutState): boolean {
  const behind = state.behind.at(-1);
  return behind === undefined ? state.lineMs - state.playedMs > toleranceMs : behind.lengthMs > 0;
}

/** Audio of the item stands on the line, cleared or not, and was not yet played. */
export function isUnplayed(state: PlayoutState, item: string): boolean {
  for (const segment of state.segments) {
    if (segment.item === item && segment.toMs > state.playedMs + toleranceMs) return true;
  }
  return state.behind.some(({ segments }) => segments.some((segment) => segment.item === item));
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
  for (const segments of [state.segments, ...state.behind.map((behind) => behind.segments)]) {
    for (const segment of segments) {
      if (segment.item === item && segment.part === part)
        written = segment.partFromMs + segment.toMs - segment.fromMs;
    }
  }
  return written;
}
