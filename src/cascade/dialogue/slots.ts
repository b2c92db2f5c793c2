import { readDay } from './read-day.js';
import { readDigits, readNumber, readSpelled } from './read-number.js';
import { readTime } from './read-time.js';
import { defaultFillers, tokenise, weightOf } from './tokens.js';
import type { SlotSpec, SlotValue } from './types.js';

/** A value that a slot can take from the tokens at some place, and how many of them. */
export interface Reading {
  value: SlotValue;
  length: number;
}

export const maxNameWords = 3;
const maxTextWords = 12;

/** What the slot can read at `at`, the longest first. `name` and `text` take any words that `free` allows. */
export function readSlot(
  spec: SlotSpec,
  tokens: readonly string[],
  at: number,
  free: (index: number) => boolean = () => true,
): Reading[] {
  switch (spec.kind) {
    case 'list':
      return readList(spec, tokens, at);
    case 'number':
      return readNumber(tokens, at, spec.min ?? 0, spec.max ?? 999_999);
    case 'time':
      return readTime(tokens, at, spec.earliestHour ?? 8);
    case 'day':
      return readDay(tokens, at);
    case 'digits':
      return readDigits(tokens, at, spec.min ?? 3, spec.max ?? 15);
    case 'spelled':
      return readSpelled(tokens, at, spec.min ?? 2, spec.max ?? 12);
    case 'name':
      return readName(spec, tokens, at, free);
    case 'text':
      return readWords(tokens, at, maxTextWords, () => true);
  }
}

/** A slot whose readings can be told from other words by themselves. */
export function isTyped(spec: SlotSpec): boolean {
  return spec.kind !== 'name' && spec.kind !== 'text';
}

function readName(
  spec: Extract<SlotSpec, { kind: 'name' }>,
  tokens: readonly string[],
  at: number,
  free: (index: number) => boolean,
): Reading[] {
  const all = readWords(tokens, at, maxNameWords, (index) => free(index) && isNamePart(tokens[index]!));
  const known = all.filter(({ value }) => spec.values?.some((name) => tokenise(name).join(' ') === value));
  // A name that is known ends where it ends: what follows it is something else.
  return (known.length > 0 ? known : all).map(({ value, length }) => ({ value: titled(value), length }));
}

function readList(
  spec: Extract<SlotSpec, { kind: 'list' }>,
  tokens: readonly string[],
  at: number,
): Reading[] {
  const readings: Reading[] = [];
  for (const entry of spec.values) {
    const { value, say } = typeof entry === 'string' ? { value: entry, say: [] } : entry;
    for (const saying of [value, ...say]) {
      const words = tokenise(saying);
      const fits = words.length > 0 && words.every((word, index) => tokens[at + index] === word);
      if (fits) readings.push({ value, length: words.length });
    }
  }
  return readings.sort((a, b) => b.length - a.length);
}

function readWords(
  tokens: readonly string[],
  at: number,
  max: number,
  allowed: (index: number) => boolean,
): { value: string; length: number }[] {
  let length = 0;
  while (length < max && at + length < tokens.length && allowed(at + length)) length += 1;
  return Array.from({ length }, (_, index) => {
    const count = length - index;
    return { value: tokens.slice(at, at + count).join(' '), length: count };
  });
}

const neverNames = new Set('thank yes yeah no not but oclock morning afternoon evening night'.split(' '));

function isNamePart(token: string): boolean {
  return (
    weightOf(token) === 1 && !/^\d/.test(token) && !neverNames.has(token) && !defaultFillers.includes(token)
  );
}

function titled(words: string): string {
  return words
    .split(' ')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
