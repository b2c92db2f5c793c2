import type { Flite } from './flite.js';
import { phoneGroups } from './phones.js';

/** Words whose sounds are kept; enough for the vocabulary of an agent. */
const cacheLimit = 4_000;

/**
 * Text to phonemes, by the dictionary and the letter-to-sound rules of flite's smallest voice: 1 to 5 ms for a sentence
 * of new words, nothing for words heard of before.
 */
export class Pronouncer {
  readonly #flite: Flite;
  readonly #known = new Map<string, string[]>();

  constructor(flite: Flite) {
    this.#flite = flite;
  }

  /**
   * The phones of each word said on its own, in flite's spelling; empty for what has no sound. A word may be anything without
   * blanks ("10:30", "Dr."); it must not hold a comma or semicolon followed by anything.
   */
  phones(words: readonly string[]): string[][] {
    const unknown = [...new Set(words)].filter((word) => word !== '' && !this.#known.has(word));
    if (this.#known.size + unknown.length > cacheLimit) this.#known.clear();
    if (unknown.length > 0) this.#learn(unknown);
    return words.map((word) => this.#known.get(word) ?? this.#alone(word));
  }

  /** All in one run, held apart by semicolons, which become silences. */
  #learn(words: readonly string[]): void {
    const groups = this.#ask(words.map((word) => `${bare(word)};`).join(' '));
    // Another number of groups: some word had no sound, or more than one.
    if (groups.length === words.length)
      for (const [i, group] of groups.entries()) this.#known.set(words[i]!, group);
    else for (const word of words) this.#alone(word);
  }

  #alone(word: string): string[] {
    if (word === '') return [];
    const phones = this.#ask(bare(word)).flat();
    this.#known.set(word, phones);
    return phones;
  }

  #ask(text: string): string[][] {
    return phoneGroups(this.#flite.run(['-ps', '-voice', 'kal16', ` ${text} `, 'none']).stdout);
  }
}

function bare(word: string): string {
  return word.replace(/[,;:!?]+$/, '');
}

/** The same sounds in the spelling of the recogniser's dictionary (CMU, 39 phones, capitals, no schwa). */
export function dictionaryPhones(phones: readonly string[]): string {
  return phones.map((phone) => (phone === 'ax' ? 'AH' : phone.toUpperCase())).join(' ');
}
