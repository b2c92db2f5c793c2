import type { Standing } from '../words/apply.js';
import { lexemes } from '../words/lexemes.js';
import { alternatives, folded } from '../words/lexicon.js';
import { tokens } from '../words/tokens.js';
import { understand } from '../words/understand.js';
import type { Vocabulary } from '../words/vocabulary.js';
import { numbersIn } from './date-numbers.js';
import type { CaptureRules, Checked, Said } from './rules.js';

interface Parts {
  year: string | undefined;
  month: number | undefined;
  day: number | undefined;
}

/**
 * Days of the calendar, with their year: "the twelfth of March nineteen eighty four", "12.3.1984". A year of two digits is
 * the last one that has been. `todayIso` is the day of the call.
 */
export function dateRules(vocabulary: Vocabulary, locale: string, todayIso: string): CaptureRules {
  return {
    said: (turn, standing) => said(turn, standing, vocabulary, todayIso),
    check: (text) => check(text, locale),
  };
}

function said(turn: string, standing: Standing, vocabulary: Vocabulary, todayIso: string): Said {
  const options = { letters: false, soundAlikes: false };
  const { verdict, wish } = understand(lexemes(turn, vocabulary, options));
  const parts = partsOf(turn, vocabulary, standing.text !== null);
  const before = standing.text === null ? undefined : partsOfText(standing.text);
  const { year, month, day } = parts;
  if (year === undefined && month === undefined && day === undefined) return { verdict, wish, texts: [] };
  const whole = {
    year: year === undefined ? before?.year : century(year, todayIso),
    month: month ?? before?.month,
    day: day ?? before?.day,
  };
  return { verdict, wish, texts: [textOf(whole)] };
}

/** Unknown parts are empty: `-03-12` has no year. */
function textOf({ year = '', month, day }: Parts): string {
  const two = (part: number | undefined) => (part === undefined ? '' : String(part).padStart(2, '0'));
  return `${year}-${two(month)}-${two(day)}`;
}

function partsOfText(text: string): Parts {
  const [year = '', month = '', day = ''] = text.split('-');
  const number = (part: string) => (part === '' ? undefined : Number(part));
  return { year: year === '' ? undefined : year, month: number(month), day: number(day) };
}

function partsOf(turn: string, vocabulary: Vocabulary, isKnown: boolean): Parts {
  const all = tokens(turn);
  const { months, dayFirst } = vocabulary.lexicon;
  const names = months.map((month) => alternatives(month).map(folded));
  const at = all.findLastIndex(({ word }) => names.some((one) => one.includes(word)));
  const numbers = numbersIn(at < 0 ? all : all.slice(0, at), vocabulary);
  if (at >= 0) {
    const month = names.findIndex((one) => one.includes(all[at]!.word)) + 1;
    const after = numbersIn(all.slice(at + 1), vocabulary);
    const before = numbers.at(-1);
    if (before !== undefined && isDay(before)) return { day: Number(before), month, year: yearOf(after) };
    const [day, ...rest] = after;
    if (day !== undefined && isDay(day)) return { day: Number(day), month, year: yearOf(rest) };
    return { day: undefined, month, year: yearOf(after) };
  }
  const [first, second] = numbers;
  if (first === undefined) return { year: undefined, month: undefined, day: undefined };
  if (/^\d{4}$/.test(first) && second !== undefined) {
    return {
      year: first,
      month: Number(second),
      day: numbers[2] === undefined ? undefined : Number(numbers[2]),
    };
  }
  // One number beside a date that stands is its day or its year.
  if (second === undefined || (isKnown && numbers.length === 2 && first.length + second.length === 4)) {
    const year = yearOf(numbers);
    if (second === undefined && isDay(first))
      return { day: Number(first), month: undefined, year: undefined };
    return { day: undefined, month: undefined, year };
  }
  const [day, month] =
    dayFirst || (Number(second) > 12 === false && Number(first) > 12) ? [first, second] : [second, first];
  return { day: Number(day), month: Number(month), year: yearOf(numbers.slice(2)) };
}

function isDay(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 31 && text.length <= 2;
}

/** "1984", "19 84", "84". */
function yearOf(numbers: readonly string[]): string | undefined {
  const text = numbers.join('');
  return /^(\d{4}|\d{2})$/.test(text) ? text : undefined;
}

function century(year: string, todayIso: string): string {
  if (year.length === 4) return year;
  const now = Number(todayIso.slice(0, 4));
  const recent = Math.floor(now / 100) * 100 + Number(year);
  return String(recent > now ? recent - 100 : recent);
}

function check(text: string, locale: string): Checked {
  const { year, month, day } = partsOfText(text);
  if (year === undefined || month === undefined || day === undefined) {
    return { text, value: text, fit: 'short', groups: [text] };
  }
  const date = new Date(Date.UTC(Number(year), month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const written = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  return { text, value: text, fit: isReal ? 'whole' : 'wrong', groups: [isReal ? written : text] };
}
