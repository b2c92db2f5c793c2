import { durationToMs } from '../convert/duration.js';
import type { ServerMessage } from '../messages.js';
import { type Client, emit } from './state.js';
import { currentTurn } from './turns.js';

/**
 * Speech edges, where the session asked for them (`vendor.explicitVadSignal`). Unasked ones are left alone: the session
 * then has ears of its own, and two kinds of edges would cross.
 */
export function activity(client: Client, voiceActivity: NonNullable<ServerMessage['voiceActivity']>): void {
  const { state } = client;
  if (state.config?.vendor.explicitVadSignal !== true) return;
  const type = voiceActivity.type ?? voiceActivity.voiceActivityType;
  const atMs = durationToMs(voiceActivity.audioOffset);
  const at = atMs === undefined ? {} : { atMs };
  if (type === 'ACTIVITY_START' && state.speaking === null) {
    const { turn, item, committed } = currentTurn(client);
    if (committed) return;
    state.speaking = turn;
    emit(client, { t: 'speech', edge: 'start', turn, item, ...at, basis: 'wire' });
  } else if (type === 'ACTIVITY_END' && state.speaking !== null) {
    emit(client, { t: 'speech', edge: 'stop', turn: state.speaking, ...at, basis: 'wire' });
    state.speaking = null;
  }
}
