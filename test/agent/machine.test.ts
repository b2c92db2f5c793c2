import { describe, expect, test } from 'vitest';
import {
  type AgentEffect,
  type AgentInput,
  type AgentMachineState,
  agentState,
} from '../../src/agent/machine/state.js';
import { agentStep } from '../../src/agent/machine/step.js';
import { pure } from '../../src/core/index.js';

type Bare = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'> & { atMs?: number; replying?: boolean }
    : never
  : never;

const step = pure(agentStep);

function run(
  inputs: Bare[],
  options: { interruptible?: boolean; toolReply?: 'auto' | 'asked' } = {},
): { state: AgentMachineState; said: string[] } {
  let state = agentState({
    interruptible: options.interruptible ?? true,
    toolReply: options.toolReply ?? 'asked',
  });
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
      return `${effect.t} ${effect.to}`;
    case 'answer':
      return `answer ${effect.call} ${effect.then}${effect.more ? ' more' : ''}`;
    case 'run_tool':
      return `run ${effect.call}`;
    case 'reply_done':
      return `done ${effect.reply}${effect.interrupted ? ' interrupted' : ''}`;
    case 'turn_answered':
      return `answered ${effect.turn} after ${effect.latencyMs}`;
    case 'interrupted':
      return `interrupted by ${effect.by}`;
    case 'heard':
      return `heard ${effect.item} ${effect.heardMs}`;
    default:
      return effect.t;
  }
}

const created = (response: string, reply = 'reply_1'): Bare => ({
  t: 'generation',
  phase: 'created',
  reply,
  response,
  aside: false,
  replying: true,
});
const ended = (response: string, outcome = 'completed', reply = 'reply_1', fate = {}): Bare => ({
  t: 'generation',
  phase: 'ended',
  reply,
  response,
  outcome,
  again: false,
  lost: false,
  ...fate,
});
const part = (phase: 'started' | 'done', item: string, response = 'r1'): Bare => ({
  t: 'part',
  phase,
  response,
  item,
  kind: 'audio',
  replying: true,
});
const audio = (item: string, durationMs: number): Bare => ({
  t: 'audio',
  item,
  part: 0,
  durationMs,
  replying: true,
});
const played = (playedMs: number, phase: 'started' | 'position' | 'finished' = 'position'): Bare => ({
  t: 'playback',
  phase,
  playedMs,
});
const speech = (edge: 'start' | 'stop', voiceEndedMs = 0): Bare => ({
  t: 'speech',
  edge,
  turn: 'turn_1',
  voiceEndedMs,
});
const cleared = (playedMs: number): Bare => ({ t: 'cleared', playedMs });
const call = (id: string, response = 'r1'): Bare => ({
  t: 'call',
  response,
  call: id,
  name: 'f',
  args: '{}',
  replying: true,
});
const toolDone = (id: string, replying = false): Bare => ({
  t: 'tool_done',
  call: id,
  output: '1',
  isError: false,
  replying,
});

const stopped = (response: string | null, by: 'us' | 'server' = 'us'): Bare => ({
  t: 'model_interrupted',
  by,
  response,
});
const interruptReply = (reply: string): Bare => ({ t: 'interrupt_reply', reply });

const answer = [created('r1'), part('started', 'i1'), audio('i1', 400), part('done', 'i1'), ended('r1')];

const lost = { again: false, lost: true };

