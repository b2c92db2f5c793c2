import { type Atom, numberAtoms } from '../words/atoms.js';
import { readings } from '../words/readings.js';
import type { Token } from '../words/tokens.js';
import type { Vocabulary } from '../words/vocabulary.js';

/** How the counting forms of numbers end, by language: cut off, they are the numbers. */
const endings: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  en: [
    [/tieth$/, 'ty'],
    [/th$/, ''],
  ],
  de: [
    [/ste[nrs]?$/, ''],
    [/te[nrs]?$/, ''],
  ],
  nb: [
    [/ende$/, ''],
    [/nde$/, ''],
    [/de$/, ''],
  ],
};

/** The numbers among some words, counting forms ("twelfth") with the others: zero joins the one behind it ("oh three"). */
export function numbersIn(all: readonly Token[], vocabulary: Vocabulary): string[] {
  const found: string[] = [];
  let atoms: Atom[] = [];
  const flush = () => {
    const [likeliest] = atoms.length === 0 ? [] : readings(atoms, vocabulary.lexicon.rules);
    const numbers = likeliest?.numbers.map(({ text }) => text) ?? [];
    numbers.forEach((text, i) => {
      if (i > 0 && numbers[i - 1] === '0' && text.length === 1) found[found.length - 1] = `0${text}`;
      else found.push(text);
    });
    atoms = [];
  };
  for (const token of all) {
    // "12th": the numeral has it all.
    if (/^(st|nd|rd|th|er|re|e|o|a)$/.test(token.word) && atoms.at(-1)?.n === 'literal') continue;
    const own = atomsOf(token, vocabulary);
    const more = atoms.length === 0 && own[0]?.n === 'and' ? [] : own;
    const isAlone = more.length > 0 && more[0]!.weak && more.length === 1;
    if (more.length === 0 || isAlone) flushUnlessJoined(more);
    else atoms.push(...more);
  }
  while (atoms.at(-1)?.n === 'and') atoms.pop();
  flush();
  return found;

  /** Articles and "oh" count among numbers only. */
  function flushUnlessJoined(more: readonly Atom[]): void {
    const isZero = more[0]?.n === 'value' && more[0].value === 0;
    if (more.length > 0 && (isZero || atoms.length > 0)) atoms.push(...more);
    else {
      while (atoms.at(-1)?.n === 'and') atoms.pop();
      flush();
    }
  }
}

function atomsOf(token: Token, vocabulary: Vocabulary): Atom[] {
  const plain = numberAtoms(token, vocabulary);
  if (plain.length > 0) return plain;
  const counting = countingAtoms(token, vocabulary);
  if (counting.length > 0) return counting;
  for (const [pattern, replacement] of endings[vocabulary.lexicon.language] ?? []) {
    const atoms = numberAtoms({ ...token, word: token.word.replace(pattern, replacement) }, vocabulary);
    if (pattern.test(token.word) && atoms.length > 0) return atoms;
  }
  return [];
}

/** "Third", and "tjueførste": a ten grown together with one. */
function countingAtoms(token: Token, vocabulary: Vocabulary): Atom[] {
  for (let from = 0; from < token.word.length - 2; from++) {
    const ordinal = vocabulary.ordinal([token.word.slice(from)], 0)?.means ?? 0;
    if (ordinal < 1) continue;
    const head = from === 0 ? [] : numberAtoms({ ...token, word: token.word.slice(0, from) }, vocabulary);
    if (from > 0 && head.length === 0) continue;
    const { joined, apart } = token;
    return [...head, { n: 'value', value: ordinal, joined: from > 0 || joined, apart, weak: false }];
  }
  return [];
}
