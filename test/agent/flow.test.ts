import { beforeEach, describe, expect, it } from 'vitest';
import { Flow } from '../../src/agent/flow.js';
import { type AgentInput, type AgentMachineState, agentState } from '../../src/agent/machine/state.js';
import { agentStep } from '../../src/agent/machine/step.js';

type Bare = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'>
    : never
  : never;

describe('audio that flows', () => {
  let state: AgentMachineState;
  let flow: Flow;
  const input = (bare: Bare) => {
    flow.stop();
    agentStep(state, { ...bare, atMs: 0, replying: true } as AgentInput, []);
  };
  const written = () => [state.playout.lineMs, state.items[0]?.writtenMs];

  beforeEach(() => {
    state = agentState({ interruptible: true });
    flow = new Flow(state);
    input({ t: 'generation', phase: 'created', reply: 'reply', response: 'r', aside: false });
    input({ t: 'part', phase: 'started', response: 'r', item: 'a', kind: 'audio' });
  });

  it('first frame->no flow: the machine has to hear that the agent speaks', () => {
    expect(flow.goesOn('a', 0, 20)).toBe(false);
    expect(written()).toEqual([0, 0]);
  });

  it('flows->looked at: all of it is counted', () => {
    input({ t: 'audio', item: 'a', part: 0, durationMs: 20 });
    for (let frame = 0; frame < 5; frame++) expect(flow.goesOn('a', 0, 20)).toBe(true);
    flow.settle();
    expect(written()).toEqual([120, 120]);
    flow.settle();
    expect(written()).toEqual([120, 120]);
  });

  it('flows->another part: a matter of the machine, behind what was written before', () => {
    input({ t: 'audio', item: 'a', part: 0, durationMs: 20 });
    flow.goesOn('a', 0, 20);
    flow.goesOn('a', 0, 20);
    expect(flow.goesOn('a', 1, 20)).toBe(false);
    expect(written()).toEqual([60, 60]);
    input({ t: 'audio', item: 'a', part: 1, durationMs: 20 });
    expect(written()).toEqual([80, 20]);
  });

  it('flows->all of it played->flows on: a gap before the next frame is no end', () => {
    input({ t: 'audio', item: 'a', part: 0, durationMs: 20 });
    flow.goesOn('a', 0, 20);
    input({ t: 'playback', phase: 'position', playedMs: 40 });
    expect(state.agent).toBe('speaking');
    expect(flow.goesOn('a', 0, 20)).toBe(true);
    expect(written()).toEqual([60, 60]);
  });

  it('flows->said->played to its end->no flow: the agent does not speak', () => {
    input({ t: 'audio', item: 'a', part: 0, durationMs: 20 });
    flow.goesOn('a', 0, 20);
    input({ t: 'part', phase: 'done', response: 'r', item: 'a', kind: 'audio' });
    input({ t: 'playback', phase: 'position', playedMs: 40 });
    expect(state.agent).toBe('thinking');
    expect(flow.goesOn('a', 0, 20)).toBe(false);
  });

  it('let through->interrupted->stopped', () => {
    expect(flow.lets('unknown')).toBe(false);
    expect(flow.lets('r')).toBe(true);
    expect(flow.lets('r')).toBe(true);
    input({ t: 'interrupt' });
    expect(flow.lets('r')).toBe(false);
  });
});
