import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClauseSplitter, pauseAfterMs } from '../../src/speech/clauses.js';

function clauses(text: string): string[] {
  const splitter = new ClauseSplitter();
  return [...splitter.push(text), ...splitter.finish()];
}

const long = 'I have looked at the calendar for you and';

describe('cutting text into clauses', () => {
  it.each<[string, string[]]>([
    ['One. Two! Three?', ['One. ', 'Two! ', 'Three?']],
    ['Really?! Yes... no.', ['Really?! ', 'Yes... ', 'no.']],
    ['He said "hi." Then left.', ['He said "hi." ', 'Then left.']],
    ['Hello, how are you?', ['Hello, ', 'how are you?']],
    ['It costs 3.50 or 1,000 at 10:30 on 3/4/2025.', ['It costs 3.50 or 1,000 at 10:30 on 3/4/2025.']],
    ['On March 4, 2025 we open.', ['On March 4, 2025 we open.']],
    ['Dr. Smith, of St. James St. is in.', ['Dr. Smith, ', 'of St. James St. is in.']],
    ['See J. Smith at 5 p.m. today.', ['See J. Smith at 5 p.m. today.']],
    ['It ends at 5 p.m. Do come.', ['It ends at 5 p.m. ', 'Do come.']],
    ['e.g. the U.S. market.', ['e.g. the U.S. market.']],
    ['So do I. And you?', ['So do I. ', 'And you?']],
    ['First line\nsecond line\n\nthird', ['First line\n', 'second line\n', '\nthird']],
    ['1. Milk\n2. Bread', ['1. Milk\n', '2. Bread']],
    [`${long}, there is room: come, please.`, [`${long}, `, 'there is room: come, please.']],
    [`Yes. ${long}; then, if you like, we go.`, ['Yes. ', `${long}; `, 'then, if you like, we go.']],
    ['a well-known e-mail - no, a letter', ['a well-known e-mail - no, ', 'a letter']],
    ['  ', ['  ']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(clauses(text)).toEqual(expected);
  });

  it('gives a clause as soon as it is certain, and no sooner', () => {
    const splitter = new ClauseSplitter();
    expect(splitter.push('Hello')).toEqual([]);
    expect(splitter.push(',')).toEqual([]);
    expect(splitter.push(' we meet at 5 p.m.')).toEqual(['Hello, ']);
    expect(splitter.push(' ')).toEqual([]);
    expect(splitter.push('to')).toEqual([]);
    expect(splitter.push('day. ')).toEqual(['we meet at 5 p.m. today. ']);
    expect(splitter.finish()).toEqual([]);
  });

  it('bounds the length of a clause without any stop', () => {
    const all = clauses('word '.repeat(400));
    expect(Math.max(...all.map((clause) => clause.length))).toBeLessThanOrEqual(245);
    expect(all.length).toBeGreaterThan(8);
  });

  const letters = fc.constantFrom(
    'a',
    'B',
    '1',
    '.',
    ',',
    '?',
    ':',
    '-',
    '—',
    ' ',
    '\n',
    '"',
    'Dr',
    ' p.m',
    '5',
  );
  const texts = fc.array(letters, { maxLength: 120 }).map((parts) => parts.join(''));

  it('joins to the text, and does not depend on the pieces the text came in', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(12)), (text, sizes) => {
        const whole = clauses(text);
        expect(whole.join('')).toBe(text);
        const splitter = new ClauseSplitter();
        const pieces: string[] = [];
        let at = 0;
        for (const size of sizes) pieces.push(...splitter.push(text.slice(at, (at += size))));
        pieces.push(...splitter.push(text.slice(at)), ...splitter.finish());
        expect(pieces).toEqual(whole);
      }),
    );
  });

  it('never cuts inside a word', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const clause of clauses(text).slice(0, -1)) expect(clause).toMatch(/\s$/);
      }),
    );
  });
});

describe('pauses', () => {
  it.each([
    ['One. ', 320],
    ['One?" ', 320],
    ['one, ', 130],
    ['one: ', 220],
    ['one.\n', 400],
    ['one ', 0],
  ])('after %j: %i ms', (clause, ms) => {
    expect(pauseAfterMs(clause)).toBe(ms);
  });
});
