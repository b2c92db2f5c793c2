import { describe, expect, test } from 'vitest';
import {
  type EndpointInput,
  type EndpointRules,
  endpointState,
  endpointStep,
} from '../../../src/agent/ears/endpointing.js';
import { unfinished } from '../../../src/agent/ears/unfinished.js';
import { pure } from '../../../src/core/index.js';

const rules: EndpointRules = {
  minDelayMs: 500,
  maxDelayMs: 3_000,
  digitsDelayMs: 1_500,
  language: 'en',
  threshold: null,
};
type Bare = EndpointInput extends infer I ? (I extends EndpointInput ? Omit<I, 'atMs'> : never) : never;
const start: Bare = { t: 'voice', edge: 'start', turn: 'a', voiceMs: 0 };
const stop = (voiceMs: number): Bare => ({ t: 'voice', edge: 'stop', turn: 'a', voiceMs });
const words = (text: string): Bare => ({ t: 'words', text });

/** What came of inputs at their times: each effect in a word. */
function run(inputs: [number, Bare][], more: Partial<EndpointRules> = {}): string[] {
  const step = pure(endpointStep);
  let state = endpointState({ ...rules, ...more });
  const told: string[] = [];
  for (const [atMs, input] of inputs) {
    const [next, effects] = step(state, { ...input, atMs } as EndpointInput);
    state = next;
    for (const effect of effects) {
      told.push(
        effect.t === 'end'
          ? `end ${effect.because} ${effect.waitedMs}`
          : effect.t === 'wake'
            ? `wake ${effect.atMs}`
            : effect.t,
      );
    }
  }
  return told;
}

