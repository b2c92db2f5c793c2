import { en } from './languages/en.js';
import { alternatives } from './words/lexicon.js';

export interface DigitGrammarOptions {
  /** How many digits the numbers have. Default 10. */
  digits?: number;
  /** Numbers in each way of saying them. Default 120. */
  samples?: number;
}

/** Sentences for a recogniser that follows a grammar: `embeddedStt({ grammar: digitGrammar() })`. */
export interface DigitGrammar {
  sentences: string[];
  weight: number;
}

const word = (value: number) => alternatives(en.numbers[value] ?? '')[0]!;
const zeros = ['oh', 'zero'];
const leads = ['', '', '', 'my number is ', "it's ", 'the number is '];
const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'last',
];

/**
 * How people say numbers in English, a sample of it, with corrections and answers to a read-back: digit by digit, in pairs, "double
 * five", "forty two nineteen". Always the same sample.
 */
export function digitGrammar({ digits = 10, samples = 120 }: DigitGrammarOptions = {}): DigitGrammar {
  const random = sequence();
  const below = (count: number) => Math.floor(random() * count);
  const number = (length: number) => Array.from({ length }, () => below(10));
  const digit = (value: number) => (value === 0 ? zeros[below(2)]! : word(value));
  const singly = (values: readonly number[]) => values.map(digit).join(' ');
  const sentences: string[] = [];
  for (let i = 0; i < samples; i++) {
    const lead = leads[below(leads.length)]!;
    sentences.push(lead + singly(number(digits)));
    sentences.push(lead + doubled(number(digits), digit, below));
    sentences.push(lead + paired(number(digits), digit));
    sentences.push(`no ${singly(number(digits))}`, `no sorry ${singly(number(digits))}`);
    // "One two three, no sorry, one two four".
    sentences.push(`${singly(number(digits))} no sorry ${singly(number(digits))}`);
    sentences.push(...corrections(below, digit));
  }
  return { sentences, weight: 0.98 };
}

function doubled(
  values: readonly number[],
  digit: (value: number) => string,
  below: (count: number) => number,
): string {
  const words: string[] = [];
  for (let at = 0; at < values.length; ) {
    const times = Math.min(1 + (below(3) === 0 ? 1 + below(2) : 0), values.length - at);
    const name = times === 1 ? '' : `${alternatives(en.repeats[times]!)[0]} `;
    words.push(name + digit(values[at]!));
    at += times;
  }
  return words.join(' ');
}

function paired(values: readonly number[], digit: (value: number) => string): string {
  const words: string[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const [tens, units] = [values[at]!, values[at + 1]];
    if (units === undefined || tens === 0)
      words.push(digit(tens), ...(units === undefined ? [] : [digit(units)]));
    else if (tens === 1) words.push(word(10 + units));
    else words.push(word(tens * 10), ...(units === 0 ? [] : [word(units)]));
  }
  return words.join(' ');
}

function corrections(below: (count: number) => number, digit: (value: number) => string): string[] {
  const ordinal = ordinals[below(ordinals.length)]!;
  const [one, other] = [digit(below(10)), digit(below(10))];
  return [
    `the ${ordinal} digit is ${one}`,
    `no the ${ordinal} digit is ${one}`,
    `change the ${ordinal} digit to ${one}`,
    `no the last two digits are ${one} ${other}`,
    `not ${one} ${other}`,
    `no not ${one} ${other}`,
    `${one} not ${other}`,
    "yes that's right",
    "no that's wrong",
  ];
}

/** Always the same numbers between 0 and 1. */
function sequence(): () => number {
  let state = 0x2f6e2b1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 12)) >>> 0) / 2 ** 32;
  };
}
