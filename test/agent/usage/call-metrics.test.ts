import { expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, AgentSession, type CallMetrics, type TurnMetrics, tool } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const voice = (ms: number) => Int16Array.from({ length: ms * 24 }, (_, i) => 8_000 * Math.sin(i / 20));

async function call(options: ConstructorParameters<typeof MemoryTransport>[0] = {}) {
  const clock = new FakeClock();
  const llm = scriptedModel({
    greeting: 'Good day.',
    turns: [
      { hears: 'hours', says: 'We open at nine and close at five on every day of the week.' },
      { hears: 'saturday', calls: [{ name: 'hours', args: {} }], thenSays: 'Closed.' },
    ],
  });
  const session = new AgentSession({ llm, clock });
  const transport = new MemoryTransport({ clock, openMic: true, ...options });
  const told: { type: string }[] = [];
  const ends: CallMetrics[] = [];
  session.on('metrics_collected', (metrics) => told.push(metrics));
  session.on('call_metrics', (metrics) => ends.push(metrics));
  const hours = tool({
    name: 'hours',
    description: 'Opening hours',
    parameters: z.object({}),
    execute: async () => {
      await new Promise<void>((resolve) => clock.at(clock.now() + 1_000, resolve));
      return 'closed';
    },
  });
  const agent = new Agent({
    instructions: '',
    tools: [hours],
    onEnter: ({ session }) => void session.generateReply(),
  });
  const started = session.start({ agent, transport });
  await clock.advance(1);
  await started;
  await clock.advance(3_000);
  const of = (type: string) => told.filter((metrics) => metrics.type === type);
  const turns = () => of('turn') as TurnMetrics[];
  const close = async () => {
    await Promise.all([session.close(), clock.advance(6_000)]);
    return ends;
  };
  return { clock, session, transport, of, turns, close };
}

test('an answer, a barge-in, a tool: measured as they happen, and in the end', async () => {
  const { clock, session, transport, of, turns, close } = await call();
  expect(session.metrics.firstSpeechMs).toBeGreaterThan(0);
  void transport.say(voice(600));
  await clock.advance(1_800);
  expect(turns()).toHaveLength(1);
  const [turn] = turns();
  const { commitMs, modelMs, playMs, leadSilenceMs } = turn!.waterfall;
  expect(commitMs + modelMs + playMs + leadSilenceMs).toBeCloseTo(turn!.voiceToVoiceMs, 6);
  expect(commitMs).toBeGreaterThanOrEqual(400);
  expect(turn!.voiceToVoiceMs).toBeLessThan(700);
  expect(session.agentState).toBe('speaking');

  void transport.say(voice(600));
  await clock.advance(6_000);
  const [stop] = of('interruption');
  expect(stop).toMatchObject({ by: 'user', flushMs: 0, detectMs: expect.any(Number) });
  expect(session.metrics.interruptions).toMatchObject({ count: 1, byUser: 1, overlaps: 1, yields: 1 });
  expect(session.metrics.truncationErrorMs.max).toBeLessThanOrEqual(1);
  expect(of('tool')).toMatchObject([{ name: 'hours', outcome: 'completed', waitMs: 1_000 }]);
  expect(turns()[1]).toMatchObject({ withTools: true, interrupted: true });
  expect(of('turn_completed')).toMatchObject([{ answered: true, transcriptLagMs: expect.any(Number) }]);

  const [report] = await close();
  expect(report).toMatchObject({
    turns: { count: 2, answered: 2, late: 0 },
    voiceToVoiceMs: { n: 1 },
    voiceToVoiceWithToolsMs: { n: 1 },
    interruptions: { postInterruptMs: { n: 1 } },
    transcriptLagMs: { n: 2 },
    staleAudioMs: 0,
    tools: { count: 1, orphaned: 0, outcomes: { completed: 1 }, waitMs: 1_000, silentMs: 1_000 },
    reconnects: { count: 0 },
  });
  expect(of('turn_completed')).toHaveLength(2);
  expect(session.metrics).toEqual(report);
});

test('a far end that never answers a clear: what was played is a guess, and the error of the cut unknown', async () => {
  const { clock, session, transport, close } = await call({ clearAfterMs: 'never' });
  void transport.say(voice(600));
  await clock.advance(1_800);
  void transport.say(voice(600));
  await clock.advance(3_000);
  expect(session.metrics.truncationErrorMs).toMatchObject({ n: 0, unknown: 1 });
  expect(session.metrics.interruptions.flushMs.max).toBe(300);
  await close();
});

test('hung up while a tool runs: stopped, and no orphan', async () => {
  const { clock, transport, close } = await call();
  void transport.say(voice(600));
  await clock.advance(5_000);
  void transport.say(voice(600));
  await clock.advance(1_500);
  transport.hangUp();
  await clock.advance(0);
  const [report] = await close();
  expect(report?.tools).toMatchObject({ count: 1, orphaned: 0 });
});
