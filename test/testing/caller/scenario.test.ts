import { describe, expect, it } from 'vitest';
import { has } from '../../../src/testing/caller/scenario/where.js';
import { loadScenario } from '../../../src/testing/index.js';

const withSteps = (...steps: unknown[]) => loadScenario({ name: 'x', steps }).steps;

describe('a scenario from a file', () => {
  it.each<[unknown, unknown]>([
    [{ say: 'Hello' }, { say: { text: 'Hello' } }],
    [{ say: { text: 'Hello', rate: 1.2 } }, { say: { text: 'Hello', rate: 1.2 } }],
    [{ wait: 500 }, { wait: { ms: 500 } }],
    [{ wait: 'agent_stopped' }, { wait: { for: 'agent_stopped' } }],
    [{ overlapAt: 300 }, { overlapAt: { agentMs: 300 } }],
    [{ dtmf: 123 }, { dtmf: { keys: '123' } }],
    [{ dtmf: '12#' }, { dtmf: { keys: '12#' } }],
    [{ noise: 'street' }, { noise: { kind: 'street' } }],
    ['backchannel', { backchannel: {} }],
    [{ backchannel: 'I see' }, { backchannel: { text: 'I see' } }],
    ['tic', { tic: {} }],
    [{ tic: 'slam' }, { tic: { kind: 'slam' } }],
    [{ sideSpeech: 'not you' }, { sideSpeech: { text: 'not you' } }],
    [{ pause: 1500 }, { pause: { ms: 1500 } }],
    [{ data: { type: 'text' } }, { data: { type: 'text' } }],
    ['hangup', { hangup: {} }],
    [{ hangup: 'bye' }, { hangup: { reason: 'bye' } }],
    [{ expect: { heard: 'yes', withinMs: 10 } }, { expect: { heard: 'yes', withinMs: 10 } }],
  ])('%j → %j', (short, whole) => {
    expect(withSteps(short)).toEqual([whole]);
    expect(withSteps(whole)).toEqual([whole]);
  });

  it.each<[unknown, string]>([
    [[], 'The scenario must be an object.'],
    [{ steps: [] }, 'The scenario: name must be a text that is not empty.'],
    [{ name: 'x' }, "The scenario 'x': steps must be a list."],
    [{ name: 'x', steps: [], color: 1 }, "The scenario 'x': color is not a field; fields are name, seed"],
    [{ name: 'x', steps: ['dance'] }, 'steps[0] must be one of hangup, tic, backchannel.'],
    [{ name: 'x', steps: [{ sing: 'la' }] }, 'steps[0].sing is not a field; fields are say, wait'],
    [{ name: 'x', steps: [{ say: 'a', wait: 1 }] }, 'steps[0] must have one of say, wait'],
    [{ name: 'x', steps: [{ say: { voice: 'rms' } }] }, 'steps[0].say.text must be a text'],
    [
      { name: 'x', steps: [{ say: { text: 'a', voice: 'bob' } }] },
      'steps[0].say.voice must be one of rms, slt',
    ],
    [
      { name: 'x', steps: [{ say: { text: 'a', rate: 3 } }] },
      'steps[0].say.rate must be a number from 0.5 to 2.',
    ],
    [{ name: 'x', steps: [{ wait: { ms: 1, for: 'x' } }] }, "steps[0].wait must have either 'ms' or 'for'."],
    [
      { name: 'x', steps: [{ wait: { for: 'x', where: { t: '/(/' } } }] },
      'wait.where.t is no regular expression',
    ],
    [{ name: 'x', steps: [{ sendAfter: { event: 'x' } }] }, 'sendAfter.delayMs is missing'],
    [{ name: 'x', steps: [{ dtmf: '12x' }] }, "steps[0].dtmf.keys has 'x', which is no key"],
    [{ name: 'x', steps: [{ noise: 'rain' }] }, 'steps[0].noise.kind must be one of white, pink'],
    [
      { name: 'x', steps: [{ noise: { kind: 'hum', snrDb: 5, levelDb: -40 } }] },
      "has 'snrDb' or 'levelDb', not both",
    ],
    [
      { name: 'x', steps: [{ expect: { metric: 'v2v_ms.p50' } }] },
      'steps[0].expect must have one of event, calls',
    ],
    [{ name: 'x', steps: [{ expect: { event: 'a', times: 2 } }] }, 'expect.times is not a field'],
    [
      { name: 'x', steps: [], expect: [{ metric: 'v2v_ms.p50' }] },
      "expect[0] must say 'min', 'max' or 'equals'.",
    ],
    [
      { name: 'x', steps: [], expect: [{ event: 'a', heard: 'b' }] },
      'expect[0] must have one of event, calls',
    ],
    [
      { name: 'x', steps: [], line: { telephone: true, sampleRateHz: 16_000 } },
      'is 8000 on a telephone line',
    ],
    [{ name: 'x', steps: [], line: { sampleRateHz: 12_345 } }, 'line.sampleRateHz must be one of 8000'],
    [{ name: 'x', steps: [], line: { loss: {} } }, 'line.loss.rate is missing'],
    [
      { name: 'x', steps: [], caller: { vary: { pitch: 9 } } },
      'caller.vary.pitch must be a number from 0 to 0.3.',
    ],
    [{ name: 'x', steps: [], limitMs: 0 }, 'limitMs must be a number from 1'],
  ])('%j → refused', (json, message) => {
    expect(() => loadScenario(json)).toThrow(message);
  });

  it('takes its name from the file where it has none', () => {
    expect(loadScenario({ steps: [] }, 'greeting').name).toBe('greeting');
    expect(loadScenario({ name: 'own', steps: [] }, 'greeting').name).toBe('own');
  });
});

describe('comparing', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: { b: [1, 2] } }, { a: { b: [1, 2] } }, true],
    [[1, 2, 3], [1, 2], false],
    ['John Smith', '/john smith/i', true],
    ['John', 'john', false],
    [undefined, '/./', false],
    [null, null, true],
    [1, '1', false],
  ])('%j has %j: %s', (value, wanted, expected) => {
    expect(has(value, wanted)).toBe(expected);
  });
});
