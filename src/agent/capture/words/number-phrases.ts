import type { Atom } from './atoms.js';
import type { NumberRules } from './lexicon.js';

/** A number that begins at some atom: how many atoms it takes, what it is written as, and what speaks against it. */
export interface NumberPhrase {
  length: number;
  digits: string;
  penalty: number;
}

interface Sum {
  length: number;
  value: number;
  penalty: number;
}

/** A comma inside a number. */
const tornPenalty = 1.5;
/** 80 where 04 20 is meant. */
const zeroFourPenalty = 3;

/** Every number that can begin at `from`, the shortest first. */
export function numberPhrases(atoms: readonly Atom[], from: number, rules: NumberRules): NumberPhrase[] {
  const atom = atoms[from];
  if (atom === undefined) return [];
  if (atom.n === 'literal') return [{ length: 1, digits: atom.text, penalty: 0 }];
  if (atom.n === 'repeat') return repeated(atoms, from, atom.times);
  return thousands(atoms, from, rules).map(({ length, value, penalty }) => ({
    length,
    digits: String(value),
    penalty: penalty + commas(atoms, from, length),
  }));
}

function repeated(atoms: readonly Atom[], from: number, times: number): NumberPhrase[] {
  let at = from + 1;
  while (atoms[at]?.n === 'skip') at++;
  const phrases = [timesAt(atoms, from, at, times)];
  // "Zweimal eine sechs": an article, but a one more often.
  if (atoms[at]?.weak === true) phrases.push(timesAt(atoms, from, at + 1, times, tornPenalty));
  return phrases.flatMap((phrase) => phrase ?? []);
}

function timesAt(
  atoms: readonly Atom[],
  from: number,
  at: number,
  times: number,
  penalty = 0,
): NumberPhrase | undefined {
  const atom = atoms[at];
  const digit = atom?.n === 'literal' ? atom.text : atom?.n === 'value' ? String(atom.value) : '';
  // "Double forty two" is no number that anybody says; "double" and a numeral is its first digit twice.
  if (digit === '' || (digit.length > 1 && atom?.n !== 'literal')) return undefined;
  return { length: at - from + 1, digits: digit[0]!.repeat(times) + digit.slice(1), penalty };
}

function commas(atoms: readonly Atom[], from: number, length: number): number {
  return atoms.slice(from + 1, from + length).some((atom) => atom.apart) ? tornPenalty : 0;
}

function valueAt(atoms: readonly Atom[], at: number): number | undefined {
  const atom = atoms[at];
  return atom?.n === 'value' ? atom.value : undefined;
}

const isUnit = (value: number | undefined): value is number =>
  value !== undefined && value >= 1 && value <= 9;
const isTen = (value: number | undefined): value is number =>
  value !== undefined && value >= 20 && value < 100 && value % 10 === 0;

function belowHundred(atoms: readonly Atom[], from: number, rules: NumberRules): Sum[] {
  const first = valueAt(atoms, from);
  if (first === undefined || first >= 100) return [];
  const sums: Sum[] = [{ length: 1, value: first, penalty: 0 }];
  const joins = atoms[from + 1]?.n === 'and';
  const second = valueAt(atoms, from + 1);
  const third = joins ? valueAt(atoms, from + 2) : undefined;
  const { tensThenUnit, unitAndTens, byTwenties } = rules;
  if (isTen(first)) {
    if (tensThenUnit !== 'and' && tensThenUnit !== 'none' && isUnit(second)) {
      sums.push({ length: 2, value: first + second, penalty: 0 });
    }
    const takesAnd = tensThenUnit === 'and' || (tensThenUnit === 'either' && third === 1);
    if (takesAnd && isUnit(third)) sums.push({ length: 3, value: first + third, penalty: 0 });
  }
  if (unitAndTens && isUnit(first) && isTen(third)) {
    sums.push({ length: 3, value: first + third, penalty: 0 });
  }
  if (byTwenties) sums.push(...twenties(atoms, from));
  return sums;
}

