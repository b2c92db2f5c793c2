import type { Atom } from './atoms.js';
import type { NumberRules } from './lexicon.js';
import { numberPhrases } from './number-phrases.js';

/** One way to write down a run of number words. */
export interface Reading {
  text: string;
  /** The numbers it is made of; `apart`: a comma was before it. */
  numbers: readonly { text: string; apart: boolean }[];
}

interface Path extends Reading {
  cost: number;
}

/** Readings kept at each place. */
const width = 12;
/** Between numbers an "and" is rare where it joins tens and units. */
const strayAnd = 0.5;
/** A number that begins in the middle of a grown-together word. */
const torn = 1.5;
/** Of equals, the one that joined words earlier. */
const earlier = 1e-3;

/**
 * The ways to write down a run of number words, the likeliest first: "forty two" is 42 and then 402. Fewest numbers win;
 * the caller chooses among the rest by what fits (length, country).
 */
export function readings(atoms: readonly Atom[], rules: NumberRules): Reading[] {
  const paths: Path[][] = Array.from({ length: atoms.length + 1 }, () => []);
  paths[0] = [{ text: '', numbers: [], cost: 0 }];
  for (let from = 0; from < atoms.length; from++) {
    const here = best(paths[from]!);
    const atom = atoms[from]!;
    if (atom.n === 'skip' || atom.n === 'and') {
      const cost = atom.n === 'and' && rules.unitAndTens ? strayAnd : 0;
      paths[from + 1]!.push(...here.map((path) => ({ ...path, cost: path.cost + cost })));
      continue;
    }
    for (const { length, digits, penalty } of numberPhrases(atoms, from, rules)) {
      const broken = atom.joined && atom.n !== 'literal' && from > 0 ? torn : 0;
      const cost = 1 + penalty + broken - from * earlier;
      for (const path of here) {
        paths[from + length]!.push({
          text: path.text + digits,
          numbers: [...path.numbers, { text: digits, apart: atom.apart }],
          cost: path.cost + cost,
        });
      }
    }
  }
  return best(paths[atoms.length]!);
}

function best(paths: readonly Path[]): Path[] {
  const sorted = [...paths].sort((a, b) => a.cost - b.cost);
  return sorted.filter((path, i) => sorted.findIndex(({ text }) => text === path.text) === i).slice(0, width);
}
