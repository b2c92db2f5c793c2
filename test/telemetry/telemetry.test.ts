import {
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, AgentSession, tool } from '../../src/agent/index.js';
import { scriptedModel } from '../../src/cascade/index.js';
import { openTelemetry, type TelemetryOptions } from '../../src/telemetry/index.js';
import { loadOtel } from '../../src/telemetry/peer.js';
import { FakeClock } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';

const voice = (ms: number) => Int16Array.from({ length: ms * 24 }, (_, i) => 8_000 * Math.sin(i / 20));
const hours = tool({
  name: 'hours',
  description: 'Opening hours',
  parameters: z.object({ day: z.string() }),
  execute: () => ({ from: 'nine' }),
});

/** Two turns, the second with a tool; the first answer is interrupted by the second turn. */
async function call(options: TelemetryOptions = {}) {
  const spans = new InMemorySpanExporter();
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const counted = new InMemoryMetricExporter(0);
  const reader = new PeriodicExportingMetricReader({ exporter: counted, exportIntervalMillis: 3_600_000 });
  const metering = new MeterProvider({ readers: [reader] });
  const telemetry = await openTelemetry({
    tracer: tracing.getTracer('test'),
    meter: metering.getMeter('test'),
    ...options,
  });
  const clock = new FakeClock();
  const llm = scriptedModel({
    turns: [
      { hears: 'when do you open', says: 'We open at nine and close at five on every day of the week.' },
      {
        hears: 'on monday',
        calls: [{ name: 'hours', args: { day: 'monday' } }],
        thenSays: 'From {result.from}.',
      },
    ],
  });
  const session = new AgentSession({ llm, clock });
  telemetry.watch(session, { 'call.line': 'front desk' });
  const transport = new MemoryTransport({ clock, openMic: true });
  const started = session.start({ agent: new Agent({ instructions: '', tools: [hours] }), transport });
  await clock.advance(1);
  await started;
  void transport.say(voice(600));
  await clock.advance(2_000);
  void transport.say(voice(600));
  await clock.advance(5_000);
  await Promise.all([session.close(), clock.advance(6_000)]);
  await metering.forceFlush();
  const finished = spans.getFinishedSpans();
  const named = (name: string) => finished.filter((span) => span.name === name);
  const metrics = counted
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const points = (name: string) =>
    metrics
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as { value: unknown; attributes: object }[]);
  await Promise.all([tracing.shutdown(), metering.shutdown()]);
  return { finished, named, points };
}

const parentOf = (span: ReadableSpan | undefined, all: readonly ReadableSpan[]) =>
  all.find((other) => other.spanContext().spanId === span?.parentSpanContext?.spanId)?.name;

describe('OpenTelemetry', () => {
  test('spans: the call, its connection, turns, replies, tools and what the model did, each in its place', async () => {
    const { finished, named } = await call();
    expect(named('repartee.call')).toMatchObject([
      {
        attributes: {
          'call.line': 'front desk',
          'gen_ai.provider.name': 'scripted',
          'gen_ai.request.model': 'script',
          'repartee.close.reason': 'closed by the application',
        },
      },
    ]);
    expect(named('repartee.connection')).toHaveLength(1);
    const turns = named('repartee.turn');
    expect(turns.map(({ attributes }) => attributes['repartee.turn.answered'])).toEqual([true, true]);
    for (const { attributes } of turns) {
      const stages = ['commit_ms', 'model_ms', 'play_ms', 'lead_silence_ms'].map((name) =>
        Number(attributes[`repartee.${name}`]),
      );
      expect(stages.reduce((all, ms) => all + ms, 0)).toBeCloseTo(
        Number(attributes['repartee.voice_to_voice_ms']),
        6,
      );
    }
    expect(named('repartee.reply').map(({ attributes }) => attributes['repartee.reply.interrupted'])).toEqual(
      [true, false],
    );
    const [ran] = named('execute_tool hours');
    expect(ran?.attributes).toMatchObject({
      'gen_ai.tool.name': 'hours',
      'repartee.tool.outcome': 'completed',
    });
    expect(named('chat script').length).toBeGreaterThanOrEqual(2);
    expect(parentOf(turns[0], finished)).toBe('repartee.call');
    expect(parentOf(named('repartee.reply')[0], finished)).toBe('repartee.turn');
    expect(parentOf(ran, finished)).toBe('repartee.turn');
    expect(parentOf(named('chat script')[0], finished)).toBe('repartee.reply');
    const traces = new Set(finished.map((span) => span.spanContext().traceId));
    expect(traces.size).toBe(1);
  });

  test('nobody’s words are on the spans, unless asked for', async () => {
    const quiet = await call();
    expect(JSON.stringify(quiet.finished.map(({ attributes }) => attributes))).not.toMatch(
      /open|monday|nine/i,
    );
    const { named } = await call({ words: true });
    expect(named('repartee.turn')[0]?.attributes['gen_ai.input.messages']).toContain('when do you open');
    expect(named('repartee.reply')[1]?.attributes['gen_ai.output.messages']).toContain('From nine.');
    expect(named('execute_tool hours')[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"day":"monday"}',
      'gen_ai.tool.call.result': expect.stringContaining('nine'),
    });
  });

  test('metrics: counted by small sets of attributes, times in seconds', async () => {
    const { points } = await call();
    expect(points('repartee.calls')).toMatchObject([{ value: 1, attributes: {} }]);
    expect(points('repartee.calls.active')).toMatchObject([{ value: 0 }]);
    expect(points('repartee.turns')).toMatchObject([
      { value: 2, attributes: { 'repartee.turn.answered': true } },
    ]);
    expect(points('repartee.interruptions')).toMatchObject([
      { value: 1, attributes: { 'repartee.interrupted_by': 'user' } },
    ]);
    const [latency] = points('repartee.voice_to_voice').map(
      ({ value }) => value as { count: number; max: number },
    );
    expect(latency?.count).toBe(1);
    expect(latency?.max).toBeLessThan(1);
    expect(points('gen_ai.client.operation.duration').map(({ attributes }) => attributes)).toEqual([
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'scripted',
        'gen_ai.request.model': 'script',
      },
    ]);
  });

  test('without the package: which one to install', async () => {
    const missing = () => Promise.reject(new Error('Cannot find package'));
    await expect(loadOtel(missing)).rejects.toMatchObject({
      code: 'peer_missing',
      message: expect.stringContaining('npm install @opentelemetry/api'),
    });
  });
});
