import { describe, expect, it } from 'vitest';
import {
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionState,
  connectionStep,
  defaultRetryPolicy,
} from '../../src/client/connection-machine.js';
import { pure } from '../../src/core/index.js';

const step = pure<ConnectionState, ConnectionInput, ConnectionEffect>(connectionStep);
const lostFailure = { code: 'transport_lost' as const, message: 'lost' };

const inputs: Record<string, ConnectionInput> = {
  start: { t: 'start' },
  ready: { t: 'audio_ready' },
  denied: { t: 'audio_failed', failure: { code: 'microphone_denied', message: 'no' } },
  welcomed: { t: 'welcomed' },
  lost: { t: 'ended', closeCode: 1006, failure: lostFailure, chance: 1 },
  'lost(0)': { t: 'ended', closeCode: 1006, failure: lostFailure, chance: 0 },
  restart: { t: 'ended', closeCode: 1012, failure: lostFailure, chance: 1 },
  bye: { t: 'ended', closeCode: 1000, failure: lostFailure, chance: 1 },
  refused: { t: 'ended', closeCode: 1008, failure: { code: 'transport_lost', message: 'policy' }, chance: 1 },
  retry: { t: 'retry' },
  stop: { t: 'stop' },
};

/** `'start>ready'` run from idle: phases on the way, and the effects of the last input as short words. */
function run(way: string, policy = defaultRetryPolicy): [phases: string, effects: string[]] {
  let state: ConnectionState = { policy, life: { phase: 'idle' } };
  const phases = ['idle'];
  let effects: ConnectionEffect[] = [];
  for (const name of way.split('>')) {
    [state, effects] = step(state, inputs[name]!);
    phases.push(state.life.phase + ('attempt' in state.life ? state.life.attempt : ''));
  }
  const words = effects
    .filter((effect) => effect.t !== 'status')
    .map((effect) => {
      if (effect.t === 'wait') return `wait ${effect.ms}`;
      if (effect.t === 'release') return `release ${effect.failure?.message ?? 'wished'}`;
      return effect.t;
    });
  return [phases.join(' '), words];
}

describe('connection', () => {
  it.each<[way: string, phases: string, effects: string[]]>([
    ['start', 'idle preparing', ['open_audio']],
    ['start>start', 'idle preparing preparing', []],
    ['start>ready', 'idle preparing connecting', ['dial']],
    ['start>denied', 'idle preparing closed', ['cancel_wait', 'release no']],
    ['start>stop', 'idle preparing closed', ['cancel_wait', 'release wished']],
    ['start>stop>ready', 'idle preparing closed closed', []],
    ['start>ready>welcomed', 'idle preparing connecting live', []],
    ['start>ready>lost', 'idle preparing connecting closed', ['cancel_wait', 'release lost']],
    ['start>ready>welcomed>welcomed', 'idle preparing connecting live live', []],
    ['start>ready>welcomed>lost', 'idle preparing connecting live waiting1', ['silence', 'wait 500']],
    ['start>ready>welcomed>lost(0)', 'idle preparing connecting live waiting1', ['silence', 'wait 250']],
    ['start>ready>welcomed>restart', 'idle preparing connecting live waiting1', ['silence', 'wait 500']],
    [
      'start>ready>welcomed>bye',
      'idle preparing connecting live closed',
      ['silence', 'cancel_wait', 'release wished'],
    ],
    [
      'start>ready>welcomed>refused',
      'idle preparing connecting live closed',
      ['silence', 'cancel_wait', 'release policy'],
    ],
    [
      'start>ready>welcomed>lost>retry',
      'idle preparing connecting live waiting1 redialling1',
      ['cancel_wait', 'dial'],
    ],
    [
      'start>ready>welcomed>lost>retry>lost',
      'idle preparing connecting live waiting1 redialling1 waiting2',
      ['wait 1000'],
    ],
    [
      'start>ready>welcomed>lost>retry>refused',
      'idle preparing connecting live waiting1 redialling1 closed',
      ['cancel_wait', 'release policy'],
    ],
    [
      'start>ready>welcomed>lost>retry>welcomed',
      'idle preparing connecting live waiting1 redialling1 live',
      [],
    ],
    [
      'start>ready>welcomed>lost>stop',
      'idle preparing connecting live waiting1 closed',
      ['cancel_wait', 'release wished'],
    ],
    [
      'start>ready>welcomed>stop>stop>lost>retry',
      'idle preparing connecting live closed closed closed closed',
      [],
    ],
    ['ready', 'idle idle', []],
    ['start>welcomed>lost>retry', 'idle preparing preparing preparing preparing', []],
  ])('%s', (way, phases, effects) => {
    expect(run(way)).toEqual([phases, effects]);
  });

  it('waits twice as long each time, up to the limit, then gives up', () => {
    const way = ['start', 'ready', 'welcomed'];
    const waits: string[] = [];
    for (let i = 0; i < 9; i++) {
      way.push('lost');
      waits.push(run(way.join('>'))[1].join(' '));
      way.push('retry');
    }
    expect(waits).toEqual([
      'silence wait 500',
      'wait 1000',
      'wait 2000',
      'wait 4000',
      'wait 8000',
      'wait 10000',
      'wait 10000',
      'wait 10000',
      'cancel_wait release lost',
    ]);
  });

  it('a session counts up with each recovery', () => {
    let state: ConnectionState = { policy: defaultRetryPolicy, life: { phase: 'idle' } };
    for (const name of 'start ready welcomed lost retry welcomed lost retry welcomed'.split(' ')) {
      [state] = step(state, inputs[name]!);
    }
    expect(state.life).toEqual({ phase: 'live', session: 3 });
  });

  it('no retries allowed -> lost is the end', () => {
    const [phases] = run('start>ready>welcomed>lost', { ...defaultRetryPolicy, maxAttempts: 0 });
    expect(phases).toBe('idle preparing connecting live closed');
  });
});
