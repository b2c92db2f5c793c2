import { type Style, spell, spellers, styles } from '../../agent/capture/speller.js';

/** One caller of the judged set: what is said, turn by turn, and the number that is meant. */
export interface PhoneCase {
  style: Style;
  number: string;
  correction: 'none' | 'position' | 'change' | 'swap' | 'whole' | 'at once';
  turns: readonly string[];
  voice: 'rms' | 'slt' | 'awb';
}

const corrections = ['position', 'change', 'swap', 'whole', 'at once'] as const;
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const voices = ['rms', 'awb'] as const;
const words = spellers.en!;

/** A hundred numbers: twenty in each style, every second one corrected. `isValid`: no others are given. */
export function phoneCases(seed: number, isValid: (number: string) => boolean): PhoneCase[] {
  const random = mulberry(seed);
  const below = (count: number) => Math.floor(random() * count);
  return Array.from({ length: 100 }, (_, i): PhoneCase => {
    const style = styles[i % styles.length]!;
    const [round, voice] = [
      Math.floor(i / styles.length),
      voices[Math.floor(i / styles.length / 2) % voices.length]!,
    ];
    const zero = below(2) === 0 ? 'oh' : 'zero';
    const say = (digits: string) => spell(digits, style, words, ', ', zero);
    const lead = ['', 'my number is ', "it's "][below(3)]!;
    const number = validNumber(below, isValid, style === 'double');
    if (round % 2 === 0) return { style, number, correction: 'none', turns: [lead + say(number)], voice };
    const correction = corrections[Math.floor(round / 2) % corrections.length]!;
    const { wrong, at } = slip(number, below, isValid, correction === 'swap');
    const digit = (text: string) => words.digits[Number(text)]!;
    const ordinal = at === 9 && below(2) === 0 ? 'last' : ordinals[at]!;
    const first = lead + say(wrong);
    const second = {
      position: `no, the ${ordinal} digit is ${digit(number[at]!)}`,
      change: `change the ${ordinal} digit to ${digit(number[at]!)}`,
      swap: `not ${digit(wrong[at]!)}, ${digit(number[at]!)}`,
      whole: `no, ${say(number)}`,
      'at once': '',
    }[correction];
    const turns = correction === 'at once' ? [`${first}, no, sorry, ${say(number)}`] : [first, second];
    return { style, number, correction, turns, voice };
  });
}

function validNumber(
  below: (count: number) => number,
  isValid: (number: string) => boolean,
  doubled: boolean,
): string {
  for (;;) {
    let number = String(2 + below(8));
    while (number.length < 10) number += doubled && below(3) === 0 ? number.at(-1) : below(10);
    if (isValid(number)) return number;
  }
}

/** Another number that differs in one digit; `last`: the wrong digit stands nowhere behind. */
function slip(
  number: string,
  below: (count: number) => number,
  isValid: (number: string) => boolean,
  last: boolean,
) {
  for (;;) {
    const at = 3 + below(7);
    const digit = String(below(10));
    const wrong = number.slice(0, at) + digit + number.slice(at + 1);
    if (wrong === number || !isValid(wrong)) continue;
    if (last && wrong.lastIndexOf(digit) !== at) continue;
    return { wrong, at };
  }
}

export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
