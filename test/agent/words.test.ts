import { describe, expect, test } from 'vitest';
import { SpokenWords } from '../../src/agent/words.js';

const at = (text: string, fromMs: number, toMs: number) => ({ text, fromMs, toMs });

describe('what was heard of a text', () => {
  test('by word times: a word counts when more than half of it was heard', () => {
    const words = new SpokenWords();
    words.add('a', 'We open at nine, and', 'append', [
      at('We', 0, 100),
      at('open', 100, 300),
      at('at', 300, 400),
      at('nine', 400, 700),
    ]);
    words.heard('a', 340, 2_000);
    expect(words.divide('a')).toEqual({ heard: 'We open', rest: ' at nine, and' });
    words.heard('a', 360, 2_000);
    expect(words.divide('a')).toEqual({ heard: 'We open at', rest: ' nine, and' });
    words.heard('a', 700, 2_000);
    expect(words.divide('a').heard).toBe('We open at nine, ');
  });

  test('by share where the wire gives no times, at the end of a word', () => {
    const words = new SpokenWords();
    words.add('a', 'one two three four', 'append', undefined);
    words.heard('a', 500, 1_000);
    expect(words.divide('a')).toEqual({ heard: 'one two', rest: ' three four' });
    words.heard('a', 1_000, 1_000);
    expect(words.divide('a').rest).toBe('');
  });

  test('a final text replaces the deltas, an empty one keeps them, positions never go back', () => {
    const words = new SpokenWords();
    words.add('a', 'helo ', 'append', undefined);
    words.add('a', 'Hello there.', 'final', undefined);
    words.add('a', '', 'final', undefined);
    words.heard('a', 100, 100);
    words.heard('a', 20, 100);
    expect(words.divide('a')).toEqual({ heard: 'Hello there.', rest: '' });
    expect(words.divide('unknown')).toEqual({ heard: '', rest: '' });
  });

  test('another text: words that have times are found where they stand in it', () => {
    const words = new SpokenWords();
    words.add('a', 'we open', 'append', [at('we', 0, 100), at('open', 100, 300)]);
    words.add('a', 'Yes: we open.', 'final', undefined);
    words.heard('a', 100, 300);
    expect(words.divide('a')).toEqual({ heard: 'Yes: we', rest: ' open.' });
    words.add('a', 'Never mind.', 'replace', undefined);
    words.heard('a', 150, 300);
    expect(words.divide('a')).toEqual({ heard: 'Never', rest: ' mind.' });
  });
});

test('the items settled last keep their words, whenever they were begun', () => {
  const words = new SpokenWords();
  words.add('first', 'begun first', 'append', undefined);
  for (let index = 0; index < 9; index++) {
    words.add(`item_${index}`, 'well', 'append', undefined);
    words.settle(`item_${index}`, 'heard');
  }
  words.settle('first', 'partly');
  expect([words.text('first'), words.settled('first')]).toEqual(['begun first', 'partly']);
  expect([words.text('item_1'), words.settled('item_1')]).toEqual(['', undefined]);
  expect([words.text('item_2'), words.settled('item_2')]).toEqual(['well', 'heard']);
});
