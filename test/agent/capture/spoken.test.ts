import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spell, spellers, styles } from './speller.js';
import { digitsSaid } from './spoken.js';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 2, maxLength: 16 });

describe('what is spelled is parsed back', () => {
  test.each(Object.keys(spellers).flatMap((name) => styles.map((style) => [name, style] as const)))(
    '%s, %s',
    (name, style) => {
      const locale = name.slice(0, 2);
      fc.assert(
        fc.property(digits, (said) => {
          expect(digitsSaid(locale, spell(said, style, spellers[name]!))[0]).toBe(said);
        }),
        { numRuns: 100 },
      );
    },
  );

  test.each(['en', 'nb', 'nb (older)', 'de'])('%s: numbers of two digits without any pause', (name) => {
    const pairs = digits.filter(({ length }) => length % 2 === 0);
    fc.assert(
      fc.property(pairs, (said) => {
        const [first] = digitsSaid(name.slice(0, 2), spell(said, 'compound', spellers[name]!, ' '));
        expect(first).toBe(said);
      }),
      { numRuns: 100 },
    );
  });

  test.each(['fr', 'es'])(
    '%s: without any pause it is among the readings, where others have that length too',
    (name) => {
      fc.assert(
        fc.property(
          digits.filter(({ length }) => length % 2 === 0 && length <= 10),
          (said) => {
            expect(digitsSaid(name, spell(said, 'compound', spellers[name]!, ' '))).toContain(said);
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});
