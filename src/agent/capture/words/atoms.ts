import type { Token } from './tokens.js';
import type { NumberWord, Vocabulary } from './vocabulary.js';

/** One word of a run of numbers, or one that may stand between them. */
export type Atom = (
  | NumberWord
  /** Digits or letters that stand for themselves. */
  | { n: 'literal'; text: string }
  | { n: 'skip' }
) & { joined: boolean; apart: boolean; weak: boolean };

/** The atoms of one token: several for a word such as "einundzwanzig", none for one that is no number. */
export function numberAtoms(token: Token, vocabulary: Vocabulary): Atom[] {
  const { word, joined, apart } = token;
  if (/^\d+$/.test(word)) return [{ n: 'literal', text: word, joined, apart, weak: false }];
  const parts = vocabulary.parts(word) ?? [word];
  const found = parts.map((part) => vocabulary.number(part));
  return found.flatMap((number, i) =>
    number === undefined
      ? []
      : [{ ...number, joined: i > 0 || joined, apart: i === 0 && apart, weak: vocabulary.isWeak(word) }],
  );
}

export function skip({ joined, apart }: Pick<Token, 'joined' | 'apart'>): Atom {
  return { n: 'skip', joined, apart, weak: false };
}

export function literal(text: string, { joined, apart }: Pick<Token, 'joined' | 'apart'>): Atom {
  return { n: 'literal', text, joined, apart, weak: false };
}
