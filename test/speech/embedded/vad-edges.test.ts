import { describe, expect, it } from 'vitest';
import { pure } from '../../../src/core/index.js';
import {
  stepVadEdges,
  type VadEdgesInput,
  type VadEdgesOptions,
  type VadEdgesState,
  vadEdgesState,
} from '../../../src/speech/embedded/vad/vad-edges.js';

const options: VadEdgesOptions = { threshold: 0.5, minSpeechMs: 64, silenceMs: 96 };
const step = pure(stepVadEdges);

const at = (state: Partial<VadEdgesState>): VadEdgesState =>
  ({ ...vadEdgesState(options), ...state }) as VadEdgesState;
const window = (probability: number, fromMs: number): VadEdgesInput => ({
  t: 'window',
  probability,
  fromMs,
  toMs: fromMs + 32,
});

const rows: [arrow: string, from: VadEdgesState, input: VadEdgesInput, to: object, effects: object[]][] = [
  ['silence->0.49->silence', at({}), window(0.49, 320), { phase: 'silence' }, []],
  ['silence->0.5->rising', at({}), window(0.5, 320), { phase: 'rising', startMs: 320 }, []],
  [
    'rising->0.4->speech',
    at({ phase: 'rising', startMs: 320 }),
    window(0.4, 352),
    { phase: 'speech' },
    [{ t: 'speech_started', atMs: 320 }],
  ],
  [
    'rising->0.34->silence',
    at({ phase: 'rising', startMs: 320 }),
    window(0.34, 352),
    { phase: 'silence' },
    [],
  ],
  [
    'silence->0.9->speech when minSpeechMs fits in a window',
    { ...at({}), minSpeechMs: 32 },
    window(0.9, 0),
    { phase: 'speech' },
    [{ t: 'speech_started', atMs: 0 }],
  ],
  ['speech->0.35->speech', at({ phase: 'speech' }), window(0.35, 640), { phase: 'speech' }, []],
  ['speech->0.34->falling', at({ phase: 'speech' }), window(0.34, 640), { phase: 'falling', endMs: 640 }, []],
  [
    'falling->0.49->falling',
    at({ phase: 'falling', endMs: 640 }),
    window(0.49, 672),
    { phase: 'falling', endMs: 640 },
    [],
  ],
  ['falling->0.5->speech', at({ phase: 'falling', endMs: 640 }), window(0.5, 672), { phase: 'speech' }, []],
  [
    'falling->0.1->silence after silenceMs',
    at({ phase: 'falling', endMs: 640 }),
    window(0.1, 704),
    { phase: 'silence' },
    [{ t: 'speech_stopped', atMs: 640 }],
  ],
  [
    'speech->reset->silence without an edge',
    at({ phase: 'speech' }),
    { t: 'reset' },
    { phase: 'silence' },
    [],
  ],
  [
    'options change the limits in place',
    at({ phase: 'speech' }),
    { t: 'options', options: { silenceMs: 1 } },
    { phase: 'speech', silenceMs: 1 },
    [],
  ],
];

describe('edges of speech', () => {
  it.each(rows)('%s', (_arrow, from, input, to, effects) => {
    const [state, fx] = step(from, input);
    expect(state).toMatchObject(to);
    expect(fx).toEqual(effects);
  });

  it('a start is followed by a stop, and positions only grow, whatever the probabilities', () => {
    const state = vadEdgesState(options);
    const edges: { t: string; atMs: number }[] = [];
    let seed = 7;
    for (let i = 0; i < 5_000; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      // Runs of similar values, as speech has them.
      const probability = ((seed / 2 ** 32) * 0.6 + (Math.sin(i / 9) + 1) * 0.2) % 1;
      stepVadEdges(state, window(probability, i * 32), edges as never);
    }
    expect(edges.length).toBeGreaterThan(20);
    edges.forEach((edge, i) => {
      expect(edge.t).toBe(i % 2 === 0 ? 'speech_started' : 'speech_stopped');
      if (i > 0) expect(edge.atMs).toBeGreaterThan(edges[i - 1]!.atMs);
    });
  });
});
