import type { Lexeme } from './lexemes.js';
import type { WordClass } from './lexicon.js';
import type { Reading } from './readings.js';

/** How a value that stands already is to be changed. `to`, `from`: the ways to read what was said, likeliest first. */
export type Edit =
  /** `count` digits from a position on (1 is the first; -1 the last one, or the last `count`). */
  | { e: 'at'; at: number; count: number; to: readonly string[] }
  | { e: 'swap'; from: readonly string[]; to: readonly string[] }
  | { e: 'tail' | 'head'; to: readonly string[] }
  /** "With a six at the end": instead of the last one, or behind it. */
  | { e: 'end'; to: readonly string[] };

/** Digits said in one go; `corrects`: behind a "no", a "sorry". Several runs are held apart by other words. */
export interface Segment {
  runs: readonly (readonly string[])[];
  corrects: boolean;
}

/** What a turn of the caller says about a value. */
export interface Understood {
  /** The last "yes" or "no". */
  verdict: 'yes' | 'no' | null;
  wish: 'repeat' | 'stop' | 'keys' | null;
  edits: readonly Edit[];
  segments: readonly Segment[];
}

type Value = Extract<Lexeme, { c: 'value' }>;

/** Words between the parts of one correction. */
const gap = 3;

export function understand(all: readonly Lexeme[]): Understood {
  const lexemes = withoutStrayWords(all);
  const used = new Set<number>();
  const edits = findEdits(lexemes, used);
  return {
    verdict: verdict(lexemes, edits.length > 0),
    wish: lexemes.reduce<Understood['wish']>((wish, { c }) => (isWish(c) ? c : wish), null),
    edits,
    segments: segments(lexemes, used),
  };
}

/** "Oh" and articles are digits only where nothing else is. */
function withoutStrayWords(all: readonly Lexeme[]): readonly Lexeme[] {
  const isPlain = (lexeme: Lexeme) => lexeme.c === 'value' && lexeme.weak;
  const others = all.some((lexeme) => !isPlain(lexeme) && ['value', 'word', 'yes', 'no'].includes(lexeme.c));
  return others ? all.filter((lexeme) => !isPlain(lexeme) || isNamed(all, lexeme)) : all;
}

/** "The last one is oh". */
function isNamed(all: readonly Lexeme[], lexeme: Lexeme): boolean {
  const before = all.slice(0, all.indexOf(lexeme));
  return before.some(({ c }) => c === 'ordinal' || c === 'not' || c === 'instead' || c === 'change');
}

function isWish(c: Lexeme['c']): c is 'repeat' | 'stop' | 'keys' {
  return c === 'repeat' || c === 'stop' || c === 'keys';
}

function verdict(lexemes: readonly Lexeme[], isEdited: boolean): Understood['verdict'] {
  if (isEdited) return 'no';
  for (const { c } of [...lexemes].reverse()) {
    if (c === 'yes' || c === 'no') return c;
    if (c === 'not') return 'no';
  }
  return null;
}

/** Every correction in the sentence; `used` gets the places of the values it took. */
function findEdits(lexemes: readonly Lexeme[], used: Set<number>): Edit[] {
  const edits: Edit[] = [];
  for (let at = 0; at < lexemes.length; at++) {
    const edit = editAt(lexemes, at, used);
    if (edit !== undefined) edits.push(edit);
  }
  return edits;
}

function editAt(lexemes: readonly Lexeme[], at: number, used: Set<number>): Edit | undefined {
  const lexeme = lexemes[at]!;
  switch (lexeme.c) {
    case 'ordinal':
      return position(lexemes, at, lexeme.at, used);
    case 'ends':
    case 'starts': {
      const value = next(lexemes, at + 1, used);
      if (value === undefined) return undefined;
      used.add(value);
      return { e: lexeme.c === 'ends' ? 'tail' : 'head', to: texts(lexemes[value]) };
    }
    case 'atEnd': {
      const value = before(lexemes, at, used);
      if (value === undefined) return undefined;
      used.add(value);
      return { e: 'end', to: texts(lexemes[value]) };
    }
    case 'change': {
      const from = next(lexemes, at + 1, used);
      if (from === undefined || lexemes.slice(at, from).some(({ c }) => c === 'ordinal')) return undefined;
      const to = next(lexemes, from + 1, used);
      if (to === undefined || !lexemes.slice(from, to).some(({ c }) => c === 'to')) return undefined;
      return swap(lexemes, from, to, used);
    }
    case 'instead':
      return instead(lexemes, at, used);
    case 'not':
      return notThis(lexemes, at, used);
    case 'no': {
      // "No cinco sino seis": the word for "no" is the one for "not" as well.
      const from = lexemes[at + 1]?.c === 'value' ? at + 1 : undefined;
      const to = from === undefined ? undefined : next(lexemes, from + 1, used);
      if (from === undefined || to === undefined) return undefined;
      return lexemes.slice(from, to).some(({ c }) => c === 'but') ? swap(lexemes, from, to, used) : undefined;
    }
    default:
      return undefined;
  }
}

