import { describe, expect, it } from 'vitest';
import { phoneGroups, timedPhones } from '../../../src/speech/embedded/flite/phones.js';
import { dictionaryPhones } from '../../../src/speech/embedded/flite/pronounce.js';
import { wordTimes } from '../../../src/speech/embedded/tts/word-times.js';

const phones = timedPhones(
  'pau:0.100 hh:0.200 ax:0.300 l:0.400 ow:0.500 pau:0.600 dh:0.700 ax:0.800 m:0.900 pau:1.000 ',
);

describe('phones', () => {
  it('reads times and silences', () => {
    expect(phones[1]).toEqual({ name: 'hh', fromMs: 100, toMs: 200 });
    expect(phoneGroups('pau hh ax pau l ow pau pau dh pau')).toEqual([['hh', 'ax'], ['l', 'ow'], ['dh']]);
    expect(dictionaryPhones(['k', 'uw', 'b', 'ax'])).toBe('K UW B AH');
  });
});

describe('word times', () => {
  it.each<[string, string[], string[][], [string, number, number][]]>([
    [
      'exact sounds',
      ['Hello,', 'them'],
      [
        ['hh', 'ax', 'l', 'ow'],
        ['dh', 'ax', 'm'],
      ],
      [
        ['Hello,', 100, 500],
        ['them', 600, 900],
      ],
    ],
    [
      'another vowel in company',
      ['Hello,', 'them'],
      [
        ['hh', 'eh', 'l', 'ow'],
        ['dh', 'eh', 'm'],
      ],
      [
        ['Hello,', 100, 500],
        ['them', 600, 900],
      ],
    ],
    [
      'a sound left out',
      ['Hello,', 'them'],
      [
        ['hh', 'ax', 'l', 'ow', 'w'],
        ['dh', 'eh', 'm', 'z'],
      ],
      [
        ['Hello,', 100, 500],
        ['them', 600, 900],
      ],
    ],
    [
      'a sound more than expected goes with the word before',
      ['Hello,', 'them'],
      [
        ['hh', 'ax', 'l'],
        ['dh', 'ax', 'm'],
      ],
      [
        ['Hello,', 100, 500],
        ['them', 600, 900],
      ],
    ],
    [
      'a word without sounds has no time',
      ['Hello', '—', 'them'],
      [['hh', 'ax', 'l', 'ow'], [], ['dh', 'ax', 'm']],
      [
        ['Hello', 100, 500],
        ['them', 600, 900],
      ],
    ],
  ])('%s', (_name, words, expected, times) => {
    expect(wordTimes(words, expected, phones)).toEqual(
      times.map(([text, fromMs, toMs]) => ({ text, fromMs, toMs })),
    );
  });

  it('gives a word whose sounds all vanished a moment, not a gap', () => {
    const times = wordTimes(
      ['Hello', 'uh', 'them'],
      [['hh', 'ax', 'l', 'ow'], ['ah'], ['dh', 'ax', 'm']],
      phones,
    );
    expect(times.map((word) => word.text)).toEqual(['Hello', 'uh', 'them']);
    for (const [i, word] of times.entries()) {
      expect(word.toMs).toBeGreaterThanOrEqual(word.fromMs);
      if (i > 0) expect(word.fromMs).toBeGreaterThanOrEqual(times[i - 1]!.toMs);
    }
  });
});
