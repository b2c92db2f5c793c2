import { describe, expect, test } from 'vitest';
import { type KeyEffect, type KeyInput, keyState, keyStep } from '../../../src/agent/channels/key-machine.js';
import { Keypad, keysInWords } from '../../../src/agent/channels/keypad.js';
import { pure } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/index.js';

const key = (atMs: number, key: '1' | '2' | '3' | '#' | '*'): KeyInput => ({ t: 'key', key, atMs });
const begin: KeyInput = { t: 'begin', atMs: 0 };

/** What is collected, and when the machine wants to be woken last. */
function run(inputs: KeyInput[], options = {}) {
  const step = pure(keyStep);
  let state = keyState({ timeoutMs: 2_000, terminator: '#', maxDigits: 4, ...options });
  const collected: string[] = [];
  let wakeAt: number | null = null;
  for (const input of inputs) {
    let effects: KeyEffect[];
    [state, effects] = step(state, input);
    for (const effect of effects) {
      if (effect.t === 'collected') collected.push(`${effect.digits} ${effect.ended}`);
      else wakeAt = effect.atMs;
    }
  }
  return { collected, wakeAt };
}

describe('keys of the caller', () => {
  test.each<[string, KeyInput[], string[], number | null]>([
    [
      'rapid: 1 2 3 # -> 123',
      [begin, key(1, '1'), key(1, '2'), key(1, '3'), key(1, '#')],
      ['123 terminator'],
      null,
    ],
    ['paced: each key puts the timeout off', [begin, key(0, '1'), key(1_900, '2')], [], 3_900],
    ['too early a wake -> nothing', [begin, key(0, '1'), { t: 'wake', atMs: 1_999 }], [], 2_000],
    [
      'silence -> timeout',
      [begin, key(0, '1'), key(500, '2'), { t: 'wake', atMs: 2_500 }],
      ['12 timeout'],
      null,
    ],
    [
      'as many as there may be -> full',
      [begin, ...['1', '2', '3', '1'].map((k) => key(5, k as '1'))],
      ['1231 full'],
      null,
    ],
    ['the end alone -> an empty number', [begin, key(0, '#')], [' terminator'], null],
    [
      'two numbers',
      [begin, key(0, '1'), key(1, '#'), key(2, '2'), key(3, '#')],
      ['1 terminator', '2 terminator'],
      null,
    ],
    ['left in the middle -> close', [begin, key(0, '1'), { t: 'end', atMs: 10 }], ['1 close'], null],
    ['left with nothing pressed -> nothing', [begin, { t: 'end', atMs: 10 }], [], null],
    [
      'pressed before anybody is there -> kept until then',
      [key(0, '1'), key(9, '2'), { t: 'begin', atMs: 100 }],
      [],
      2_100,
    ],
    [
      'more than fits before that -> full at once',
      [...'12312'].map((k) => key(0, k as '1')).concat({ t: 'begin', atMs: 7 }),
      ['1231 full'],
      null,
    ],
  ])('%s', (_, inputs, collected, wakeAt) => {
    expect(run(inputs)).toEqual({ collected, wakeAt });
  });

  test('without a terminator # is a key like others', () => {
    expect(run([begin, key(0, '*'), key(0, '#')], { terminator: null, maxDigits: 2 }).collected).toEqual([
      '*# full',
    ]);
  });

  test('in words: the keys, and the one that ended them', () => {
    expect(keysInWords('12', 'timeout')).toMatch(/: 1 2$/);
    expect(keysInWords('12', 'terminator', '*')).toMatch(/: 1 2 \*$/);
  });

  test('the keypad leaves no timer behind; after its end keys are nobody’s', async () => {
    const clock = new FakeClock();
    const heard: string[] = [];
    const host = {
      clock,
      pressed: (pressed: string) => heard.push(pressed),
      collected: (digits: string, ended: string) => heard.push(`${digits} ${ended}`),
    };
    const keypad = new Keypad({ timeoutMs: 100 }, host);
    keypad.begin();
    keypad.press('7');
    await clock.advance(100);
    keypad.press('8');
    keypad.close();
    keypad.close();
    keypad.press('9');
    expect(heard).toEqual(['7', '7 timeout', '8', '8 close']);
    expect(clock.pending).toBe(0);
  });

  test.each([
    [{ timeoutMs: 0 }, 'dtmf.timeoutMs'],
    [{ maxDigits: 1.5 }, 'dtmf.maxDigits'],
    [{ terminator: 'x' as '#' }, 'dtmf.terminator'],
  ])('%o -> option_invalid', (options, param) => {
    const host = { clock: new FakeClock(), pressed() {}, collected() {} };
    expect(() => new Keypad(options, host)).toThrow(
      expect.objectContaining({ code: 'option_invalid', param }),
    );
  });
});
