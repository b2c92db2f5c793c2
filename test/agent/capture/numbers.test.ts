import { describe, expect, test } from 'vitest';
import { digitsSaid, verdictOf } from './spoken.js';
import { de } from './tables/de.js';
import { en } from './tables/en.js';
import { es } from './tables/es.js';
import { fr } from './tables/fr.js';
import { nb } from './tables/nb.js';

describe.each([en, nb, de, fr, es])('$locale', ({ locale, said, corrected, verdicts }) => {
  test.each(said)('%s -> %s', (text, digits) => {
    expect(digitsSaid(locale, text)[0]).toBe(digits);
  });

  test.each(corrected)('%s: %s -> %s', (standing, text, digits) => {
    expect(digitsSaid(locale, text, standing)[0]).toBe(digits);
  });

  test.each(verdicts)('%s -> %s', (text, verdict) => {
    expect(verdictOf(locale, text)).toBe(verdict);
  });
});

test.each([
  ['five five five to one for two', '5552142'],
  ['one ate three', '183'],
  ['my number is one for two', '142'],
])('written by its sound: %s -> %s is one of the readings', (text, digits) => {
  expect(digitsSaid('en-GB', text)).toContain(digits);
});
