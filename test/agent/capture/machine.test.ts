import { describe, expect, test } from 'vitest';
import {
  type CaptureEffect,
  type CaptureInput,
  type CaptureState,
  captureState,
} from '../../../src/agent/capture/dialogue/state.js';
import { captureStep } from '../../../src/agent/capture/dialogue/step.js';
import type { Checked, Fit } from '../../../src/agent/capture/kinds/rules.js';
import { pure } from '../../../src/core/index.js';

const settings = {
  ways: ['free', 'slow', 'keys'],
  attempts: 2,
  confirm: true,
  pauseMs: 1_500,
  silenceMs: 8_000,
} as const;
const step = pure(captureStep);

function value(text: string, fit: Fit = 'whole'): Checked {
  return { text, value: text, fit, groups: [text] };
}

type Short = Partial<Extract<CaptureInput, { t: 'heard' }>>;
const heard = (said: Short = {}): CaptureInput => ({
  t: 'heard',
  verdict: null,
  wish: null,
  found: null,
  ...said,
});
const [a, b, c] = [value('111'), value('222'), value('333')];
const begin = (found: Checked | null = null): CaptureInput => ({ t: 'begin', found });
const yes = heard({ verdict: 'yes' });
const no = heard({ verdict: 'no' });
const found = (one: Checked, verdict: 'yes' | 'no' | null = null) => heard({ found: one, verdict });

/** What it said and decided, in short. */
function told(effects: readonly CaptureEffect[]): string {
  return effects
    .flatMap((effect) => {
      if (effect.t === 'say')
        return [effect.value === null ? effect.line : `${effect.line} ${effect.value.text}`];
      if (effect.t === 'given_up') return [`given up: ${effect.reason}`];
      if (effect.t === 'wait') return effect.ms === null ? [] : [`wait ${effect.ms}`];
      return [`${effect.t} ${effect.value.text}`];
    })
    .join(', ');
}

function play(inputs: readonly CaptureInput[], state: CaptureState = captureState(settings)) {
  let last: CaptureEffect[] = [];
  for (const input of inputs) [state, last] = step(state, input);
  return { state, last: told(last) };
}

