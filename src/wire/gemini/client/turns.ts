import type { Item, Word } from '../../../chat/item.js';
import { durationToMs } from '../convert/duration.js';
import type { Transcription } from '../messages.js';
import { addItem, type Client, emit, type UserTurn } from './state.js';

/** The user's turn under way, minted where there is none. */
export function currentTurn(client: Client): UserTurn {
  const { state, ids } = client;
  state.turn ??= {
    turn: ids('turn'),
    item: ids('item'),
    text: '',
    words: [],
    committed: false,
    closed: false,
  };
  return state.turn;
}

/**
 * The turn is an item of the conversation from here. `reply`: the wire says nothing, but an answer has begun;
 * `sent`: we ended the turn ourselves.
 */
export function commitTurn(client: Client, turn: UserTurn, basis: 'reply' | 'sent'): void {
  const { state } = client;
  if (turn.committed) return;
  giveUpWords(client);
  turn.committed = true;
  const { lastItem } = state;
  emit(client, {
    t: 'committed',
    turn: turn.turn,
    item: turn.item,
    ...(lastItem === undefined ? {} : { after: lastItem }),
    basis,
  });
  addItem(client, itemOf(turn, 'in_progress'), basis === 'sent' ? 'sent' : 'wire');
}

/**
 * Words of the user. They come before, during or after the answer, in pieces or whole, and nothing says to which turn
 * they belong: while an answer is under way and was not interrupted, they are the answered turn's.
 */
export function heard(client: Client, transcription: Transcription): void {
  const { text, finished, languageCode } = transcription;
  const { state } = client;
  if (state.answering?.closed === true) {
    emit(client, { t: 'unknown', name: 'inputTranscription.late' });
    return;
  }
  const turn = state.answering ?? (state.turn === null ? state.wordless : null) ?? currentTurn(client);
  const words = text ?? '';
  if (words !== '') {
    turn.text += words;
    const timed = timedWords(transcription);
    turn.words.push(...timed);
    emit(client, {
      t: 'heard',
      turn: turn.turn,
      item: turn.item,
      text: words,
      how: 'append',
      ...(timed.length === 0 ? {} : { words: timed }),
      ...(languageCode === undefined ? {} : { language: languageCode }),
    });
  }
  if (finished === true) closeWords(client, turn);
}

/** Transcripts were seen to come seconds after the speech (protocol notes, pains 27). */
const firstWordsMs = 3000;
/** How long further words of a line that has begun are waited for, once the answer to it has been produced. */
const furtherWordsMs = 1000;

/** The answer has been produced: the line that it answers ends soon, at once where lines come whole. */
export function endWordsSoon(client: Client, turn: UserTurn): void {
  const { state, port, nowMs, traits } = client;
  if (turn.closed || turn.text.trim() === '') return;
  if (traits.transcript === 'whole') return closeWords(client, turn);
  state.wordsUntilMs = nowMs + furtherWordsMs;
  port.wakeAt(state.wordsUntilMs);
}

/** Time is up for words that were waited for. */
export function wordsOverdue(client: Client): void {
  const { state, nowMs } = client;
  if (state.wordsUntilMs === null || nowMs < state.wordsUntilMs) return;
  state.wordsUntilMs = null;
  if (state.answering !== null) closeWords(client, state.answering);
  else giveUpWords(client);
}

/** The answer is over, but no words of the turn have come: they may yet. */
export function awaitWords(client: Client, turn: UserTurn): void {
  const { state, port, nowMs } = client;
  giveUpWords(client);
  state.wordless = turn;
  state.wordsUntilMs = nowMs + firstWordsMs;
  port.wakeAt(state.wordsUntilMs);
}

/** What is said from here is another turn's. */
export function giveUpWords(client: Client): void {
  const { state, port } = client;
  if (state.wordless === null) return;
  closeWords(client, state.wordless);
  state.wordless = null;
  state.wordsUntilMs = null;
  port.wakeAt(null);
}

/** The line of words ends here; `finished` does not come in practice. */
export function closeWords(client: Client, turn: UserTurn | null): void {
  if (turn === null || turn.closed) return;
  turn.closed = true;
  const { turn: id, item, words } = turn;
  if (turn.text.trim() !== '') {
    const timed = words.length === 0 ? {} : { words };
    emit(client, { t: 'heard', turn: id, item, text: turn.text.trim(), how: 'final', ...timed });
  } else if (client.state.config?.transcription != null) {
    emit(client, { t: 'heard', turn: id, item, text: 'No words came for this turn', how: 'failed' });
  }
  if (turn.committed)
    emit(client, { t: 'item', phase: 'done', item: itemOf(turn, 'completed'), basis: 'wire' });
}

/** Those that have both times. */
function timedWords({ words = [] }: Transcription): Word[] {
  return words.flatMap(({ word, startOffset, endOffset }) => {
    const fromMs = durationToMs(startOffset);
    const toMs = durationToMs(endOffset);
    return word === undefined || fromMs === undefined || toMs === undefined || toMs < fromMs
      ? []
      : [{ text: word, fromMs, toMs }];
  });
}

function itemOf(turn: UserTurn, status: 'in_progress' | 'completed'): Item {
  const words = turn.text.trim();
  return {
    kind: 'message',
    id: turn.item,
    role: 'user',
    parts: [{ kind: 'audio', transcript: words === '' ? null : words }],
    status,
  };
}
