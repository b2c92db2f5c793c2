import { describe, expect, it } from 'vitest';
import { totalErrors, wordErrors } from './wer.js';

describe('word error rate', () => {
  it.each([
    [
      'the same',
      'Hello, are you open?',
      'hello are you open',
      { substitutions: 0, insertions: 0, deletions: 0, words: 4, rate: 0 },
    ],
    [
      'a wrong word',
      'half past ten',
      'half past two',
      { substitutions: 1, insertions: 0, deletions: 0, words: 3 },
    ],
    [
      'a word too many',
      'half past ten',
      'half a past ten',
      { substitutions: 0, insertions: 1, deletions: 0, words: 3 },
    ],
    [
      'a word missing',
      "I'd like to book",
      "i'd like book",
      { substitutions: 0, insertions: 0, deletions: 1, words: 4, rate: 0.25 },
    ],
    ['all missing', 'one two', '', { substitutions: 0, insertions: 0, deletions: 2, words: 2, rate: 1 }],
    ['nothing said', '', 'uh', { substitutions: 0, insertions: 1, deletions: 0, words: 0, rate: 1 }],
    ['nothing at all', '', '', { words: 0, rate: 0 }],
  ])('%s', (_name, said, heard, expected) => {
    expect(wordErrors(said, heard)).toMatchObject(expected);
  });

  it('adds up over texts by words, not by texts', () => {
    expect(totalErrors([wordErrors('a b c d', 'a b c d'), wordErrors('e', 'f')]).rate).toBeCloseTo(0.2);
  });
});
