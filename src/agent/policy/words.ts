import type { Ms } from '../../core/index.js';
import { type Phrases, type Reading, read, wordsOf } from './phrases.js';

/** What one ear has understood so far. */
export interface Heard {
  text: string;
  /** When that changed last. */
  sinceMs: Ms;
  /** The part of it that the ear has said before, or said last. */
  sure: string;
}

/** By who heard it. */
export interface Words {
  model: Heard;
  stt: Heard;
}

/** The first words that a recogniser thinks of are often others than the ones it stays with; these have stayed so long. */
const settledMs: Ms = 140;
/** By then it has looked twice. */
const secondLookMs: Ms = 350;

export function noWords(): Words {
  return { model: { text: '', sinceMs: 0, sure: '' }, stt: { text: '', sinceMs: 0, sure: '' } };
}

export function hearText(
  words: Words,
  source: 'model' | 'stt',
  text: string,
  isFinal: boolean,
  atMs: Ms,
): void {
  const heard = words[source];
  if (isFinal) words[source] = { text, sinceMs: atMs, sure: text };
  else if (text !== heard.text) words[source] = { text, sinceMs: atMs, sure: common(heard.text, text) };
}

/** Of all who heard it, whoever understood most. */
export function saidBy({ model, stt }: Words, phrases: Phrases): Reading {
  return most(read(model.text, phrases), read(stt.text, phrases));
}

/** The same, without what may yet turn out to be another word. */
export function surelySaidBy({ model, stt }: Words, phrases: Phrases, onsetMs: Ms, nowMs: Ms): Reading {
  const sure = ({ text, sure, sinceMs }: Heard) => {
    const all = read(text, phrases);
    // Nothing but commands, and more than one word of them, or after some sound: that is not misheard.
    const isLate = sinceMs - onsetMs >= secondLookMs;
    const isPlain = all.command && all.ordered === all.words && (all.words > 1 || isLate);
    return isPlain || nowMs - sinceMs >= settledMs ? all : read(sure, phrases);
  };
  return most(sure(model), sure(stt));
}

function most(one: Reading, other: Reading): Reading {
  if (other.words === 0) return one;
  return {
    words: Math.max(one.words, other.words),
    real: Math.max(one.real, other.real),
    command: one.command || other.command,
    question: one.question || other.question,
    ordered: Math.max(one.ordered, other.ordered),
    letters: Math.max(one.letters, other.letters),
  };
}

/** The words at the beginning that both have. */
function common(one: string, other: string): string {
  const [before, after] = [wordsOf(one), wordsOf(other)];
  const differs = before.findIndex((word, index) => word !== after[index]);
  return (differs < 0 ? before : before.slice(0, differs)).join(' ');
}
