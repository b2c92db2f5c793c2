import type { Reading } from './slots.js';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** "tuesday", "next tuesday", "this tuesday" (the same as "tuesday"), "today", "tomorrow", "the day after tomorrow". */
export function readDay(tokens: readonly string[], at: number): Reading[] {
  const [first = '', second = ''] = tokens.slice(at);
  if (tokens.slice(at, at + 4).join(' ') === 'the day after tomorrow') {
    return [{ value: 'the day after tomorrow', length: 4 }];
  }
  if (first === 'today' || first === 'tomorrow' || isWeekday(first)) return [{ value: first, length: 1 }];
  if (!isWeekday(second)) return [];
  if (first === 'next') return [{ value: `next ${second}`, length: 2 }];
  return first === 'this' ? [{ value: second, length: 2 }] : [];
}

function isWeekday(token: string): boolean {
  return weekdays.some((day) => day === token);
}
