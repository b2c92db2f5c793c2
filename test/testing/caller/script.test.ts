import { describe, expect, it } from 'vitest';
import { pure } from '../../../src/core/index.js';
import {
  type ScriptEffect,
  type ScriptInput,
  scriptState,
} from '../../../src/testing/caller/script/state.js';
import { scriptStep } from '../../../src/testing/caller/script/step.js';
import { type LogEntry, loadScenario } from '../../../src/testing/index.js';

const step = pure(scriptStep);

const begin: ScriptInput = { t: 'begin', atMs: 0 };
const at = (atMs: number): ScriptInput => ({ t: 'time', atMs });
const said = (atMs: number): ScriptInput => ({ t: 'sounded', atMs });
function event(atMs: number, name: string, data = {}, source: LogEntry['source'] = 'session'): ScriptInput {
  return { t: 'event', atMs, entry: { atMs, source, event: name, data } };
}
const speaks = (atMs: number) => event(atMs, 'agent_started', { fromMs: atMs }, 'line');
const stops = (atMs: number) => event(atMs, 'agent_stopped', { toMs: atMs }, 'line');

/** Effects of all inputs, in short. */
function play(steps: unknown[], inputs: ScriptInput[]): string[] {
  let state = scriptState(loadScenario({ name: 'x', steps }).steps, 15_000);
  const told: string[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, input);
    state = next;
    told.push(...effects.map((effect) => `${input.atMs}: ${short(effect)}`));
  }
  return told;
}

function short(effect: ScriptEffect): string {
  switch (effect.t) {
    case 'sound':
    case 'noise':
      return `${effect.t} ${effect.step}`;
    case 'wake':
      return `wake ${effect.atMs}`;
    case 'failed':
      return `failed ${effect.step}: ${effect.message}`;
    case 'hangup':
      return `hangup (${effect.reason})`;
    case 'pause':
      return `pause ${effect.fromMs}-${effect.toMs}`;
    case 'send':
      return `send ${JSON.stringify(effect.message)}`;
  }
}

const over = 'hangup (the scenario is over)';

