import type { Word } from '../../../chat/item.js';
import { type Phone, pause } from '../flite/phones.js';

/**
 * When each word of a clause is heard. `expected[i]` are the sounds of `words[i]` said alone, `phones` those of the whole clause
 * with their times; the two differ where words run together, so they are aligned with the least edits. A word without
 * sounds gets no entry. Times never go back.
 */
export function wordTimes(
  words: readonly string[],
  expected: readonly string[][],
  phones: readonly Phone[],
): Word[] {
  const heard = phones.filter((phone) => phone.name !== pause);
  const owner = owners(expected, heard);
  const times: Word[] = [];
  let at = 0;
  words.forEach((text, word) => {
    if (expected[word]?.length === 0) return;
    const fromMs = heard[at]?.fromMs ?? heard.at(-1)?.toMs ?? 0;
    let toMs = fromMs;
    for (; at < heard.length && owner[at]! <= word; at++) toMs = heard[at]!.toMs;
    times.push({ text, fromMs, toMs });
  });
  return times;
}

/** For each sound heard, the word it belongs to. */
function owners(expected: readonly string[][], heard: readonly Phone[]): number[] {
  const sounds = expected.flatMap((phones, word) => phones.map((name) => ({ name, word })));
  const width = heard.length + 1;
  const cost = new Uint32Array((sounds.length + 1) * width);
  const change = (i: number, j: number) =>
    sounds[i]!.name === heard[j]!.name ? 0 : kin(sounds[i]!.name, heard[j]!.name) ? 2 : 3;
  for (let i = 0; i <= sounds.length; i++) {
    for (let j = 0; j < width; j++) {
      let best = i === 0 && j === 0 ? 0 : Number.POSITIVE_INFINITY;
      if (i > 0) best = Math.min(best, cost[(i - 1) * width + j]! + 2);
      if (j > 0) best = Math.min(best, cost[i * width + j - 1]! + 2);
      if (i > 0 && j > 0) best = Math.min(best, cost[(i - 1) * width + j - 1]! + change(i - 1, j - 1));
      cost[i * width + j] = best;
    }
  }
  const owner = new Array<number>(heard.length).fill(0);
  let i = sounds.length;
  for (let j = heard.length; j > 0; ) {
    const here = cost[i * width + j]!;
    if (i > 0 && here === cost[(i - 1) * width + j - 1]! + change(i - 1, j - 1))
      owner[--j] = sounds[--i]!.word;
    else if (i > 0 && here === cost[(i - 1) * width + j]! + 2) i -= 1;
    // A sound that no word has: it goes with the word before.
    else owner[--j] = sounds[i - 1]?.word ?? 0;
  }
  return owner;
}

/** Both vowels, or both consonants: likelier the same sound than a vowel and a consonant. */
function kin(a: string, b: string): boolean {
  return /^[aeiou]/.test(a) === /^[aeiou]/.test(b);
}
