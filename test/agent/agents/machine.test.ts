import { describe, expect, test } from 'vitest';
import { isQuiet } from '../../../src/agent/agents/quiet.js';
import { type AgentEffect, type AgentInput, agentState } from '../../../src/agent/machine/state.js';
import { agentStep } from '../../../src/agent/machine/step.js';
import { pure } from '../../../src/core/index.js';

type Bare = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'> & { atMs?: number; replying?: boolean }
    : never
  : never;

const step = pure(agentStep);

function run(inputs: Bare[], toolReply: 'auto' | 'asked' = 'asked') {
  let state = agentState({ interruptible: true, toolReply });
  let effects: AgentEffect[] = [];
  for (const input of inputs)
    [state, effects] = step(state, { atMs: 0, replying: false, ...input } as AgentInput);
  return {
    state,
    said: effects.map((effect) => ('call' in effect ? `${effect.t} ${effect.call}` : effect.t)),
  };
}

const created: Bare = { t: 'generation', phase: 'created', reply: 'p1', response: 'r1', aside: false };
const ended: Bare = {
  t: 'generation',
  phase: 'ended',
  reply: 'p1',
  response: 'r1',
  outcome: 'completed',
  again: false,
  lost: false,
};
const call = (id: string): Bare => ({ t: 'call', response: 'r1', call: id, name: id, args: '{}' });
const done = (id: string, silent = false): Bare => ({
  t: 'tool_done',
  call: id,
  output: 'x',
  isError: false,
  silent,
});
const serving: Bare = { t: 'serving', toolReply: 'asked' };

describe('another model serves', () => {
  test('speaking->serving->over: what it was saying ends, and so does its reply', () => {
    const part: Bare = { t: 'part', phase: 'started', response: 'r1', item: 'i1', kind: 'audio' };
    const { state, said } = run([created, part, serving]);
    expect([state.responses, state.replies, state.items]).toEqual([[], [], []]);
    expect(said).toEqual(['settled', 'reply_done']);
  });

  test('called->serving->done: the call is told to the one that serves, which is asked to go on', () => {
    const { state, said } = run(
      [created, call('a'), ended, { t: 'serving', toolReply: 'auto' }, done('a')],
      'auto',
    );
    expect(said).toEqual(['answer a', 'tools_executed', 'follow_up', 'agent_state']);
    expect(state.calls).toEqual([]);
  });

  test('user speaking->serving->listening: the other one hears it anew', () => {
    const { state, said } = run([{ t: 'speech', edge: 'start', turn: 't1', voiceEndedMs: 0 }, serving]);
    expect([state.user, said]).toEqual(['listening', ['user_state']]);
  });
});

describe('a tool waits for a task', () => {
  const parked: Bare[] = [created, call('a'), ended, { t: 'tools_park', depth: 1 }];

  test('running->parked->listening: nobody waits for it', () => {
    expect(run(parked).state).toMatchObject({ agent: 'listening', calls: [{ parked: 1, dueMs: null }] });
  });

  test('parked->interrupted->parked: the user answers the task, not the tool', () => {
    const [start, stop] = (['start', 'stop'] as const).map(
      (edge): Bare => ({ t: 'speech', edge, turn: 't1', voiceEndedMs: 0 }),
    );
    expect(run([...parked, start!, stop!, { t: 'interrupt' }]).state.calls).toMatchObject([
      { late: false, silent: false },
    ]);
  });

  test('parked by an outer one->inner ends->parked; outer ends->running', () => {
    const inner: Bare[] = [
      { t: 'tools_park', depth: 2 },
      { t: 'tools_unpark', depth: 2 },
    ];
    expect(run([...parked, ...inner]).state.calls).toMatchObject([{ parked: 1 }]);
    expect(run([...parked, ...inner, { t: 'tools_unpark', depth: 1 }]).state).toMatchObject({
      agent: 'thinking',
    });
  });
});

describe('a tool has handed over', () => {
  test('answered->handed over->follow_up: whoever took over speaks', () => {
    expect(run([created, call('a'), ended, done('a', true), { t: 'handed_over', call: 'a' }]).said).toContain(
      'follow_up',
    );
  });

  test('open beside another->handed over->waits; other done->one follow_up', () => {
    const open: Bare[] = [
      created,
      call('a'),
      call('b'),
      ended,
      done('a', true),
      { t: 'handed_over', call: 'a' },
    ];
    expect(run(open).said).not.toContain('follow_up');
    const { state, said } = run([...open, done('b', true)]);
    expect(said.filter((what) => what === 'follow_up')).toHaveLength(1);
    expect(state.owed).toBe('nothing');
  });

  test('answered->handed over while a reply is due->waits: that one is it', () => {
    const { said } = run([
      created,
      call('a'),
      ended,
      done('a', true),
      { t: 'handed_over', call: 'a', replying: true },
    ]);
    expect(said).not.toContain('follow_up');
  });
});

describe('when the agent is quiet', () => {
  test.each<[string, Bare[], boolean]>([
    ['nothing', [], true],
    ['a response runs', [created], false],
    ['a response beside the conversation runs', [{ ...created, aside: true } as Bare], true],
    ['a reply is expected', [{ t: 'refresh', replying: true }], false],
    [
      'a speech has been let through',
      [{ t: 'ask', speech: 's1', own: false, priority: 0, cuttable: true }],
      false,
    ],
    ['only a tool is at work', [created, call('a'), ended], true],
    ['only the caller speaks', [{ t: 'speech', edge: 'start', turn: 't1', voiceEndedMs: 0 }], true],
  ])('%s -> %s', (_, inputs, quiet) => {
    expect(isQuiet(run(inputs).state)).toBe(quiet);
  });
});
