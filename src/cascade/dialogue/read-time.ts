import { numberOf } from './read-number.js';
import type { Reading } from './slots.js';

type Half = 'am' | 'pm' | undefined;

/** Times of day: "ten thirty", "half past two", "quarter to nine", "three p m", "nine oh five in the morning", "noon". */
export function readTime(tokens: readonly string[], at: number, earliestHour: number): Reading[] {
  const readings: Reading[] = [];
  if (tokens[at] === 'noon' || tokens[at] === 'midday') return [{ value: '12:00', length: 1 }];
  if (tokens[at] === 'midnight') return [{ value: '00:00', length: 1 }];
  for (const { hour, minute, length } of [...afterTheHour(tokens, at), ...pastOrTo(tokens, at)]) {
    const marker = halfOfDay(tokens, at + length);
    readings.push({ value: clock(hour, minute, undefined, earliestHour), length });
    if (marker !== undefined) {
      readings.push({
        value: clock(hour, minute, marker.half, earliestHour),
        length: length + marker.length,
      });
    }
  }
  return readings.sort((a, b) => b.length - a.length);
}

interface Bare {
  hour: number;
  minute: number;
  length: number;
}

/** "ten", "ten thirty", "ten oh five", "ten oclock", "14 30", "ten hundred" is none. */
function afterTheHour(tokens: readonly string[], at: number): Bare[] {
  return wholeNumbers(tokens, at, 0, 23).flatMap(({ value: hour, length }) => {
    const next = at + length;
    const times: Bare[] = [{ hour, minute: 0, length }];
    if (tokens[next] === 'oclock') times.push({ hour, minute: 0, length: length + 1 });
    const zero = tokens[next] === 'oh' || tokens[next] === 'o' || tokens[next] === 'zero' ? 1 : 0;
    for (const minute of wholeNumbers(tokens, next + zero, zero ? 1 : 10, zero ? 9 : 59)) {
      times.push({ hour, minute: minute.value, length: length + zero + minute.length });
    }
    // "10:05" was written in figures: "05" is no number in words.
    const figures = /^[0-5]\d$/.exec(tokens[next] ?? '')?.[0];
    if (figures !== undefined) times.push({ hour, minute: Number(figures), length: length + 1 });
    return times;
  });
}

/** "half past ten", "a quarter to three", "ten past two" */
function pastOrTo(tokens: readonly string[], at: number): Bare[] {
  const article = tokens[at] === 'a' ? 1 : 0;
  const word = tokens[at + article];
  const minutes =
    word === 'half' || word === 'quarter'
      ? [{ value: word === 'half' ? 30 : 15, length: 1 + article }]
      : wholeNumbers(tokens, at, 1, 29);
  return minutes.flatMap(({ value, length }) => {
    const side = tokens[at + length];
    if (side !== 'past' && side !== 'to') return [];
    return wholeNumbers(tokens, at + length + 1, 1, 12).map((hour) => ({
      hour: side === 'past' ? hour.value : (hour.value + 23) % 24,
      minute: side === 'past' ? value : 60 - value,
      length: length + 1 + hour.length,
    }));
  });
}

function wholeNumbers(
  tokens: readonly string[],
  at: number,
  min: number,
  max: number,
): { value: number; length: number }[] {
  const found: { value: number; length: number }[] = [];
  for (let length = 2; length >= 1; length--) {
    const words = tokens.slice(at, at + length);
    const value = words.length === length ? numberOf(words) : undefined;
    if (value !== undefined && value >= min && value <= max) found.push({ value, length });
  }
  return found;
}

function halfOfDay(tokens: readonly string[], at: number): { half: 'am' | 'pm'; length: number } | undefined {
  const word = tokens[at];
  if (word === 'am' || word === 'pm') return { half: word, length: 1 };
  if (word !== 'in' || tokens[at + 1] !== 'the') return undefined;
  const part = tokens[at + 2];
  if (part === 'morning') return { half: 'am', length: 3 };
  return part === 'afternoon' || part === 'evening' ? { half: 'pm', length: 3 } : undefined;
}

function clock(hour: number, minute: number, half: Half, earliestHour: number): string {
  let hours = hour;
  if (half === 'am' && hour === 12) hours = 0;
  else if (half === 'pm' && hour < 12) hours += 12;
  else if (half === undefined && hour > 0 && hour < earliestHour && hour <= 12) hours += 12;
  return `${String(hours % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
