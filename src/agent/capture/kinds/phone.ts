import type { Vocabulary } from '../words/vocabulary.js';
import { digitsSaid, grouped } from './digits.js';
import type { PhoneNumbers } from './phone-numbers.js';
import type { CaptureRules, Checked, Fit } from './rules.js';

/** Digits that a number may still lack. */
const lookAhead = 8;

/** Phone numbers as the numbering plans know them; without `country` only those with a country code are whole. */
export function phoneRules(
  vocabulary: Vocabulary,
  numbers: PhoneNumbers,
  country: string | undefined,
): CaptureRules {
  return {
    said: (turn, standing) => digitsSaid(vocabulary, turn, standing),
    check: (text) => check(text.replace(/[^\d+]/g, ''), numbers, country),
  };
}

function check(text: string, numbers: PhoneNumbers, country: string | undefined): Checked {
  const number = numbers.parsePhoneNumberFromString(text, country);
  const goesOn = mayGoOn(text, numbers, country);
  if (number?.isValid() !== true) {
    const fit: Fit = goesOn ? 'short' : 'wrong';
    return { text, value: text, fit, groups: grouped(text) };
  }
  const isHome = country !== undefined && number.country === country && !text.startsWith('+');
  const written = isHome ? number.formatNational() : number.formatInternational();
  const groups = written.split(/[^\d+]+/).filter((group) => group !== '');
  return { text, value: number.number, fit: goesOn ? 'open' : 'whole', groups };
}

/** Whether there are numbers that begin so and are longer. */
function mayGoOn(text: string, numbers: PhoneNumbers, country: string | undefined): boolean {
  for (let more = 1; more <= lookAhead; more++) {
    const longer = text + '0'.repeat(more);
    if (numbers.validatePhoneNumberLength(longer, country) === undefined) return true;
  }
  return text.length < 3;
}
