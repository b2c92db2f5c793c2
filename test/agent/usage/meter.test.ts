import { describe, expect, test } from 'vitest';
import { reportOf } from '../../../src/agent/usage/meter/report.js';
import { spreadOf } from '../../../src/agent/usage/meter/samples.js';
import { type MeterEffect, type MeterInput, meterState } from '../../../src/agent/usage/meter/state.js';
import { meterStep } from '../../../src/agent/usage/meter/step.js';
import { pure } from '../../../src/core/index.js';

const start: MeterInput = { t: 'start', atMs: 0 };
const user = (
  atMs: number,
  edge: 'start' | 'stop' | 'discarded',
  turn = 't1',
  voiceEndedMs = 0,
): MeterInput => ({
  t: 'user',
  edge,
  turn,
  voiceEndedMs,
  atMs,
});
const agent = (atMs: number, sounds: boolean): MeterInput => ({ t: 'agent', sounds, atMs });
const committed = (atMs: number, turn = 't1'): MeterInput => ({ t: 'committed', turn, atMs });
const first = (atMs: number, response = 'r1', own = false): MeterInput => ({
  t: 'first_audio',
  response,
  own,
  atMs,
});
const lead = (atMs: number, leadMs: number, response = 'r1'): MeterInput => ({
  t: 'lead',
  response,
  leadMs,
  atMs,
});
const playing = (atMs: number, response = 'r1', playMs = atMs): MeterInput => ({
  t: 'playing',
  response,
  playMs,
  atMs,
});
const tool = (atMs: number, call: string, outcome?: 'completed' | 'closed'): MeterInput =>
  outcome === undefined
    ? { t: 'tool', phase: 'started', call, atMs }
    : { t: 'tool', phase: 'ended', call, name: 'look', outcome, atMs };

function run(inputs: MeterInput[], nowMs = 0) {
  const step = pure(meterStep);
  let state = meterState();
  const told: MeterEffect[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, input);
    state = next;
    told.push(...effects);
  }
  return { told, report: reportOf(state, Math.max(nowMs, inputs.at(-1)?.atMs ?? 0)) };
}

describe('an answer', () => {
  test('ended->committed->first audio->played->audible: four stages that sum', () => {
    const { told, report } = run([
      start,
      user(1_000, 'start'),
      user(2_500, 'stop', 't1', 2_000),
      committed(2_550),
      first(2_900),
      lead(2_900, 40),
      playing(2_920),
    ]);
    expect(told).toEqual([
      {
        type: 'turn',
        turnId: 't1',
        voiceToVoiceMs: 960,
        waterfall: { commitMs: 550, modelMs: 350, playMs: 20, leadSilenceMs: 40 },
        ackMs: 960,
        withTools: false,
        interrupted: false,
      },
    ]);
    expect(report).toMatchObject({
      firstSpeechMs: 2_960,
      turns: { count: 1, answered: 1, early: 0, late: 0 },
    });
  });

  test.each<[string, MeterInput[], object]>([
    [
      'no commit is told: until the first audio',
      [first(2_300), lead(2_300, 0), playing(2_300)],
      { commitMs: 300, modelMs: 0, playMs: 0, leadSilenceMs: 0 },
    ],
    [
      'the commit is late: it takes no more than there is',
      [first(2_300), lead(2_300, 0), committed(2_400), playing(2_310)],
      { commitMs: 300, modelMs: 0, playMs: 10, leadSilenceMs: 0 },
    ],
    [
      'its audio came before the caller had ended',
      [first(1_900), lead(1_900, 0), playing(2_100)],
      { commitMs: 0, modelMs: 0, playMs: 100, leadSilenceMs: 0 },
    ],
    [
      'it was played, quietly, before the caller had ended',
      [first(1_800), playing(1_900), lead(2_200, 400)],
      { commitMs: 0, modelMs: 0, playMs: 0, leadSilenceMs: 300 },
    ],
  ])('%s', (_, inputs, waterfall) => {
    const { told } = run([start, user(1_000, 'start'), user(2_000, 'stop', 't1', 2_000), ...inputs]);
    expect(told).toMatchObject([{ waterfall }]);
    const sum = Object.values(waterfall).reduce((all: number, ms) => all + Number(ms), 0);
    expect(told).toMatchObject([{ voiceToVoiceMs: sum }]);
  });

  test('a filler is the ack; the answer counts to the answer; the tool, to where it was silent', () => {
    const { told, report } = run([
      start,
      user(0, 'start'),
      user(1_500, 'stop', 't1', 1_000),
      tool(1_600, 'c1'),
      first(2_500, 'say_1', true),
      lead(2_500, 0, 'say_1'),
      playing(2_500, 'say_1'),
      agent(2_500, true),
      agent(3_000, false),
      tool(5_600, 'c1', 'completed'),
      first(6_000),
      lead(6_000, 100),
      playing(6_000),
      agent(6_000, true),
      agent(7_000, false),
      { t: 'end', atMs: 7_000 },
    ]);
    expect(told).toMatchObject([
      { type: 'tool', callId: 'c1', outcome: 'completed', waitMs: 4_000 },
      { type: 'turn', voiceToVoiceMs: 5_100, ackMs: 1_500, withTools: true },
      { type: 'turn_completed', answered: true, toolWaitMs: 4_000, toolSilentMs: 3_500, tools: 1 },
    ]);
    expect(report.tools).toMatchObject({
      count: 1,
      orphaned: 0,
      outcomes: { completed: 1 },
      postToolMs: { n: 1, p50: 500 },
    });
    expect(report.turns.late).toBe(1);
  });

  test('what the agent was saying already is no answer; a turn without one is reported unanswered', () => {
    const { told } = run([
      start,
      first(100),
      lead(100, 0),
      playing(100),
      user(1_000, 'start'),
      user(2_000, 'stop', 't1', 1_900),
      user(3_000, 'start', 't2'),
    ]);
    expect(told).toMatchObject([{ type: 'turn_completed', turnId: 't1', answered: false }]);
  });

  test('a turn that was none is not counted', () => {
    expect(run([start, agent(0, true), user(100, 'start'), user(300, 'discarded')]).report).toMatchObject({
      turns: { count: 0 },
      interruptions: { overlaps: 0 },
    });
  });
});