/** "The third digit is seven", "change the last two digits from 45 to 46", "it is six, the last one". */
function position(
  lexemes: readonly Lexeme[],
  at: number,
  ordinal: number,
  used: Set<number>,
): Edit | undefined {
  let from = at + 1;
  let count = 1;
  const after = countAt(lexemes, from);
  const ahead = lexemes[from]?.c === 'digit' ? countAt(lexemes, at - 1) : undefined;
  if (after !== undefined && ['digit', 'be'].includes(lexemes[from + 1]?.c ?? '')) {
    count = after;
    from += 1;
  } else if (ahead !== undefined) {
    count = ahead;
    used.add(at - 1);
  }
  if (lexemes[from]?.c === 'digit') from += 1;
  let value = next(lexemes, from, used);
  if (value !== undefined) {
    const negated = lexemes.slice(from, value).some(({ c }) => c === 'not');
    const second = next(lexemes, value + 1, used);
    const between = second === undefined ? [] : lexemes.slice(value, second);
    const goesOn = between.some(({ c }) => c === 'to' || c === 'but' || (negated && c !== 'value'));
    const split = negated && second === undefined ? halves(lexemes[value] as Value) : undefined;
    if (split !== undefined) {
      used.add(value);
      return { e: 'at', at: ordinal, count, to: split.to };
    }
    if (second !== undefined && goesOn) {
      used.add(value);
      value = second;
    }
  } else value = before(lexemes, at, used);
  if (value === undefined || !(count >= 1 && count <= 9)) return undefined;
  used.add(value);
  return { e: 'at', at: ordinal, count, to: texts(lexemes[value]) };
}

/** "The last two digits", "les deux derniers chiffres". */
function countAt(lexemes: readonly Lexeme[], at: number): number | undefined {
  const lexeme = lexemes[at];
  const count = lexeme?.c === 'value' ? lexeme.readings[0]?.text : undefined;
  return count !== undefined && /^[2-9]$/.test(count) ? Number(count) : undefined;
}

function instead(lexemes: readonly Lexeme[], at: number, used: Set<number>): Edit | undefined {
  const wrong = next(lexemes, at + 1, used);
  if (wrong === undefined) return undefined;
  const right = before(lexemes, at, used) ?? next(lexemes, wrong + 1, used);
  if (right !== undefined) return swap(lexemes, wrong, right, used);
  return halved(lexemes, wrong, used);
}

function notThis(lexemes: readonly Lexeme[], at: number, used: Set<number>): Edit | undefined {
  const wrong = next(lexemes, at + 1, used);
  // Of a position: it is told there.
  if (wrong === undefined || lexemes.slice(at, wrong).some(({ c }) => c === 'ordinal')) return undefined;
  const right = next(lexemes, wrong + 1, used);
  if (right !== undefined) return swap(lexemes, wrong, right, used);
  const split = halved(lexemes, wrong, used);
  if (split !== undefined) return split;
  const said = before(lexemes, at, used);
  return said === undefined ? undefined : swap(lexemes, wrong, said, used);
}

function swap(lexemes: readonly Lexeme[], from: number, to: number, used: Set<number>): Edit {
  used.add(from).add(to);
  return { e: 'swap', from: texts(lexemes[from]), to: texts(lexemes[to]) };
}

function halved(lexemes: readonly Lexeme[], at: number, used: Set<number>): Edit | undefined {
  const split = halves(lexemes[at] as Value);
  if (split === undefined) return undefined;
  used.add(at);
  return { e: 'swap', ...split };
}

/** "Five, six" said as one run: parted at its comma, or in the middle. */
function halves({ readings: [likeliest] }: Value): { from: string[]; to: string[] } | undefined {
  const numbers = likeliest?.numbers ?? [];
  const comma = numbers.findIndex((number, i) => i > 0 && number.apart);
  const middle = comma > 0 ? comma : numbers.length % 2 === 0 ? numbers.length / 2 : 0;
  if (middle > 0) return { from: [joined(numbers.slice(0, middle))], to: [joined(numbers.slice(middle))] };
  return undefined;
}

const joined = (numbers: Reading['numbers']) => numbers.map(({ text }) => text).join('');

function texts(lexeme: Lexeme | undefined): string[] {
  return lexeme?.c === 'value' ? lexeme.readings.map(({ text }) => text) : [];
}

/** Place of the next value that no correction has taken, over a few other words. */
function next(lexemes: readonly Lexeme[], from: number, used: ReadonlySet<number>): number | undefined {
  let others = 0;
  for (let at = from; at < lexemes.length; at++) {
    const { c } = lexemes[at]!;
    if (c === 'value') return used.has(at) ? undefined : at;
    if (c === 'word' && ++others > gap) return undefined;
  }
  return undefined;
}

/** The value right before, with nothing but small words between. */
function before(lexemes: readonly Lexeme[], at: number, used: ReadonlySet<number>): number | undefined {
  const small: readonly (WordClass | 'ordinal' | 'value' | 'word')[] = [
    'article',
    'filler',
    'be',
    'but',
    'to',
    'change',
  ];
  for (let place = at - 1; place >= 0; place--) {
    const { c } = lexemes[place]!;
    if (c === 'value') return used.has(place) ? undefined : place;
    if (!small.includes(c)) return undefined;
  }
  return undefined;
}

function segments(lexemes: readonly Lexeme[], used: ReadonlySet<number>): Segment[] {
  const found: { runs: (readonly string[])[]; corrects: boolean }[] = [];
  let corrects = false;
  let fresh = true;
  lexemes.forEach((lexeme, at) => {
    if (lexeme.c === 'no' || lexeme.c === 'sorry' || lexeme.c === 'not' || lexeme.c === 'but') {
      corrects = true;
      fresh = true;
    }
    if (lexeme.c !== 'value' || used.has(at)) return;
    if (fresh) found.push({ runs: [texts(lexeme)], corrects });
    else found.at(-1)!.runs.push(texts(lexeme));
    fresh = false;
  });
  return found;
}
