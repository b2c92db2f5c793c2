import type { Vocabulary } from './vocabulary.js';

/**
 * A spelled letter: by itself ("b"), by its name ("double u"), by a word for it ("b as in bravo", "bravo"). Where the
 * word and the letter differ the word is believed: letters sound alike, words do not.
 */
export function letterAt(
  words: readonly string[],
  at: number,
  vocabulary: Vocabulary,
): { text: string; length: number } | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  const letter = vocabulary.letter(word);
  if (letter !== undefined) {
    const as = vocabulary.asIn(words, at + 1);
    const example = as === undefined ? undefined : words[at + 1 + as.length];
    if (as !== undefined && example !== undefined && example.length > 1) {
      return { text: example[0]!, length: 2 + as.length };
    }
    return { text: letter, length: 1 };
  }
  return vocabulary.isOfAlphabet(word) ? { text: word[0]!, length: 1 } : undefined;
}