describe('an interruption', () => {
  const speaking = [start, agent(0, true)];

  test('onset->decided->silent: detect, flush, stop; the agent yielded; its next answer has a latency of its own', () => {
    const { told, report } = run([
      ...speaking,
      user(1_200, 'start'),
      { t: 'decided', by: null, atMs: 1_200 },
      { t: 'decided', by: 'user', atMs: 1_200 },
      { t: 'onset', turn: 't1', onsetMs: 1_000, atMs: 1_200 },
      { t: 'cut', item: 'i1', heardMs: 700.4, exact: true, atMs: 1_260 },
      { t: 'silenced', atMs: 1_260 },
      { t: 'truncated', item: 'i1', heardMs: 700, atMs: 1_261 },
      { t: 'stale', item: 'i1', heardMs: 700.4, atMs: 1_300 },
      user(2_000, 'stop', 't1', 1_800),
      first(2_200),
      lead(2_200, 0),
      playing(2_200),
    ]);
    expect(told).toMatchObject([
      { type: 'interruption', by: 'user', detectMs: 200, flushMs: 60, stopMs: 260 },
      { type: 'turn', voiceToVoiceMs: 400, interrupted: true },
    ]);
    expect(report.interruptions).toMatchObject({
      count: 1,
      byUser: 1,
      overlaps: 1,
      yields: 1,
      postInterruptMs: { p50: 400 },
    });
    expect(report.truncationErrorMs.max).toBeCloseTo(0.4);
    expect(report.staleAudioMs).toBe(0);
  });

  test('no ear says where the voice began: no detect; stop from the report', () => {
    const { told } = run([
      ...speaking,
      user(1_200, 'start'),
      { t: 'decided', by: 'user', atMs: 1_250 },
      { t: 'silenced', atMs: 1_300 },
    ]);
    expect(told).toEqual([{ type: 'interruption', by: 'user', flushMs: 50, stopMs: 100 }]);
  });

  test('before anything was heard: nothing has to fall silent', () => {
    const { told, report } = run([start, user(100, 'start'), { t: 'decided', by: 'user', atMs: 110 }]);
    expect(told).toEqual([{ type: 'interruption', by: 'user' }]);
    expect(report.interruptions).toMatchObject({ count: 1, overlaps: 0, stopMs: { n: 0 } });
  });

  test('the caller speaks, and the agent goes on: an overlap, and no yield', () => {
    const { report } = run([
      ...speaking,
      user(1_000, 'start'),
      user(1_500, 'stop', 't1', 1_400),
      agent(4_000, false),
    ]);
    expect(report).toMatchObject({
      interruptions: { count: 0, overlaps: 1, yields: 0 },
      overlap: { totalMs: 500, longestMs: 500, agentBegan: 0 },
      talk: { userMs: 500, agentMs: 4_000 },
    });
  });

  test('a pause that becomes an interruption: decided and silent when it paused', () => {
    const { told, report } = run([
      ...speaking,
      user(1_000, 'start'),
      { t: 'held', atMs: 1_050 },
      { t: 'silenced', atMs: 1_100 },
      { t: 'decided', by: 'user', atMs: 1_600 },
    ]);
    expect(told).toEqual([{ type: 'interruption', by: 'user', flushMs: 50, stopMs: 100 }]);
    expect(report.interruptions).toMatchObject({ yields: 1, falseStops: 0 });
  });

  test('a pause that was none: no interruption, no overlap that counts, and how long it took to go on', () => {
    const { told, report } = run([
      ...speaking,
      user(1_000, 'start'),
      { t: 'held', atMs: 1_050 },
      { t: 'silenced', atMs: 1_100 },
      { t: 'resumed', atMs: 1_450 },
      agent(1_450, true),
    ]);
    expect(told).toEqual([]);
    expect(report.interruptions).toMatchObject({
      count: 0,
      overlaps: 0,
      falseStops: 1,
      resumeMs: { n: 1, p50: 400 },
    });
  });

  test('by the application: told, without times', () => {
    expect(run([...speaking, { t: 'decided', by: 'application', atMs: 9 }]).told).toEqual([
      { type: 'interruption', by: 'application' },
    ]);
  });

  test('heard on after the cut -> stale; a far end that guessed -> the error is unknown', () => {
    const { report } = run([
      ...speaking,
      { t: 'cut', item: 'i1', heardMs: 500, exact: false, atMs: 1 },
      { t: 'stale', item: 'i1', heardMs: 620, atMs: 2 },
      { t: 'truncated', item: 'i1', heardMs: 500, atMs: 3 },
    ]);
    expect(report).toMatchObject({ staleAudioMs: 120, truncationErrorMs: { n: 0, unknown: 1 } });
  });
});

