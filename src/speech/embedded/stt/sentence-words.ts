import { digits } from './words.js';

// The recogniser's own spelling of words. Two kinds of it never leave this folder:
// - `a_m`, `p_m`: letters said so often together that they count as one word;
// - `four+`, `n+`: a digit after a digit, a letter after a letter. What may follow in a number or a spelled name differs from
//   what follows the same word elsewhere, and with a memory of one word this is how the recogniser can tell.

const compounds: Readonly<Record<string, string>> = { a_m: 'EY EH M', p_m: 'P IY EH M' };

/** The words of a sentence as the recogniser spells them: small letters, apostrophes inside only. */
export function sentenceWords(sentence: string): string[] {
  const words = sentence
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/\b([ap])\.m\b\.?/g, '$1 m')
    .split(/[^\p{L}\p{N}']+/u)
    .map((word) => word.replace(/^'+(?!(?:til|em|cause|bout)$)|'+$/g, ''))
    .filter((word) => word !== '');
  return markRuns(joinCompounds(words));
}

/** The words as people write them: one for most, two for a compound. */
export function plainWords(word: string): string[] {
  return word.replace(/\+$/, '').split('_');
}

/** Sounds that are known without a dictionary. */
export function knownSounds(word: string): string | undefined {
  // The article "a" has another sound; in a run it is the letter.
  return word === 'a+' ? 'EY' : compounds[word];
}

function joinCompounds(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const pair = `${joined.at(-1)}_${word}`;
    if (pair in compounds) joined[joined.length - 1] = pair;
    else joined.push(word);
  }
  return joined;
}

function markRuns(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const before = words[i - 1];
    if (before === undefined) return word;
    const digit = digits.includes(word) && digits.includes(before);
    return digit || (isLetter(word) && isLetter(before) && spelled(words, i)) ? `${word}+` : word;
  });
}

function isLetter(word: string | undefined): boolean {
  return word !== undefined && /^[a-z]$/.test(word);
}

/** "n o v a k" is spelling; "am i a" is not: two letters count only when neither is also a word. */
function spelled(words: readonly string[], i: number): boolean {
  if (isLetter(words[i - 2]) || isLetter(words[i + 1])) return true;
  return !/[ai]/.test(`${words[i - 1]}${words[i]}`);
}
