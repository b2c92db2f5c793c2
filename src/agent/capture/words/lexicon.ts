import type { CaptureLines } from '../lines.js';

/**
 * What words do in a sentence about a value:
 * `yes`, `no`: the verdict on a read-back. `not`: what follows is wrong ("not five, six"); in a language where it is the
 * same word as `no` it is left out. `but`: what follows is right instead. `sorry`: the speaker takes back what was just
 * said. `instead`, `change`, `to`, `be`: "six instead of five", "change the third digit to seven", "is". `digit`: what
 * positions are counted in. `ends`, `starts`: "it ends in 46". `atEnd`: "with a six at the end". `filler`: may stand
 * between two digits. `article`: stands before a digit and means nothing. `repeat`, `stop`, `keys`: wishes of the caller.
 */
export type WordClass =
  | 'yes'
  | 'no'
  | 'not'
  | 'but'
  | 'sorry'
  | 'instead'
  | 'change'
  | 'to'
  | 'be'
  | 'digit'
  | 'ends'
  | 'starts'
  | 'atEnd'
  | 'filler'
  | 'article'
  | 'repeat'
  | 'stop'
  | 'keys';

/** How number words join to one number. */
export interface NumberRules {
  /** "forty two": `plain`; "treinta y dos": `and`; "vingt deux", "vingt et un": `either`; "zweiundvierzig": `none`. */
  tensThenUnit: 'plain' | 'and' | 'either' | 'none';
  /** "zwei und vierzig", "to og førti". */
  unitAndTens: boolean;
  /** "soixante dix", "quatre vingt onze". */
  byTwenties: boolean;
  /** "four hundred and five". */
  hundredAnd: boolean;
}

/**
 * One language, as tables. Words and phrases that mean the same are parted by `|`; case and accents do not matter.
 */
export interface Lexicon {
  /** ISO 639-1. */
  language: string;
  numbers: Readonly<Record<number, string>>;
  hundred: string;
  thousand: string;
  and: string;
  rules: NumberRules;
  /** How often the next digit or letter is said: "double", "triple". */
  repeats: Readonly<Record<number, string>>;
  /** Number words that are often no numbers: "oh", the articles. */
  weak: string;
  /** Words that sound like digits and count as ones only between digits. */
  soundAlikes: Readonly<Record<number, string>>;
  classes: Readonly<Record<WordClass, string>>;
  /** Positions: 1 is the first, -1 the last. */
  ordinals: Readonly<Record<number, string>>;
  symbols: Readonly<Record<'@' | '.' | '_' | '-' | '+' | '/', string>>;
  /** Names of letters that recognisers write down as words. */
  letters: Readonly<Record<string, string>>;
  /** "b as in bravo". */
  asIn: string;
  /** Words that stand for their first letter when somebody spells. */
  alphabet: string;
  /** What comes before a value: "my address is". The last one that is heard counts. */
  leads: string;
  months: readonly string[];
  /** Whether 3/4 is the third of April. */
  dayFirst: boolean;
  lines: CaptureLines;
}

export const alternatives = (words: string): string[] => words.split('|').map((word) => word.trim());

/** As words are looked up: small, without accents. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replaceAll('’', "'")
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}
