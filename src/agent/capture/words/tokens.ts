import { folded } from './lexicon.js';

export interface Token {
  /** As it is looked up. */
  word: string;
  /** As it was written. */
  text: string;
  /** Grown together with the one before: by a hyphen. */
  joined: boolean;
  /** Behind a comma or a full stop. */
  apart: boolean;
}

const shapes = /\d+|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|[@_+/#*-]|[.,;:!?…]/gu;

/** Words, numerals and signs of a text. A hyphen inside a word is no sign; a full stop inside an address is one. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let [apart, joined] = [false, false];
  let end = -1;
  for (const match of text.matchAll(shapes)) {
    const [sign] = match;
    const isInside = match.index === end && /[\p{L}\d]/u.test(text[match.index + sign.length] ?? '');
    end = match.index + sign.length;
    if (sign === '-' && isInside) joined = true;
    else if (/^[,;:!?…]$/.test(sign) || (sign === '.' && !isInside)) apart = true;
    else {
      found.push({ word: folded(sign).replace(/^l'/, ''), text: sign, joined, apart });
      [apart, joined] = [false, false];
    }
  }
  return found;
}