describe('the caller', () => {
  it.each<[string, unknown[], ScriptInput[], string[]]>([
    ['nothing to do → hangs up', [], [begin], [`0: ${over}`]],
    [
      'say → sound → said → the next',
      [{ say: 'a' }, { say: 'b' }],
      [begin, said(500)],
      ['0: sound 0', '500: sound 1'],
    ],
    [
      'wait ms → wakes then',
      [{ wait: 300 }],
      [begin, at(300)],
      ['0: wake 300', '300: wake null', `300: ${over}`],
    ],
    ['wait 0 → at once', [{ wait: 0 }, { say: 'a' }], [begin], ['0: sound 1']],
    [
      'pause → told, then as a wait',
      [{ say: 'a' }, { pause: 1000 }, { say: 'b' }],
      [begin, said(400), at(1400)],
      ['0: sound 0', '400: pause 400-1400', '400: wake 1400', '1400: sound 2', '1400: wake null'],
    ],
    [
      'noise → begins, and the next with it',
      [{ noise: 'hum' }, { say: 'a' }],
      [begin],
      ['0: noise 0', '0: sound 1'],
    ],
    ['data → sent', [{ data: { x: 1 } }, { say: 'a' }], [begin], ['0: send {"x":1}', '0: sound 1']],
    ['hangup → with its reason', [{ hangup: 'bye' }, { say: 'a' }], [begin], ['0: hangup (bye)']],
    [
      'wait for → event → the next',
      [{ wait: 'agent_started' }, { say: 'a' }],
      [begin, event(90, 'other'), speaks(100)],
      ['0: wake 15000', '100: sound 1', '100: wake null'],
    ],
    [
      'wait for with fields → only that event',
      [{ wait: { for: 'e', where: { final: true } } }, { say: 'a' }],
      [begin, event(10, 'e', { final: false }), event(20, 'e', { final: true })],
      ['0: wake 15000', '20: sound 1', '20: wake null'],
    ],
    [
      'an event during the say before → counts',
      [{ say: 'a' }, { wait: 'e' }, { say: 'b' }],
      [begin, event(100, 'e'), said(400)],
      ['0: sound 0', '400: sound 2'],
    ],
    [
      'an event before the say → does not',
      [{ wait: 'e' }, { say: 'a' }, { wait: 'e' }],
      [begin, event(100, 'e'), said(400)],
      ['0: wake 15000', '100: sound 1', '100: wake null', '400: wake 15400'],
    ],
    [
      'an event that was met → not again',
      [{ wait: 'e' }, { wait: 'e' }, { say: 'a' }],
      [begin, event(100, 'e'), event(200, 'e')],
      ['0: wake 15000', '100: wake 15100', '200: sound 2', '200: wake null'],
    ],
    [
      'what never comes → failed, and the caller gives up',
      [{ wait: { for: 'e', withinMs: 500 } }, { say: 'a' }],
      [begin, at(500)],
      [
        '0: wake 500',
        "500: failed 0: the event 'e' did not come within 500 ms",
        '500: wake null',
        '500: hangup (the caller gave up)',
      ],
    ],
    [
      'sendAfter → so long after the event, not after its hearing',
      [{ sendAfter: { event: 'e', delayMs: 300 } }, { say: 'a' }],
      [begin, event(100, 'e'), at(400)],
      ['0: wake 15000', '100: wake 400', '400: sound 1', '400: wake null'],
    ],
    [
      'overlapAt → counted from the first sound',
      [{ overlapAt: 300 }, { say: 'a' }],
      [begin, speaks(1000), at(1300)],
      ['0: wake 15000', '1000: wake 1300', '1300: sound 1', '1300: wake null'],
    ],
    [
      'overlapAt → an utterance that was too short is none',
      [{ overlapAt: { agentMs: 300, withinMs: 5000 } }, { say: 'a' }],
      [begin, speaks(1000), stops(1200), at(1300), speaks(2000), at(2300)],
      [
        '0: wake 5000',
        '1000: wake 1300',
        '1200: wake 5000',
        '2000: wake 2300',
        '2300: sound 1',
        '2300: wake null',
      ],
    ],
    [
      'expect → goes on as soon as it is so',
      [{ say: 'a' }, { expect: { heard: 'we open at nine', withinMs: 900 } }],
      [
        begin,
        said(100),
        event(200, 'agent_output_transcribed', { itemId: 'i', heard: 'We open', rest: ' at nine.' }),
        event(400, 'agent_output_transcribed', { itemId: 'i', heard: 'We open at nine.', rest: '' }),
      ],
      ['0: sound 0', '100: wake 1000', '400: wake null', `400: ${over}`],
    ],
    [
      'expect that fails → told, and the call goes on',
      [{ expect: { calls: 'book', args: { day: 'friday' }, withinMs: 900 } }, { say: 'a' }],
      [begin, event(10, 'tool_started', { callId: 'c', name: 'book', args: '{"day":"monday"}' }), at(900)],
      [
        '0: wake 900',
        '900: failed 0: a call of \'book\' with {"day":"friday"} did not come within 900 ms',
        '900: sound 1',
        '900: wake null',
      ],
    ],
    [
      'absent → waits it out, and is content',
      [{ expect: { event: 'speech_interrupted', absent: true, withinMs: 500 } }],
      [begin, at(500)],
      ['0: wake 500', '500: wake null', `500: ${over}`],
    ],
    [
      'absent, and it comes → failed at once',
      [{ expect: { event: 'e', absent: true, withinMs: 500 } }],
      [begin, event(100, 'e')],
      ['0: wake 500', "100: failed 0: the event 'e' came, and should not", '100: wake null', `100: ${over}`],
    ],
    [
      'the far end goes in the middle → failed',
      [{ say: 'a' }],
      [begin, { t: 'ended', reason: 'gone', atMs: 50 }, said(100)],
      ['0: sound 0', '50: failed 0: the call was ended by the far end (gone)'],
    ],
    [
      'the far end goes and the caller wanted to as well → nothing',
      [{ wait: 100 }, 'hangup'],
      [begin, at(100), { t: 'ended', reason: 'gone', atMs: 150 }],
      ['0: wake 100', '100: wake null', '100: hangup (the caller hung up)'],
    ],
  ])('%s', (_, steps, inputs, expected) => {
    expect(play(steps, inputs)).toEqual(expected);
  });
});
