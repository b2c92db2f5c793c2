import { type Atom, literal, numberAtoms, skip } from './atoms.js';
import type { WordClass } from './lexicon.js';
import { type Reading, readings } from './readings.js';
import { letterAt } from './spelling.js';
import { type Token, tokens } from './tokens.js';
import type { Vocabulary } from './vocabulary.js';

/** A sentence about a value, in pieces that mean something. `apart`: behind a comma or a full stop. */
export type Lexeme = (
  | { c: WordClass }
  | { c: 'ordinal'; at: number }
  /** A run of digits (or letters): `weak` where it is perhaps none, as "oh" or an article. */
  | { c: 'value'; readings: readonly Reading[]; weak: boolean }
  | { c: 'word'; text: string }
) & { apart: boolean };

export interface LexOptions {
  /** Letters count as well as digits. */
  letters: boolean;
  /** "to" between digits is two. */
  soundAlikes: boolean;
}

/** Cuts a sentence into lexemes: the longest phrase wins, a number against a single word of another meaning. */
export function lexemes(text: string, vocabulary: Vocabulary, options: LexOptions): Lexeme[] {
  const all = tokens(text);
  const words = all.map((token) => token.word);
  const found: Lexeme[] = [];
  for (let at = 0; at < all.length; ) {
    const { apart } = all[at]!;
    const run = isPhrase(words, at, vocabulary) ? undefined : runAt(all, words, at, vocabulary, options);
    if (run !== undefined) {
      const { rules } = vocabulary.lexicon;
      found.push({ c: 'value', readings: readings(run.atoms, rules), weak: run.atoms.every(isWeak), apart });
      at += run.length;
      continue;
    }
    const ordinal = vocabulary.ordinal(words, at);
    const named = vocabulary.wordClass(words, at);
    if (ordinal !== undefined && ordinal.length >= (named?.length ?? 0)) {
      found.push({ c: 'ordinal', at: ordinal.means, apart });
      at += ordinal.length;
    } else if (named !== undefined) {
      found.push({ c: named.means, apart });
      at += named.length;
    } else {
      found.push({ c: 'word', text: words[at]!, apart });
      at += 1;
    }
  }
  return found;
}

function isWeak(atom: Atom): boolean {
  return atom.weak || atom.n === 'skip';
}

/** A phrase of several words goes before a number that one of them may be: "the last one". */
function isPhrase(words: readonly string[], at: number, vocabulary: Vocabulary): boolean {
  const length = Math.max(
    vocabulary.ordinal(words, at)?.length ?? 0,
    vocabulary.wordClass(words, at)?.length ?? 0,
  );
  return length > 1 && vocabulary.repeat(words, at) === undefined;
}

interface Run {
  atoms: Atom[];
  length: number;
}

/** The longest run of numbers (and letters) that begins here; what stands between two of them is skipped. */
function runAt(
  all: readonly Token[],
  words: readonly string[],
  from: number,
  vocabulary: Vocabulary,
  options: LexOptions,
): Run | undefined {
  const atoms: Atom[] = [];
  let pending: Atom[] = [];
  let end = from;
  for (let at = from; at < all.length; ) {
    const token = all[at]!;
    const piece = isPhrase(words, at, vocabulary) ? undefined : pieceAt(all, words, at, vocabulary, options);
    if (piece !== undefined && (atoms.length > 0 || piece.atoms[0]!.n !== 'and')) {
      const isJoin = piece.atoms.every((atom) => atom.n === 'and' || atom.n === 'repeat');
      pending.push(...piece.atoms);
      at += piece.length;
      if (isJoin) continue;
      atoms.push(...pending);
      pending = [];
      end = at;
      continue;
    }
    const filler = fillerAt(words, at, vocabulary);
    const alike = atoms.length > 0 && options.soundAlikes ? vocabulary.soundAlike(token.word) : undefined;
    if (alike !== undefined && pieceAt(all, words, at + 1, vocabulary, options) !== undefined) {
      pending.push({ ...literal(String(alike), token), weak: true });
      at += 1;
    } else if (filler > 0 && (atoms.length > 0 || pending.length > 0)) {
      pending.push(skip(token));
      at += filler;
    } else break;
  }
  return atoms.length === 0 ? undefined : { atoms, length: end - from };
}

/** One number word, a numeral, a repetition, or, where they count, a letter or a sign. */
function pieceAt(
  all: readonly Token[],
  words: readonly string[],
  at: number,
  vocabulary: Vocabulary,
  { letters }: LexOptions,
): Run | undefined {
  const token = all[at];
  if (token === undefined) return undefined;
  const repeat = vocabulary.repeat(words, at);
  if (repeat !== undefined) {
    const { joined, apart } = token;
    return {
      atoms: [{ n: 'repeat', times: repeat.means, joined, apart, weak: false }],
      length: repeat.length,
    };
  }
  if (letters) {
    const letter = letterAt(words, at, vocabulary);
    if (letter !== undefined) return { atoms: [literal(letter.text, token)], length: letter.length };
  }
  const atoms = numberAtoms(token, vocabulary);
  if (atoms.length > 0) return { atoms, length: 1 };
  const sign = vocabulary.symbol(words, at);
  if (sign?.means === '+' && numberAtoms(all[at + sign.length] ?? token, vocabulary).length > 0) {
    return { atoms: [literal('+', token)], length: sign.length };
  }
  return undefined;
}

function fillerAt(words: readonly string[], at: number, vocabulary: Vocabulary): number {
  const named = vocabulary.wordClass(words, at);
  if (named?.means === 'filler' || named?.means === 'article') return named.length;
  const sign = vocabulary.symbol(words, at);
  return sign !== undefined && '-./'.includes(sign.means) ? sign.length : 0;
}
