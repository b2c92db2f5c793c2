import { weekdays } from './read-day.js';
import { numberWords, spellWords } from './spoken.js';
import { tokenise } from './tokens.js';
import type { SlotSpec } from './types.js';

const names =
  'anna ben carla david emma frank grace henry irene jack karen laura mark nina oliver paula robert sarah thomas victor smith jones brown miller wilson'.split(
    ' ',
  );
/** Numbers of which a slot without bounds is exemplified. */
const manyNumbers = 30;

/** Ways to say values of a slot, for a recogniser; all of them where they are few. */
export function examplesOf(spec: SlotSpec): string[] {
  switch (spec.kind) {
    case 'list':
      return spec.values.flatMap((entry) =>
        typeof entry === 'string' ? [plain(entry)] : [entry.value, ...entry.say].map(plain),
      );
    case 'number':
      return numbers(spec.min ?? 0, spec.max ?? (spec.min ?? 0) + manyNumbers);
    case 'time':
      return times();
    case 'day':
      return [
        ...weekdays,
        'today',
        'tomorrow',
        ...weekdays.map((day) => `next ${day}`),
        'the day after tomorrow',
      ];
    case 'name':
      return (spec.values ?? names).map(plain);
    case 'digits':
      return signs('0123456789', spec.min ?? 3, spec.max ?? 15).map((text) => spellWords(text).toLowerCase());
    case 'spelled':
      return signs('abcdefghijklmnopqrstuvwxyz0123456789', spec.min ?? 2, spec.max ?? 12).map((text) =>
        spellWords(text).toLowerCase(),
      );
    case 'text':
      return (spec.values ?? []).map(plain);
  }
}

function numbers(min: number, max: number): string[] {
  const step = Math.max(1, Math.ceil((max - min + 1) / (4 * manyNumbers)));
  const said: string[] = [];
  for (let value = min; value <= max; value += step) said.push(numberWords(value));
  return said;
}

/** Each hour in its usual ways. */
function times(): string[] {
  const said: string[] = ['noon'];
  for (let hour = 1; hour <= 12; hour++) {
    const word = numberWords(hour);
    const half = hour >= 8 && hour < 12 ? 'a m' : 'p m';
    said.push(word, `${word} thirty`, `${word} ${half}`, `half past ${word}`, `${word} o'clock`);
    said.push(`${word} fifteen`, `${word} forty five`, `quarter past ${word}`, `quarter to ${word}`);
  }
  return said;
}

/** Runs of different signs, of both lengths, so that each sign follows each other some time. */
function signs(alphabet: string, min: number, max: number): string[] {
  const size = alphabet.length;
  return Array.from({ length: size * 3 }, (_, start) => {
    const step = 1 + (start % (size - 1));
    const length = start % 2 === 0 ? max : min;
    return Array.from({ length }, (_unused, index) => alphabet[(start + index * step) % size]).join('');
  });
}

/** As a recogniser writes it: apostrophes stay, figures become words. */
function plain(text: string): string {
  return /\d/.test(text)
    ? tokenise(text).join(' ')
    : text
        .toLowerCase()
        .replace(/[^\p{L}'’ ]+/gu, ' ')
        .trim();
}