/** French: 10 and 7 are 17, 60 and 11 are 71, 4 and 20 are 80, and so on to 99. */
function twenties(atoms: readonly Atom[], from: number): Sum[] {
  const [first, second] = [valueAt(atoms, from), valueAt(atoms, from + 1)];
  const sums: Sum[] = [];
  const add = (base: number, at: number, penalty: number) => {
    for (const { length, value } of upToNineteen(atoms, at)) {
      sums.push({ length: at - from + length, value: base + value, penalty });
    }
  };
  if (first === 10 && isUnit(second) && second >= 7) sums.push({ length: 2, value: 10 + second, penalty: 0 });
  if (first === 60) {
    const at = atoms[from + 1]?.n === 'and' ? from + 2 : from + 1;
    for (const sum of upToNineteen(atoms, at)) {
      if (sum.value >= 10) sums.push({ length: at - from + sum.length, value: 60 + sum.value, penalty: 0 });
    }
  }
  if (first === 4 && second === 20) {
    // "zéro quatre vingt" is 04 20 to people who say numbers in pairs, unless 80 is written with its hyphen.
    const penalty = valueAt(atoms, from - 1) === 0 && !atoms[from + 1]!.joined ? zeroFourPenalty : 0;
    sums.push({ length: 2, value: 80, penalty });
    add(80, from + 2, penalty);
  }
  return sums;
}

function upToNineteen(atoms: readonly Atom[], from: number): { length: number; value: number }[] {
  const [first, second] = [valueAt(atoms, from), valueAt(atoms, from + 1)];
  if (first === undefined || first < 1 || first > 19) return [];
  const one = { length: 1, value: first };
  return first === 10 && isUnit(second) && second >= 7 ? [one, { length: 2, value: 10 + second }] : [one];
}

function hundreds(atoms: readonly Atom[], from: number, rules: NumberRules): Sum[] {
  const heads = belowHundred(atoms, from, rules);
  const sums = [...heads];
  const whole = (value: number | undefined) => value !== undefined && value >= 100 && value % 100 === 0;
  const bases: Sum[] = heads
    .filter(({ length, value }) => value >= 1 && value <= 19 && atoms[from + length]?.n === 'hundred')
    .map(({ length, value, penalty }) => ({ length: length + 1, value: value * 100, penalty }));
  if (atoms[from]?.n === 'hundred') bases.push({ length: 1, value: 100, penalty: 0 });
  if (whole(valueAt(atoms, from))) bases.push({ length: 1, value: valueAt(atoms, from)!, penalty: 0 });
  for (const base of bases) {
    sums.push(base);
    const joined = atoms[from + base.length]?.n === 'and';
    const at = from + base.length + (joined ? 1 : 0);
    for (const rest of belowHundred(atoms, at, rules)) {
      if (rest.value === 0) continue;
      // "eight hundred five" is the start of 800 5.. more often than 805, where one would say "and".
      const loose = rules.hundredAnd && !joined && rest.value < 10 ? tornPenalty : 0;
      const penalty = base.penalty + rest.penalty + loose;
      sums.push({ length: at - from + rest.length, value: base.value + rest.value, penalty });
    }
  }
  return sums;
}

function thousands(atoms: readonly Atom[], from: number, rules: NumberRules): Sum[] {
  const heads = hundreds(atoms, from, rules);
  const bases: Sum[] = heads
    .filter(({ length, value }) => value >= 1 && value <= 999 && atoms[from + length]?.n === 'thousand')
    .map(({ length, value, penalty }) => ({ length: length + 1, value: value * 1000, penalty }));
  if (atoms[from]?.n === 'thousand') bases.push({ length: 1, value: 1000, penalty: 0 });
  const sums = [...heads];
  for (const base of bases) {
    sums.push(base);
    const at = from + base.length + (atoms[from + base.length]?.n === 'and' ? 1 : 0);
    for (const rest of hundreds(atoms, at, rules)) {
      if (rest.value === 0 || rest.value > 999) continue;
      sums.push({
        length: at - from + rest.length,
        value: base.value + rest.value,
        penalty: base.penalty + rest.penalty,
      });
    }
  }
  return sums;
}
