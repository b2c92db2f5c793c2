import type { Event, Ms } from '../contract.js';
import type { Connection } from './connection.js';
import type { EngineState } from './state.js';
import { type OpenTurn, openTurn } from './turns.js';

/** How far the edges of a turn that is heard again may be from where they were. */
const toleranceMs = 1_500;

/**
 * A turn that the link names for the first time may be one of ours: heard again after another link was lost, or heard by
 * our own ears before, where the wire has none.
 */
export function bindTurn(
  state: EngineState,
  connection: Pick<Connection, 'names' | 'line' | 'mute'>,
  event: Event,
): void {
  const { names, line } = connection;
  const told = namesOf(event);
  if (told?.turn === undefined || state.turns.length === 0) return;
  const { turn, item, atMs } = told;
  if (!names.knows(turn) && openTurn(state, turn) === undefined) {
    const ours = state.can.hears
      ? heardAgain(state, atMs === undefined ? undefined : line.toSession(atMs))
      : state.unnamed[0];
    if (ours === undefined) return;
    names.bind(turn, ours.turn);
    if (!state.can.hears) state.unnamed = state.unnamed.slice(1);
    const open = openTurn(state, ours.turn);
    if (open !== undefined) open.bound = true;
    if (open?.settled) connection.mute(ours.turn);
  }
  const open = openTurn(state, names.ours(turn));
  if (item === undefined || open?.item == null || names.knows(item)) return;
  names.bind(item, open.item);
  if (open.settled) connection.mute(open.item);
}

function namesOf(event: Event): { turn?: string; item?: string; atMs?: Ms } | undefined {
  switch (event.t) {
    case 'speech':
    case 'committed':
    case 'heard':
      return event;
    case 'response':
      return event.phase === 'started' && event.cause.by === 'turn' ? { turn: event.cause.turn } : undefined;
    default:
      return undefined;
  }
}

function heardAgain(state: EngineState, atMs: Ms | undefined): OpenTurn | undefined {
  return state.turns.find(({ replayedUntilMs, bound, startMs, endMs }) => {
    if (replayedUntilMs === null || bound) return false;
    if (atMs === undefined) return true;
    return atMs >= startMs - toleranceMs && (endMs === null || atMs <= endMs + toleranceMs);
  });
}
