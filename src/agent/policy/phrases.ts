import { fillers, type Language, smallWords } from './languages.js';

/** What a text amounts to, between two speakers. */
export interface Reading {
  words: number;
  /** Words that are no part of a backchannel or filler. */
  real: number;
  /** It asks for the floor in so many words. */
  command: boolean;
  /** It asks something in so many words. */
  question: boolean;
  /** Words of a command. */
  ordered: number;
  /** Of all words. */
  letters: number;
}

export interface Phrases {
  languages: readonly Language[];
  backchannels: readonly string[];
  commands: readonly string[];
}

/** Small letters, single spaces, and no punctuation but within a word. */
export function phrase(text: string): string {
  return wordsOf(text).join(' ');
}

/** Which words of a text are small ones. The longest phrase counts: "oh no" is no "no". */
export function read(text: string, known: Phrases): Reading {
  const words = wordsOf(text);
  const reading = {
    words: words.length,
    real: 0,
    command: false,
    question: false,
    ordered: 0,
    letters: words.join('').length,
  };
  for (let at = 0; at < words.length; ) {
    const step = smallPhrase(words, at, known, reading);
    if (step === 0) {
      reading.real += 1;
      reading.question ||= wordLists(known.languages).questions.has(words[at]!);
    }
    at += Math.max(1, step);
  }
  return reading;
}

/** Length of the longest small phrase that begins there, in words; a command is a real one. */
function smallPhrase(words: readonly string[], at: number, known: Phrases, reading: Reading): number {
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const text = words.slice(at, at + length).join(' ');
    const { backchannels, commands } = wordLists(known.languages);
    if (backchannels.has(text) || known.backchannels.includes(text)) return length;
    if (commands.has(text) || known.commands.includes(text)) {
      reading.real += length;
      reading.command = true;
      reading.ordered += length;
      return length;
    }
  }
  return 0;
}

interface WordLists {
  backchannels: ReadonlySet<string>;
  commands: ReadonlySet<string>;
  questions: ReadonlySet<string>;
}

const made = new Map<string, WordLists>();

/** Sets of the languages' words, made once for each choice of languages. */
function wordLists(languages: readonly Language[]): WordLists {
  const key = languages.join();
  let lists = made.get(key);
  if (lists === undefined) {
    const backchannels = new Set([...fillers, ...languages.flatMap((one) => smallWords[one].backchannels)]);
    const commands = new Set(languages.flatMap((one) => smallWords[one].commands));
    const questions = new Set(languages.flatMap((one) => smallWords[one].questions));
    lists = { backchannels, commands, questions };
    made.set(key, lists);
  }
  return lists;
}

/** In small letters, without punctuation. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
}