describe('the end of a turn', () => {
  test.each<[string, [number, Bare][], Partial<EndpointRules>, string[]]>([
    [
      'voice->pause->end',
      [
        [0, start],
        [800, stop(700)],
        [1_200, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 1200', 'end pause 500', 'wake null'],
    ],
    [
      'pause->too early->nothing',
      [
        [0, start],
        [800, stop(700)],
        [1_100, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 1200'],
    ],
    [
      'pause->voice->the same turn goes on',
      [
        [0, start],
        [800, stop(700)],
        [1_000, start],
        [1_600, stop(1_500)],
      ],
      {},
      ['begin', 'wake 1200', 'go_on', 'wake null', 'wake 2000'],
    ],
    [
      'function word->it waits for more',
      [
        [0, start],
        [700, words('my name is')],
        [800, stop(700)],
        [1_200, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 3700'],
    ],
    [
      'function word, and nothing more->max',
      [
        [0, start],
        [700, words('my name is')],
        [800, stop(700)],
        [3_700, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 3700', 'end function_word 3000', 'wake null'],
    ],
    [
      'late words->it waits after all',
      [
        [0, start],
        [800, stop(700)],
        [1_000, words('well')],
        [1_200, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 1200', 'wake 3700'],
    ],
    [
      'late words that finish it->the end, at once',
      [
        [0, start],
        [700, words('and')],
        [800, stop(700)],
        [1_500, words('and that is all')],
      ],
      {},
      ['begin', 'wake 3700', 'end pause 800', 'wake null'],
    ],
    [
      'digits->a little longer',
      [
        [0, start],
        [700, words('4 7 1 1')],
        [800, stop(700)],
      ],
      {},
      ['begin', 'wake 2200'],
    ],
    [
      'digits expected, some missing->max',
      [
        [0, start],
        [700, words('47 11')],
        [800, stop(700)],
      ],
      { expectDigits: 8 },
      ['begin', 'wake 3700'],
    ],
    [
      'digits expected, all there->min',
      [
        [0, start],
        [700, words('4711 4711')],
        [800, stop(700)],
      ],
      { expectDigits: 8 },
      ['begin', 'wake 1200'],
    ],
    [
      'detector sure->min',
      [
        [0, start],
        [800, stop(700)],
        [900, { t: 'predicted', pause: 2, probability: 0.9 }],
      ],
      { threshold: 0.5 },
      ['begin', 'ask', 'wake 3700', 'wake 1200'],
    ],
    [
      'detector unsure->max',
      [
        [0, start],
        [800, stop(700)],
        [900, { t: 'predicted', pause: 2, probability: 0.2 }],
      ],
      { threshold: 0.5 },
      ['begin', 'ask', 'wake 3700'],
    ],
    [
      'detector of an earlier pause->void',
      [
        [0, start],
        [800, stop(700)],
        [850, start],
        [900, { t: 'predicted', pause: 2, probability: 0.9 }],
        [1_000, stop(950)],
      ],
      { threshold: 0.5 },
      ['begin', 'ask', 'wake 3700', 'go_on', 'wake null', 'ask', 'wake 3950'],
    ],
    [
      'detector sure, words not->max',
      [
        [0, start],
        [700, words('i would like to')],
        [800, stop(700)],
        [900, { t: 'predicted', pause: 2, probability: 1 }],
      ],
      { threshold: 0.5 },
      ['begin', 'ask', 'wake 3700'],
    ],
    [
      'words alone->begin, each one waits anew',
      [
        [0, { t: 'words', text: 'yes', begins: 'a' }],
        [300, { t: 'words', text: 'yes please', begins: 'a' }],
        [400, { t: 'words', text: 'yes please', begins: 'a' }],
        [800, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 500', 'go_on', 'wake 800', 'end pause 500', 'wake null'],
    ],
    [
      'over->nothing waits',
      [
        [0, start],
        [800, stop(700)],
        [900, { t: 'over' }],
        [1_200, { t: 'wake' }],
      ],
      {},
      ['begin', 'wake 1200', 'wake null'],
    ],
    [
      'rules changed in the pause->by the new ones',
      [
        [0, start],
        [800, stop(700)],
        [900, { t: 'rules', rules: { minDelayMs: 1_000 } }],
      ],
      {},
      ['begin', 'wake 1200', 'wake 1700'],
    ],
    ['stop without a turn->nothing', [[0, stop(0)]], {}, []],
  ])('%s', (_, inputs, more, told) => {
    expect(run(inputs, more)).toEqual(told);
  });
});

describe('what sounds unfinished', () => {
  test.each<[string, string, string | undefined, number?]>([
    ['en', 'I would like to', 'function_word'],
    ['en', 'I would like a table', undefined],
    ['en', 'my number is um', 'filler'],
    ['en', 'what is it for?', undefined],
    ['en', 'on monday,', 'comma'],
    ['en', 'a table for two', undefined],
    ['en', 'one two three', 'digits'],
    ['en', 'four seven one one', 'digits_expected', 8],
    ['en', 'double four five', 'digits'],
    ['en', 'it is for my wife and', 'function_word', 8],
    ['en', '', undefined],
    ['nb-NO', 'jeg heter Kari og', 'function_word'],
    ['nb-NO', 'jeg heter Kari', undefined],
    ['no', 'fire null tre en', 'digits'],
    ['no', 'øh', 'filler'],
    ['de', 'ich möchte einen Termin für den', 'function_word'],
    ['de-AT', 'ähm', 'filler'],
    ['de', 'null eins sieben zwei', 'digits'],
    ['fr', 'je voudrais un rendez-vous avec le', 'function_word'],
    ['fr', 'euh', 'filler'],
    ['fr', 'zéro six douze', undefined],
    ['es', 'quiero una cita para', 'function_word'],
    ['es', 'mi número es seis cero uno', 'digits'],
    ['es', 'gracias', undefined],
    ['sv', 'noll sju 070', 'digits'],
    ['sv', 'jag heter', undefined],
  ])('%s: %s -> %s', (language, text, why, expected) => {
    expect(unfinished(text, language, expected)).toBe(why);
  });
});