describe('the rest of a call', () => {
  test('both silent for more than four seconds is dead air; the stretch under way counts', () => {
    const inputs = [
      start,
      agent(1_000, true),
      agent(2_000, false),
      user(6_500, 'start'),
      user(7_000, 'stop'),
    ];
    expect(run(inputs).report.deadAir).toEqual({ count: 1, longestMs: 4_500 });
    expect(run(inputs, 20_000).report.deadAir).toEqual({ count: 2, longestMs: 13_000 });
  });

  test('the agent begins while the caller speaks', () => {
    expect(run([start, user(0, 'start'), agent(300, true), agent(600, false)]).report.overlap).toEqual({
      totalMs: 300,
      longestMs: 300,
      agentBegan: 1,
    });
  });

  test('words: their lag; those that were there before the end have none', () => {
    const inputs = [user(0, 'start'), user(900, 'stop', 't1', 500)];
    expect(run([start, ...inputs, { t: 'words', turn: 't1', atMs: 1_300 }]).report.transcriptLagMs.p50).toBe(
      800,
    );
    expect(
      run([start, user(0, 'start'), { t: 'words', turn: 't1', atMs: 400 }]).report.transcriptLagMs.p50,
    ).toBe(0);
  });

  test('a tool that never ends is an orphan; one that the end stops is none', () => {
    const end: MeterInput = { t: 'end', atMs: 50 };
    expect(run([start, tool(0, 'c1'), end]).report.tools.orphaned).toBe(1);
    expect(run([start, tool(0, 'c1'), end, tool(60, 'c1', 'closed')]).report.tools).toMatchObject({
      orphaned: 0,
      outcomes: { closed: 1 },
    });
  });

  test('reconnects, gaps, lost input; before the start and after the end nothing counts', () => {
    const gap: MeterInput = { t: 'reconnected', gapMs: 300, atMs: 10 };
    const { report } = run([
      gap,
      start,
      gap,
      { t: 'dropped', droppedMs: 40, atMs: 11 },
      { t: 'end', atMs: 100 },
      { ...gap, atMs: 200 },
    ]);
    expect(report).toMatchObject({
      reconnects: { count: 1, gapMs: 300, longestGapMs: 300 },
      droppedInputMs: 40,
      durationMs: 100,
    });
  });

  test('percentiles by nearest rank', () => {
    expect(spreadOf([])).toEqual({ n: 0 });
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ n: 5, p50: 3, p90: 5, p95: 5, max: 5 });
    expect(spreadOf(Array.from({ length: 100 }, (_, i) => i + 1))).toEqual({
      n: 100,
      p50: 50,
      p90: 90,
      p95: 95,
      max: 100,
    });
  });
});
