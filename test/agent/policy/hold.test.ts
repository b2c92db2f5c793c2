import { describe, expect, test } from 'vitest';
import {
  type AgentEffect,
  type AgentInput,
  type AgentMachineState,
  agentState,
} from '../../../src/agent/machine/state.js';
import { agentStep } from '../../../src/agent/machine/step.js';
import { pure } from '../../../src/core/index.js';

type Bare = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'> & { atMs?: number; replying?: boolean }
    : never
  : never;

const step = pure(agentStep);

function run(inputs: Bare[]): { state: AgentMachineState; said: string[] } {
  let state = agentState({ interruptible: false, weighsCuts: true, toolReply: 'asked' });
  const said: string[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, { atMs: 0, replying: false, ...input } as AgentInput);
    state = next;
    said.push(...effects.map(name));
  }
  return { state, said };
}

function name(effect: AgentEffect): string {
  switch (effect.t) {
    case 'truncate':
      return `truncate ${effect.item} at ${effect.heardMs} of ${effect.writtenMs}`;
    case 'settled':
      return `settled ${effect.item} ${effect.heard}`;
    case 'agent_state':
    case 'user_state':
      return effect.to;
    case 'hold_playout':
      return effect.clears ? 'pause' : 'pause silence';
    case 'resume_playout':
      return `resume from ${effect.fromMs}`;
    case 'heard':
      return `heard ${effect.heardMs}`;
    case 'interrupted':
      return `interrupted by ${effect.by}`;
    default:
      return effect.t;
  }
}

const created: Bare = {
  t: 'generation',
  phase: 'created',
  reply: 'p',
  response: 'r',
  aside: false,
  replying: true,
};
const part = (phase: 'started' | 'done'): Bare => ({
  t: 'part',
  phase,
  response: 'r',
  item: 'i',
  kind: 'audio',
});
const audio = (durationMs: number): Bare => ({ t: 'audio', item: 'i', part: 0, durationMs });
const ended: Bare = {
  t: 'generation',
  phase: 'ended',
  reply: 'p',
  response: 'r',
  outcome: 'completed',
  again: false,
  lost: false,
};
const played = (playedMs: number): Bare => ({ t: 'playback', phase: 'position', playedMs });
const cleared = (playedMs: number): Bare => ({ t: 'cleared', playedMs });
const hold: Bare = { t: 'hold' };
const resume: Bare = { t: 'resume' };
const takeFloor = (late = false): Bare => ({ t: 'take_floor', late });

/** An answer of 400 ms, of which 100 were heard. */
const speaking: Bare[] = [created, part('started'), audio(400), played(100)];
const begin = run(speaking).said;

const rows: [name: string, inputs: Bare[], said: string[]][] = [
  [
    'hold->cleared->resume: the line goes on where it was',
    [hold, cleared(150), resume, played(300), part('done'), ended, played(400)],
    [
      'pause',
      'listening',
      'heard 150',
      'resume from 150',
      'speaking',
      'heard 300',
      'flush_playout',
      'heard 400',
      'settled i heard',
      'reply_done',
      'listening',
    ],
  ],
  [
    'hold->resume->cleared: it goes on as soon as it is known where',
    [hold, resume, cleared(150)],
    ['pause', 'listening', 'heard 150', 'resume from 150', 'speaking'],
  ],
  [
    'hold->resume->hold->cleared: it stays',
    [hold, resume, hold, cleared(150)],
    ['pause', 'listening', 'heard 150'],
  ],
  [
    'hold->cleared->take_floor: cut where it was paused, not where more had been received',
    [hold, cleared(150), audio(400), takeFloor()],
    [
      'pause',
      'listening',
      'heard 150',
      'stop_model',
      'drop_playout',
      'truncate i at 150 of 800',
      'settled i partly',
      'interrupted by user',
    ],
  ],
  [
    'hold->take_floor->cleared: one clear does for both',
    [hold, takeFloor(), cleared(150)],
    [
      'pause',
      'listening',
      'stop_model',
      'drop_playout',
      'interrupted by user',
      'truncate i at 150 of 400',
      'settled i partly',
    ],
  ],
  [
    'take_floor, late: the replies under way are stopped, and nothing else of the model',
    [takeFloor(true), cleared(150)],
    [
      'cancel_reply',
      'clear_playout',
      'interrupted by user',
      'listening',
      'truncate i at 150 of 400',
      'settled i partly',
    ],
  ],
  [
    'take_floor->hold: what plays behind a clear cannot be held, and is stopped',
    [takeFloor(), hold],
    ['stop_model', 'clear_playout', 'interrupted by user', 'listening', 'stop_model'],
  ],
  [
    'hold->late reports of the far end: nothing is heard in a pause',
    [hold, played(180), cleared(150), played(180)],
    ['pause', 'listening', 'heard 150', 'heard 180'],
  ],
  [
    'hold->over: what was heard is written down',
    [hold, cleared(150), { t: 'over' }],
    ['pause', 'listening', 'heard 150', 'truncate i at 150 of 400', 'settled i partly', 'reply_done'],
  ],
  [
    'the model cuts->nothing but news of it',
    [{ t: 'model_interrupted', by: 'server', response: 'r' }],
    ['model_cut'],
  ],
];

describe('a pause', () => {
  test.each(rows)('%s', (_, inputs, said) => {
    expect(run([...speaking, ...inputs]).said.slice(begin.length)).toEqual(said);
  });

  test('before the first sound: what comes is kept, and heard later', () => {
    const { said } = run([
      created,
      hold,
      part('started'),
      audio(400),
      resume,
      played(400),
      part('done'),
      ended,
    ]);
    expect(said).toEqual([
      'thinking',
      'pause silence',
      'listening',
      'resume from 0',
      'speaking',
      'heard 400',
      'settled i heard',
      'listening',
      'flush_playout',
      'reply_done',
    ]);
  });
});
