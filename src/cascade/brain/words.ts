import { answerTurn } from './slot.js';
import { type BrainInput, emit, type Pass } from './state.js';
import { failWords, heardItem, spanOf } from './waiting.js';

type InputOf<K extends BrainInput['in']> = Extract<BrainInput, { in: K }>;

/**
 * The recogniser's words, for the utterance under way or for one that waits. Final words are answered under auto-reply,
 * unless there are none: then the item stays, with an empty transcript, and nobody replies.
 */
export function words(pass: Pass, input: InputOf<'words'>): void {
  const { state, fx } = pass;
  if (input.how === 'interim') {
    tellInterim(pass, input.item, input.text);
    return;
  }
  const place = state.unheard.findIndex((unheard) => unheard.item === input.item);
  const unheard = state.unheard[place];
  if (unheard === undefined) return;
  state.unheard.splice(place, 1);
  const { item, turn } = unheard;
  if (input.how === 'failed') {
    failWords(pass, unheard, input.text);
    return;
  }
  fx.push({ fx: 'transcript', item, text: input.text });
  if (state.config.transcription !== null) {
    emit(pass, { t: 'heard', item, ...spanOf(unheard), text: input.text, how: 'final', words: input.words });
  }
  // A response that waited for these very words answers them.
  const answered = state.main?.awaiting.includes(item) === true;
  heardItem(pass, item);
  if (unheard.answer && !answered && turn !== null && input.text.trim() !== '') answerHeard(pass, turn);
}

function answerHeard(pass: Pass, turn: string): void {
  const { state } = pass;
  const { turns } = state.config;
  // The user goes on talking, and that would cut the answer at once: their next turn is answered instead.
  if (state.utterance?.speaking && turns.owner === 'wire' && turns.autoCut) return;
  answerTurn(pass, turn);
}

function tellInterim(pass: Pass, item: string, text: string): void {
  const { state } = pass;
  const { utterance } = state;
  const holder =
    utterance?.item === item ? utterance : state.unheard.find((unheard) => unheard.item === item);
  if (holder === undefined || holder.interim === text) return;
  const grown = text.startsWith(holder.interim);
  const news = grown ? text.slice(holder.interim.length) : text;
  holder.interim = text;
  if (state.config.transcription === null) return;
  const turn = holder.turn === null ? {} : { turn: holder.turn };
  emit(pass, { t: 'heard', item, ...turn, text: news, how: grown ? 'append' : 'replace' });
}