describe('captureStep', () => {
  test.each<[string, readonly CaptureInput[], CaptureState['phase'], string]>([
    ['idle->begin->asked', [begin()], 'asked', 'ask'],
    ['idle->begin(whole)->confirming', [begin(a)], 'confirming', 'readBack 111'],
    ['idle->begin(short)->growing', [begin(value('11', 'short'))], 'growing', 'wait 1500'],
    ['idle->begin(wrong)->asked', [begin(value('9', 'wrong'))], 'asked', 'notValid 9'],
    ['asked->told->waits', [begin(), { t: 'told' }], 'asked', 'wait 8000'],
    ['asked->heard->confirming', [begin(), found(a)], 'confirming', 'readBack 111'],
    ['asked->part->growing', [begin(), found(value('11', 'short'))], 'growing', 'wait 1500'],
    ['asked->nothing->asked', [begin(), heard()], 'asked', 'notUnderstood'],
    ['asked->wrong->asked', [begin(), found(value('9', 'wrong'))], 'asked', 'notValid 9'],
    ['asked->repeat->asked', [begin(), heard({ wish: 'repeat' })], 'asked', 'ask'],
    ['asked->stop->given up', [begin(), heard({ wish: 'stop' })], 'given_up', 'given up: declined'],
    ['asked->wants keys->keys', [begin(), heard({ wish: 'keys' })], 'asked', 'keys'],
    ['asked->silence->asked', [begin(), { t: 'time' }], 'asked', 'ask'],
    [
      'asked->silence thrice->given up',
      [begin(), { t: 'time' }, { t: 'time' }, { t: 'time' }],
      'given_up',
      'given up: silence',
    ],
    ['growing->more->confirming', [begin(value('11', 'short')), found(a)], 'confirming', 'readBack 111'],
    ['growing(short)->pause->go on', [begin(value('11', 'short')), { t: 'time' }], 'growing', 'goOn'],
    [
      'growing(open)->pause->confirming',
      [begin(value('111', 'open')), { t: 'time' }],
      'confirming',
      'readBack 111',
    ],
    [
      'growing(open)->"that is all"->confirming',
      [begin(value('111', 'open')), yes],
      'confirming',
      'readBack 111',
    ],
    [
      'growing->go on->told->waits longer',
      [begin(value('11', 'short')), { t: 'time' }, { t: 'told' }],
      'growing',
      'wait 8000',
    ],
    [
      'growing->speech->no time runs',
      [begin(value('11', 'short')), { t: 'speech', edge: 'start' }, { t: 'time' }],
      'growing',
      '',
    ],
    [
      'growing->speech stops->waits',
      [begin(value('11', 'short')), { t: 'speech', edge: 'start' }, { t: 'speech', edge: 'stop' }],
      'growing',
      'wait 1500',
    ],
    ['confirming->yes->confirmed', [begin(a), yes], 'confirmed', 'confirmed 111'],
    ['confirming->the same->confirmed', [begin(a), found(a)], 'confirmed', 'confirmed 111'],
    ['confirming->no->refused', [begin(a), no], 'asked', 'refused 111, refused'],
    ['confirming->no->another->confirming', [begin(a), no, found(b)], 'confirming', 'readBackSlowly 222'],
    [
      'confirming->corrected->confirming',
      [begin(a), found(b, 'no')],
      'confirming',
      'refused 111, readBackSlowly 222',
    ],
    [
      'confirming->corrected twice->confirming',
      [begin(a), found(b, 'no'), found(c, 'no')],
      'confirming',
      'refused 222, readBackSlowly 333',
    ],
    [
      'confirming->corrected in part->growing',
      [begin(a), found(value('2', 'short'), 'no')],
      'growing',
      'refused 111, wait 1500',
    ],
    ['confirming->no, the same->slowly', [begin(a), found(a, 'no')], 'confirming', 'readBackSlowly 111'],
    [
      'confirming->no, the same twice->one by one',
      [begin(a), found(a, 'no'), found(a, 'no')],
      'asked',
      'oneByOne',
    ],
    ['confirming->neither->yes or no', [begin(a), heard()], 'confirming', 'yesOrNo 111'],
    ['confirming->repeat->slowly', [begin(a), heard({ wish: 'repeat' })], 'confirming', 'readBackSlowly 111'],
    ['confirming->silence->yes or no', [begin(a), { t: 'time' }], 'confirming', 'yesOrNo 111'],
    [
      'confirming->silence thrice->given up',
      [begin(a), { t: 'time' }, { t: 'time' }, { t: 'time' }],
      'given_up',
      'given up: silence',
    ],
    ['refused twice->one by one', [begin(a), no, found(b), no], 'asked', 'refused 222, oneByOne'],
    [
      'one by one->heard->read back slowly',
      [begin(a), no, found(b), no, found(c)],
      'confirming',
      'readBackSlowly 333',
    ],
    [
      'one by one->refused twice->keys',
      [begin(a), no, found(b), no, found(c), no, found(a), no],
      'asked',
      'refused 111, keys',
    ],
    [
      'keys->refused twice->given up',
      [begin(), heard({ wish: 'keys' }), found(a), no, found(b), no],
      'given_up',
      'refused 222, given up: attempts',
    ],
    ['not understood twice->one by one', [begin(), heard(), heard()], 'asked', 'oneByOne'],
    ['confirmed->anything->nothing', [begin(a), yes, no, found(b)], 'confirmed', ''],
    ['given up->anything->nothing', [begin(), heard({ wish: 'stop' }), found(b)], 'given_up', ''],
    ['begin twice->once', [begin(a), begin(b)], 'confirming', ''],
  ])('%s', (_name, inputs, phase, last) => {
    const after = play(inputs);
    expect(after.last).toBe(last);
    expect(after.state.phase).toBe(phase);
  });

  test('without read-back: whole -> confirmed', () => {
    expect(play([begin(a)], captureState({ ...settings, confirm: false })).last).toBe('confirmed 111');
  });

  test('without a keypad: wants keys -> not understood', () => {
    const state = captureState({ ...settings, ways: ['free', 'slow'] });
    expect(play([begin(), heard({ wish: 'keys' })], state).last).toBe('notUnderstood');
  });

  test('it ends, whatever is said', () => {
    const inputs: CaptureInput[] = [
      heard(),
      no,
      found(a),
      found(b, 'no'),
      { t: 'time' },
      heard({ wish: 'repeat' }),
    ];
    let seed = 1;
    for (let run = 0; run < 200; run++) {
      let state: CaptureState = play([begin()]).state;
      let steps = 0;
      for (; steps < 200 && state.phase !== 'given_up' && state.phase !== 'confirmed'; steps++) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        [state] = step(state, inputs[(seed >>> 16) % inputs.length]!);
      }
      expect(steps).toBeLessThan(200);
    }
  });
});
