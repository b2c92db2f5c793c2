import { alternatives, folded, type Lexicon, type WordClass } from './lexicon.js';
import { tokens } from './tokens.js';

/** One number word: its value, or what it does to others. */
export type NumberWord =
  | { n: 'value'; value: number }
  | { n: 'hundred' }
  | { n: 'thousand' }
  | { n: 'and' }
  | { n: 'repeat'; times: number };

interface Phrase<V> {
  words: readonly string[];
  means: V;
}

/** A lexicon made ready for looking up; one for each language, made when first used. */
export class Vocabulary {
  readonly lexicon: Lexicon;
  readonly #numbers = new Map<string, NumberWord>();
  readonly #repeats = phraseTable<number>();
  readonly #classes = phraseTable<WordClass>();
  readonly #ordinals = phraseTable<number>();
  readonly #symbols = phraseTable<string>();
  readonly #letters = new Map<string, string>();
  readonly #alphabet: ReadonlySet<string>;
  readonly #asIn = phraseTable<true>();
  readonly #leads = phraseTable<true>();
  readonly #weak: ReadonlySet<string>;
  readonly #soundAlikes = new Map<string, number>();

  constructor(lexicon: Lexicon) {
    this.lexicon = lexicon;
    for (const [value, words] of Object.entries(lexicon.numbers)) {
      for (const word of alternatives(words))
        this.#numbers.set(folded(word), { n: 'value', value: Number(value) });
    }
    for (const n of ['hundred', 'thousand', 'and'] as const) {
      for (const word of alternatives(lexicon[n])) if (word !== '') this.#numbers.set(folded(word), { n });
    }
    for (const [times, words] of Object.entries(lexicon.repeats))
      addPhrases(this.#repeats, words, Number(times));
    for (const [name, words] of Object.entries(lexicon.classes)) {
      addPhrases(this.#classes, words, name as WordClass);
    }
    for (const [at, words] of Object.entries(lexicon.ordinals)) addPhrases(this.#ordinals, words, Number(at));
    for (const [sign, words] of Object.entries(lexicon.symbols)) addPhrases(this.#symbols, words, sign);
    for (const [letter, words] of Object.entries(lexicon.letters)) {
      for (const word of alternatives(words)) this.#letters.set(folded(word), letter);
    }
    addPhrases(this.#asIn, lexicon.asIn, true);
    addPhrases(this.#leads, lexicon.leads, true);
    this.#alphabet = new Set(alternatives(lexicon.alphabet).map(folded));
    this.#weak = new Set(alternatives(lexicon.weak).map(folded));
    for (const [digit, words] of Object.entries(lexicon.soundAlikes)) {
      for (const word of alternatives(words)) this.#soundAlikes.set(folded(word), Number(digit));
    }
  }

  number(word: string): NumberWord | undefined {
    return this.#numbers.get(word);
  }

  isWeak(word: string): boolean {
    return this.#weak.has(word);
  }

  soundAlike(word: string): number | undefined {
    return this.#soundAlikes.get(word);
  }

  repeat(words: readonly string[], from: number) {
    return longest(this.#repeats, words, from);
  }

  wordClass(words: readonly string[], from: number) {
    return longest(this.#classes, words, from);
  }

  ordinal(words: readonly string[], from: number) {
    return longest(this.#ordinals, words, from);
  }

  symbol(words: readonly string[], from: number) {
    return longest(this.#symbols, words, from);
  }

  asIn(words: readonly string[], from: number) {
    return longest(this.#asIn, words, from);
  }

  lead(words: readonly string[], from: number) {
    return longest(this.#leads, words, from);
  }

  /** A single letter, by itself or by its name. */
  letter(word: string): string | undefined {
    return /^\p{L}$/u.test(word) ? word : this.#letters.get(word);
  }

  isOfAlphabet(word: string): boolean {
    return this.#alphabet.has(word);
  }

  /** The parts of a word such as "einundzwanzig" or "nittenåttifire"; undefined where it is not made of numbers only. */
  parts(word: string): readonly string[] | undefined {
    if (word.length < 5 || this.#numbers.has(word)) return undefined;
    return this.#split(word);
  }

  #split(word: string): readonly string[] | undefined {
    if (this.#numbers.has(word)) return [word];
    for (let end = word.length - 2; end >= 2; end--) {
      const head = word.slice(0, end);
      if (!this.#numbers.has(head)) continue;
      const rest = this.#split(word.slice(end));
      if (rest !== undefined) return [head, ...rest];
    }
    return undefined;
  }
}

type PhraseTable<V> = Map<string, Phrase<V>[]>;

function phraseTable<V>(): PhraseTable<V> {
  return new Map();
}

function addPhrases<V>(table: PhraseTable<V>, phrases: string, means: V): void {
  for (const phrase of alternatives(phrases)) {
    if (phrase === '') continue;
    // A sign by itself is punctuation to the tokens of a text.
    const words = phrase.length === 1 ? [folded(phrase)] : tokens(phrase).map(({ word }) => word);
    const first = words[0]!;
    const others = table.get(first) ?? [];
    others.push({ words, means });
    others.sort((a, b) => b.words.length - a.words.length);
    table.set(first, others);
  }
}

function longest<V>(table: PhraseTable<V>, words: readonly string[], from: number) {
  const found = table
    .get(words[from] ?? '')
    ?.find((phrase) => phrase.words.every((word, i) => words[from + i] === word));
  return found === undefined ? undefined : { means: found.means, length: found.words.length };
}
