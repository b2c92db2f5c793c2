import { checkId, checkMs, checkUsage, checkWords } from './shapes.js';
import type { EventOf, Fail, Seen } from './state.js';

/** speech: start, then stop or discarded, of the same turn; nothing of a turn after its commit. */
export function checkSpeech(seen: Seen, event: EventOf<'speech'>, fail: Fail): void {
  const { turn, edge } = event;
  checkId('turn', turn, fail);
  checkMs('atMs', event.atMs, fail);
  if (edge === 'start') {
    if (seen.speaking !== null) {
      fail('speech-alternates', `turn ${seen.speaking} has started and not stopped`);
    }
    if (seen.committedTurns.has(turn)) fail('commit-once', `turn ${turn} is already committed`);
    seen.speaking = turn;
    seen.turns.add(turn);
    return;
  }
  if (!seen.turns.has(turn)) fail('speech-alternates', `speech of turn ${turn} never started`);
  if (edge === 'stop') {
    if (seen.speaking !== turn) fail('speech-alternates', `turn ${turn} is not speaking`);
  } else if (seen.committedTurns.has(turn)) {
    fail('speech-alternates', `turn ${turn} is committed and cannot be discarded`);
  }
  if (seen.speaking === turn) seen.speaking = null;
}

export function checkCommitted(seen: Seen, event: EventOf<'committed'>, fail: Fail): void {
  checkId('turn', event.turn, fail);
  checkId('item', event.item, fail);
  if (seen.committedItems.has(event.item)) fail('commit-once', `item ${event.item} is already committed`);
  if (seen.committedTurns.has(event.turn)) fail('commit-once', `turn ${event.turn} is already committed`);
  seen.committedItems.add(event.item);
  seen.committedTurns.add(event.turn);
}

/** heard: belongs to an item or a turn; nothing after its final or failed. */
export function checkHeard(seen: Seen, event: EventOf<'heard'>, fail: Fail): void {
  const key = event.item ?? event.turn;
  if (key === undefined) fail('heard-owner', 'neither item nor turn is given');
  checkMs('fromMs', event.fromMs, fail);
  checkMs('toMs', event.toMs, fail);
  checkWords(event.words, fail);
  checkUsage(event.usage, fail);
  if (seen.heardToTheEnd.has(key)) fail('heard-final', `the words of ${key} were final already`);
  if (event.how === 'final' || event.how === 'failed') seen.heardToTheEnd.add(key);
}
