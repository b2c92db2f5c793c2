import { candidates, type Standing } from '../words/apply.js';
import { lexemes } from '../words/lexemes.js';
import { type Understood, understand } from '../words/understand.js';
import type { Vocabulary } from '../words/vocabulary.js';
import type { CaptureRules, Checked, Fit, Said } from './rules.js';

/** How many digits (or letters) a value has; absent = any number. */
export interface Length {
  min: number;
  max: number;
}

/** Digits that stand for nothing but themselves: an account, a reference, a code of a card. */
export function digitRules(vocabulary: Vocabulary, length: Length | undefined): CaptureRules {
  return {
    said: (turn, standing) => digitsSaid(vocabulary, turn, standing),
    check: (text) => checkDigits(text.replace(/\D/g, ''), length),
  };
}

/** What a turn says about a string of digits. */
export function digitsSaid(vocabulary: Vocabulary, turn: string, standing: Standing): Said {
  const heard = (soundAlikes: boolean): Understood =>
    understand(lexemes(turn, vocabulary, { letters: false, soundAlikes }));
  const plain = heard(false);
  const texts = [...candidates(plain, standing), ...candidates(heard(true), standing)];
  return { verdict: plain.verdict, wish: plain.wish, texts: [...new Set(texts)] };
}

function checkDigits(text: string, length: Length | undefined): Checked {
  return { text, value: text, fit: fitOf(text, length), groups: grouped(text) };
}

export function fitOf(text: string, length: Length | undefined): Fit {
  if (text === '') return 'wrong';
  if (length === undefined) return 'open';
  if (text.length < length.min) return 'short';
  if (text.length > length.max) return 'wrong';
  return text.length === length.max ? 'whole' : 'open';
}

/** In fours or threes, never one digit alone. */
export function grouped(text: string): string[] {
  const size = text.length <= 4 ? text.length : text.length % 4 === 0 ? 4 : 3;
  const groups: string[] = [];
  for (let from = 0; from < text.length; ) {
    const rest = text.length - from;
    const take = size === 3 && rest === 4 ? 4 : Math.min(size, rest);
    groups.push(text.slice(from, from + take));
    from += take;
  }
  return groups;
}
