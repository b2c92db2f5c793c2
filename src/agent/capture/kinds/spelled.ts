import { type Atom, numberAtoms } from '../words/atoms.js';
import { readings } from '../words/readings.js';
import { letterAt } from '../words/spelling.js';
import { type Token, tokens } from '../words/tokens.js';
import type { Vocabulary } from '../words/vocabulary.js';

/** A turn in which somebody spells, in pieces. */
export type Piece =
  /** A letter, or digits. */
  | { p: 'spelled'; text: string }
  | { p: 'sign'; text: string }
  | { p: 'word'; text: string; joined: boolean }
  /** "My address is": what counts comes behind it. */
  | { p: 'lead'; text: string }
  /** Yes, no, sorry: no part of a value either. */
  | { p: 'small'; c: string; text: string };

/** Cuts a turn into pieces. `signs`: words such as "dot" and "at" stand for signs. */
export function pieces(text: string, vocabulary: Vocabulary, signs: boolean): Piece[] {
  const all = tokens(text);
  const words = all.map(({ word }) => word);
  const found: Piece[] = [];
  for (let at = 0; at < all.length; ) {
    const token = all[at]!;
    const goesOn = found.at(-1)?.p === 'sign' || found.at(-1)?.p === 'spelled';
    const run = digitsAt(all, words, at, vocabulary, goesOn);
    const sign = signs ? vocabulary.symbol(words, at) : undefined;
    const lead = vocabulary.lead(words, at);
    const named = vocabulary.wordClass(words, at);
    const letter = letterAt(words, at, vocabulary);
    const isPhrase = (named?.length ?? 0) > 1 || (lead?.length ?? 0) > 1;
    if (run !== undefined) {
      found.push({ p: 'spelled', text: run.text });
      at += run.length;
    } else if (sign !== undefined) {
      found.push({ p: 'sign', text: sign.means });
      at += sign.length;
    } else if (letter !== undefined && !isPhrase && spells(words, at, letter.length, vocabulary)) {
      found.push({ p: 'spelled', text: letter.text });
      at += letter.length;
    } else if (lead !== undefined && lead.length >= (named?.length ?? 0)) {
      found.push({ p: 'lead', text: token.text.toLowerCase() });
      at += lead.length;
    } else if (named !== undefined) {
      found.push({ p: 'small', c: named.means, text: token.text.toLowerCase() });
      at += named.length;
    } else {
      found.push({ p: 'word', text: token.text.toLowerCase(), joined: token.joined });
      at += 1;
    }
  }
  return found;
}

/** Whether something is spelled: "I", "a" or "y" between words is not. */
export function isSpelling(all: readonly Piece[]): boolean {
  return all.some(
    (piece, at) => piece.p === 'spelled' && (piece.text.length > 1 || all[at + 1]?.p === 'spelled'),
  );
}

/** One letter by itself is a letter; a name of one ("en", "elle") or a word for one only beside others. */
function spells(words: readonly string[], at: number, length: number, vocabulary: Vocabulary): boolean {
  if (length > 1 || words[at]!.length === 1) return true;
  const isOther = (place: number) =>
    words[place] !== undefined && letterAt(words, place, vocabulary) !== undefined;
  return isOther(at - 1) || isOther(at + 1);
}

/** Numbers, and letters behind "double". */
function digitsAt(
  all: readonly Token[],
  words: readonly string[],
  from: number,
  vocabulary: Vocabulary,
  goesOn: boolean,
): { text: string; length: number } | undefined {
  const atoms: Atom[] = [];
  let at = from;
  const repeat = vocabulary.repeat(words, at);
  if (repeat !== undefined) {
    const letter = letterAt(words, at + repeat.length, vocabulary);
    if (letter !== undefined) {
      return { text: letter.text.repeat(repeat.means), length: repeat.length + letter.length };
    }
    const { joined, apart } = all[at]!;
    atoms.push({ n: 'repeat', times: repeat.means, joined, apart, weak: false });
    at += repeat.length;
  }
  for (; at < all.length; at++) {
    const more = numberAtoms(all[at]!, vocabulary);
    // Single letters are no numbers here, and articles only among others.
    const isLetter = /^\p{L}$/u.test(words[at]!);
    const isSmall = more.every((atom) => (atom.weak && !goesOn) || atom.n === 'and');
    if (more.length === 0 || isLetter || (atoms.length === 0 && isSmall)) break;
    atoms.push(...more);
  }
  while (atoms.at(-1)?.n === 'and') {
    atoms.pop();
    at--;
  }
  if (at === from || atoms.every((atom) => atom.n === 'repeat')) return undefined;
  const [likeliest] = readings(atoms, vocabulary.lexicon.rules);
  return likeliest === undefined ? undefined : { text: likeliest.text, length: at - from };
}