const rows: [name: string, inputs: Bare[], said: string[]][] = [
  [
    'lost before its first sound: settled as unheard; the reply waits for its next response',
    [
      created('r1'),
      part('started', 'i1'),
      { ...ended('r1', 'failed', 'reply_1', { ...lost, again: true }), replying: true },
      created('r2'),
      ended('r2'),
    ],
    [
      'agent_state thinking',
      'flush_playout',
      'settled i1 unheard',
      'flush_playout',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'lost in the middle: played to the end of what came, then partly heard; the model is not told',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 400),
      ended('r1', 'incomplete', 'reply_1', lost),
      played(400, 'finished'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 400',
      'settled i1 partly',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'lost behind a message that was said to its end: that one is heard',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 400),
      part('done', 'i1'),
      ended('r1', 'incomplete', 'reply_1', lost),
      played(400, 'finished'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 400',
      'settled i1 heard',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'interrupted, then lost: it does not go on',
    [
      created('r1'),
      part('started', 'i1'),
      speech('start'),
      ended('r1', 'failed', 'reply_1', { ...lost, again: true }),
    ],
    [
      'agent_state thinking',
      'user_state speaking',
      'stop_model',
      'interrupted by user',
      'truncate i1 at 0 of 0',
      'settled i1 unheard',
      'agent_state listening',
      'done reply_1 interrupted',
    ],
  ],
  [
    'spoken to its end: settled as heard, then done',
    [...answer, played(0, 'started'), played(400, 'finished')],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 400',
      'settled i1 heard',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'barge-in while the response runs: model, playout, then truncation at the exact position',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 400),
      played(100),
      speech('start'),
      cleared(130),
      ended('r1', 'cancelled'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'heard i1 100',
      'user_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by user',
      'agent_state listening',
      'truncate i1 at 130 of 400',
      'settled i1 partly',
      'done reply_1 interrupted',
    ],
  ],
  [
    'barge-in after the response has ended, while it is still being played',
    [...answer, played(100), speech('start'), cleared(110)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 100',
      'user_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by user',
      'agent_state listening',
      'truncate i1 at 110 of 400',
      'settled i1 partly',
      'done reply_1 interrupted',
    ],
  ],
  [
    'barge-in before anything was heard: unheard',
    [created('r1'), part('started', 'i1'), audio('i1', 400), speech('start'), cleared(0)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'user_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by user',
      'agent_state listening',
      'truncate i1 at 0 of 400',
      'settled i1 unheard',
    ],
  ],
  [
    'speech while nothing is said interrupts nothing',
    [speech('start')],
    ['agent_state listening', 'user_state speaking'].reverse(),
  ],
  [
    'the answer to a turn: from the end of the voice to the first audible sample',
    [
      speech('start'),
      { ...speech('stop', 1_000), atMs: 1_300 },
      ...answer,
      { ...played(0, 'started'), atMs: 1_450 },
    ],
    [
      'user_state speaking',
      'agent_state listening',
      'user_state listening',
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'answered turn_1 after 450',
    ],
  ],
  [
    'two tools, one follow-up, after the response has ended',
    [created('r1'), call('c1'), call('c2'), toolDone('c2', true), ended('r1'), toolDone('c1')],
    [
      'agent_state thinking',
      'run c1',
      'run c2',
      'flush_playout',
      'answer c1 speak more',
      'answer c2 speak',
      'tools_executed',
      'follow_up',
      'agent_state listening',
    ],
  ],
  [
    'barge-in leaves a running tool running; its result is kept, and spoken of if nobody else speaks',
    [created('r1'), call('c1'), ended('r1'), speech('start'), speech('stop'), toolDone('c1')],
    [
      'agent_state thinking',
      'run c1',
      'flush_playout',
      'user_state speaking',
      'user_state listening',
      'answer c1 speak',
      'tools_executed',
      'follow_up',
      'agent_state listening',
    ],
  ],
  [
    'a tool that ends while the next turn is being answered is told, not spoken of',
    [
      created('r1'),
      call('c1'),
      speech('start'),
      ended('r1', 'cancelled'),
      speech('stop'),
      toolDone('c1', true),
    ],
    [
      'agent_state thinking',
      'run c1',
      'user_state speaking',
      'stop_model',
      'interrupted by user',
      'user_state listening',
      'answer c1 wait',
      'tools_executed',
      'done reply_1 interrupted',
    ],
  ],
  [
    'the application interrupts: the result is told, and not spoken of',
    [created('r1'), call('c1'), ended('r1'), { t: 'interrupt' }, toolDone('c1')],
    [
      'agent_state thinking',
      'run c1',
      'flush_playout',
      'stop_model',
      'answer c1 wait',
      'tools_executed',
      'done reply_1 interrupted',
      'agent_state listening',
    ],
  ],
  [
    'withdrawn: the tool is aborted, its late result finds nothing',
    [created('r1'), call('c1'), { t: 'withdrawn', call: 'c1' }, toolDone('c1'), ended('r1')],
    [
      'agent_state thinking',
      'run c1',
      'abort_tool',
      'agent_state listening',
      'flush_playout',
      'done reply_1',
    ],
  ],
  [
    'a barge-in between two clauses, all of the first played: the model is told that it was heard, and no more',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 400),
      played(400),
      speech('start'),
      { ...part('done', 'i1'), replying: false },
      ended('r1', 'cancelled'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'heard i1 400',
      'user_state speaking',
      'stop_model',
      'interrupted by user',
      'truncate i1 at 400 of 400',
      'settled i1 partly',
      'agent_state listening',
      'done reply_1 interrupted',
    ],
  ],
  [
    'the far end plays faster than the model speaks: it speaks all the while',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 20),
      played(20),
      audio('i1', 20),
      played(40),
      { ...part('done', 'i1'), replying: false },
      ended('r1'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'heard i1 20',
      'heard i1 40',
      'settled i1 heard',
      'agent_state listening',
      'flush_playout',
      'done reply_1',
    ],
  ],
  [
    'a tool holds up what it is saying: it thinks in the gap',
    [created('r1'), part('started', 'i1'), audio('i1', 20), call('c1'), played(20), audio('i1', 20)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'run c1',
      'heard i1 20',
      'agent_state thinking',
      'agent_state speaking',
    ],
  ],
  [
    'a barge-in before the first sample: unheard, and the model is told',
    [created('r1'), part('started', 'i1'), speech('start'), ended('r1', 'cancelled')],
    [
      'agent_state thinking',
      'user_state speaking',
      'stop_model',
      'interrupted by user',
      'truncate i1 at 0 of 0',
      'settled i1 unheard',
      'agent_state listening',
      'done reply_1 interrupted',
    ],
  ],
  [
    'a part that begins after the interruption was never for the caller',
    [
      created('r1'),
      { t: 'interrupt' },
      { ...part('started', 'i1'), replying: false },
      ended('r1', 'cancelled'),
    ],
    [
      'agent_state thinking',
      'stop_model',
      'interrupted by application',
      'agent_state listening',
      'truncate i1 at 0 of 0',
      'settled i1 unheard',
      'done reply_1 interrupted',
    ],
  ],
  [
    'a response that is cut before its parts are done leaves nothing behind',
    [...answer.slice(0, 3), ended('r1', 'failed'), played(400)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 400',
      'settled i1 heard',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'speaking->interrupt->clearing->answer of the next->interrupt->clearing: both are cleared, each answer in its turn',
    [
      ...answer,
      { t: 'interrupt' },
      created('r2', 'reply_2'),
      part('started', 'i2', 'r2'),
      audio('i2', 300),
      { t: 'interrupt' },
      cleared(120),
      cleared(150),
      ended('r2', 'cancelled', 'reply_2'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'stop_model',
      'clear_playout',
      'interrupted by application',
      'agent_state listening',
      'agent_state thinking',
      'agent_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by application',
      'agent_state listening',
      'truncate i1 at 120 of 400',
      'settled i1 partly',
      'done reply_1 interrupted',
      'truncate i2 at 30 of 300',
      'settled i2 partly',
      'done reply_2 interrupted',
    ],
  ],
  [
    'interrupted twice: told once',
    [...answer, played(100), speech('start'), stopped('r1', 'server'), cleared(100)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'heard i1 100',
      'user_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by user',
      'agent_state listening',
      'truncate i1 at 100 of 400',
      'settled i1 partly',
      'done reply_1 interrupted',
    ],
  ],
  [
    'the server cuts by itself: the far end is silenced, the model is not told to stop',
    [
      created('r1'),
      part('started', 'i1'),
      audio('i1', 400),
      played(100),
      stopped('r1', 'server'),
      cleared(110),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'heard i1 100',
      'clear_playout',
      'interrupted by server',
      'agent_state listening',
      'truncate i1 at 110 of 400',
      'settled i1 partly',
    ],
  ],
  [
    'the engine stops a reply that nobody wants, while another is played: that one goes on',
    [
      ...answer,
      created('r2', 'reply_2'),
      stopped('r2'),
      part('started', 'i2', 'r2'),
      played(400),
      ended('r2', 'cancelled', 'reply_2'),
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'truncate i2 at 0 of 0',
      'settled i2 unheard',
      'heard i1 400',
      'settled i1 heard',
      'done reply_1',
      'agent_state listening',
      'done reply_2 interrupted',
    ],
  ],
  [
    'one reply is stopped while it waits: the others go on',
    [...answer, interruptReply('reply_2'), { t: 'reply_failed', reply: 'reply_2' }, played(400)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'cancel_reply',
      'done reply_2 interrupted',
      'heard i1 400',
      'settled i1 heard',
      'done reply_1',
      'agent_state listening',
    ],
  ],
  [
    'one reply is stopped while it is heard: the floor is taken',
    [...answer, interruptReply('reply_1'), cleared(50)],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'stop_model',
      'clear_playout',
      'interrupted by application',
      'agent_state listening',
      'truncate i1 at 50 of 400',
      'settled i1 partly',
      'done reply_1 interrupted',
    ],
  ],
  [
    'the call ends while the agent speaks and a tool runs: what was heard is written down, nothing is left',
    [
      ...answer,
      created('r2', 'reply_2'),
      call('c1', 'r2'),
      part('started', 'i2', 'r2'),
      audio('i2', 200),
      speech('start'),
      played(150),
      { t: 'over' },
    ],
    [
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
      'run c1',
      'user_state speaking',
      'stop_model',
      'clear_playout',
      'interrupted by user',
      'agent_state thinking',
      'truncate i1 at 0 of 400',
      'settled i1 unheard',
      'truncate i2 at 0 of 200',
      'settled i2 unheard',
      'user_state listening',
      'done reply_1 interrupted',
      'done reply_2 interrupted',
      'agent_state listening',
    ],
  ],
  [
    'nothing under way: the model is told, nobody else',
    [{ t: 'refresh' }, { t: 'interrupt' }],
    ['agent_state listening', 'stop_model'],
  ],
  [
    'a call beside all responses is answered by itself',
    [call('c1', ''), toolDone('c1')],
    [
      'run c1',
      'agent_state thinking',
      'answer c1 speak',
      'tools_executed',
      'follow_up',
      'agent_state listening',
    ],
  ],
  [
    'speech that was no turn: no latency is measured to it',
    [
      speech('start'),
      { ...speech('stop', 1_000), edge: 'discarded', atMs: 1_300 } as Bare,
      ...answer,
      { ...played(0, 'started'), atMs: 1_450 },
    ],
    [
      'user_state speaking',
      'agent_state listening',
      'user_state listening',
      'agent_state thinking',
      'agent_state speaking',
      'flush_playout',
    ],
  ],
];

describe('the agent', () => {
  test.each(rows)('%s', (_, inputs, said) => {
    expect(run(inputs).said).toEqual(said);
  });

  test('not interruptible: speech is heard, the agent goes on', () => {
    const { said } = run([...answer, played(100), speech('start')], { interruptible: false });
    expect(said).not.toContain('clear_playout');
    expect(said.at(-1)).toBe('user_state speaking');
  });

  test('nothing is kept of what is over', () => {
    const { state } = run([
      ...answer,
      played(400, 'finished'),
      created('r2', 'reply_2'),
      call('c9', 'r2'),
      toolDone('c9'),
      ended('r2', 'completed', 'reply_2'),
      created('r3', 'reply_2'),
      ended('r3', 'completed', 'reply_2'),
    ]);
    expect(state).toMatchObject({ responses: [], replies: [], calls: [], items: [] });
    expect(state.playout.segments.length).toBeLessThanOrEqual(1);
  });
});
