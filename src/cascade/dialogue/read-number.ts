import type { Reading } from './slots.js';
import { numberValues } from './spoken.js';

/** Whole numbers in words or figures, such as "a hundred and five". */
export function readNumber(tokens: readonly string[], at: number, min: number, max: number): Reading[] {
  const readings: Reading[] = [];
  const first = tokens[at] ?? '';
  if (/^\d+$/.test(first)) readings.push({ value: Number(first), length: 1 });
  for (let end = at + 1; end <= Math.min(tokens.length, at + 8); end++) {
    const value = numberOf(tokens.slice(at, end));
    if (value !== undefined) readings.unshift({ value, length: end - at });
  }
  return readings.filter(({ value }) => Number(value) >= min && Number(value) <= max);
}

/** Figures one by one, "oh" for zero, "double five" for two; a telephone number written in figures too. */
export function readDigits(tokens: readonly string[], at: number, min: number, max: number): Reading[] {
  return readSigns(tokens, at, min, max, digits);
}

/** Letters and figures one by one. */
export function readSpelled(tokens: readonly string[], at: number, min: number, max: number): Reading[] {
  return readSigns(tokens, at, min, max, (token) =>
    /^\p{L}$/u.test(token) ? token.toUpperCase() : digits(token),
  );
}

function readSigns(
  tokens: readonly string[],
  at: number,
  min: number,
  max: number,
  signOf: (token: string) => string | undefined,
): Reading[] {
  const readings: Reading[] = [];
  let value = '';
  let index = at;
  while (index < tokens.length) {
    const doubled = tokens[index] === 'double' && index + 1 < tokens.length;
    const sign = signOf(tokens[doubled ? index + 1 : index]!);
    if (sign === undefined) break;
    value += doubled ? sign + sign : sign;
    index += doubled ? 2 : 1;
    if (value.length > max) break;
    if (value.length >= min) readings.unshift({ value, length: index - at });
  }
  return readings;
}

function digits(token: string): string | undefined {
  if (/^\d+$/.test(token)) return token;
  if (token === 'oh' || token === 'o') return '0';
  const value = numberValues.get(token);
  return value !== undefined && value < 10 ? String(value) : undefined;
}

/** Undefined unless the words are one whole number and nothing more. */
export function numberOf(words: readonly string[]): number | undefined {
  let total = 0;
  let group = 0;
  /** What may still be added: ones after tens, both after hundreds. */
  let room = 1000;
  for (const [index, word] of words.entries()) {
    const last = index === words.length - 1;
    if (word === 'and') {
      if (last || group % 100 !== 0 || (group === 0 && total === 0)) return undefined;
    } else if (word === 'hundred' || word === 'thousand') {
      const before = group === 0 && index === 0 ? 1 : group;
      if (before === 0) return undefined;
      if (word === 'hundred') {
        if (before > 9) return undefined;
        group = before * 100;
        room = 100;
      } else {
        if (total > 0) return undefined;
        total = before * 1000;
        group = 0;
        room = 1000;
      }
    } else if (word === 'a' && index === 0 && !last && /^(hundred|thousand)$/.test(words[1] ?? '')) {
      group = 1;
    } else {
      const value = numberValues.get(word);
      if (value === undefined || value >= room || (value === 0 && words.length > 1)) return undefined;
      group += value;
      room = value >= 20 ? 10 : 1;
    }
  }
  return words.length === 0 ? undefined : total + group;
}
