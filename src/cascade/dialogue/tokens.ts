import { numberWords } from './spoken.js';

/** Words that carry no meaning in a request. */
export const defaultFillers: readonly string[] =
  'um uh uhm er erm ah hmm mm please hello hi hey well so okay ok just actually then now thanks'.split(' ');

const light = new Set(
  'a an the to for on at in of by with i id im ill you we me my your our is are am be do does did can could would will want like need have has it its that this there and or'.split(
    ' ',
  ),
);

/** How much a word says about what is meant: articles and the like little, everything else 1. */
export function weightOf(token: string): number {
  return light.has(token) ? 0.3 : 1;
}

/**
 * Words as they are compared: lower case, without punctuation and apostrophes; numbers of up to three figures as words;
 * "a m" and "a.m." as "am".
 */
export function tokenise(text: string): string[] {
  const tokens: string[] = [];
  const cleaned = text
    .toLowerCase()
    .replace(/\b([ap])\s*\.?\s*m\b\.?/g, ' $1m ')
    .replace(/['’]/g, '');
  for (const piece of cleaned.match(/\p{L}+|\p{N}+/gu) ?? []) {
    if (/^[1-9]?\d{1,2}$/.test(piece) && !/^0\d/.test(piece))
      tokens.push(...numberWords(Number(piece)).split(' '));
    else tokens.push(piece);
  }
  return tokens;
}
