import type { Command } from '../../../realtime/contract.js';
import type { ClientCore } from './core.js';
import { type Fields, idOf, optionalId, optionalMs } from './read.js';

type Of<T extends Command['t']> = Extract<Command, { t: T }>;

/** The wire has no word for the start of a turn, and none for the end of the stream but the commit. */
export function activity(core: ClientCore, { cmd, edge }: Of<'activity'>): void {
  if (edge === 'start') return core.ack(cmd, undefined);
  if (edge === 'discard') {
    core.expect({ kind: 'clear', cmd, eventId: cmd, key: '' });
    core.send({ type: 'input_audio_buffer.clear', event_id: cmd });
    return;
  }
  core.expect({ kind: 'commit', cmd, eventId: cmd, key: '' });
  core.send({ type: 'input_audio_buffer.commit', event_id: cmd });
}

export function onSpeechStarted(core: ClientCore, event: Fields): void {
  const item = optionalId(event, 'item_id');
  const known = core.turns.of(item ?? '');
  if (known !== undefined && known.state !== 'discarded' && item !== undefined) {
    return core.note('input_audio_buffer.speech_started', event);
  }
  // A server that never said the stop of the turn before.
  if (core.turns.speaking !== undefined) endSpeech(core, undefined, event);
  const turn = core.turns.begin(item ?? '', 'speaking');
  core.turns.speaking = turn;
  core.emit({
    t: 'speech',
    edge: 'start',
    turn: turn.turn,
    ...(item === undefined ? {} : { item }),
    ...at(optionalMs(event, 'audio_start_ms')),
    basis: 'wire',
    raw: event,
  });
}

export function onSpeechStopped(core: ClientCore, event: Fields): void {
  const { speaking } = core.turns;
  const item = optionalId(event, 'item_id');
  if (speaking === undefined || (item !== undefined && speaking.item !== '' && speaking.item !== item)) {
    return core.note('input_audio_buffer.speech_stopped', event);
  }
  endSpeech(core, optionalMs(event, 'audio_end_ms'), event);
}

function endSpeech(core: ClientCore, atMs: number | undefined, raw: Fields): void {
  const { speaking } = core.turns;
  if (speaking === undefined) return;
  core.turns.speaking = undefined;
  speaking.state = 'stopped';
  core.emit({
    t: 'speech',
    edge: 'stop',
    turn: speaking.turn,
    ...(speaking.item === '' ? {} : { item: speaking.item }),
    ...at(atMs),
    basis: 'wire',
    raw,
  });
}

/** By the server's VAD or by our commit; under VAD the server's own come right after a stop. */
export function onCommitted(core: ClientCore, event: Fields): void {
  const item = core.idOf(idOf(event, 'item_id'));
  const known = core.turns.of(item);
  if (known?.state === 'committed') return core.note('input_audio_buffer.committed', event);
  const byServer = known?.state === 'stopped';
  const commit = byServer ? undefined : core.pending.take('commit');
  // A commit in the middle of speech ends it.
  if (known !== undefined && known === core.turns.speaking) endSpeech(core, undefined, event);
  const { turn } = core.turns.commit(item);
  const previous = event.previous_item_id;
  core.ack(commit?.cmd, event, item);
  core.emit({
    t: 'committed',
    turn,
    item,
    ...(previous === null || typeof previous === 'string' ? { after: previous } : {}),
    basis: 'wire',
    raw: event,
  });
  // A client's commit never starts a response.
  if (core.autoReply && commit === undefined) {
    core.turns.unanswered = { turn, order: core.pending.nextOrder() };
  }
}

/** The turn under way loses its audio; speech that goes on will be told as a new one. */
export function onCleared(core: ClientCore, event: Fields): void {
  const clear = core.pending.take('clear');
  const { speaking } = core.turns;
  if (speaking !== undefined) {
    core.turns.speaking = undefined;
    speaking.state = 'discarded';
    core.emit({ t: 'speech', edge: 'discarded', turn: speaking.turn, basis: 'wire', raw: event });
  }
  core.ack(clear?.cmd, event);
  core.emit({ t: 'cleared', ...(typeof clear?.cmd === 'string' ? { cmd: clear.cmd } : {}), raw: event });
}

function at(atMs: number | undefined): { atMs?: number } {
  return atMs === undefined ? {} : { atMs };
}
