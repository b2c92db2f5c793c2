import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Agent, AgentSession } from '../../src/agent/index.js';
import { scriptedModel } from '../../src/cascade/index.js';
import { createVoiceServer, PrometheusMetrics } from '../../src/server/index.js';
import { MetricRegistry } from '../../src/server/metric-registry.js';
import { FakeClock } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';

const llm = scriptedModel({ turns: [{ hears: 'Hello', says: 'Good day to you.' }] });

describe('the text format', () => {
  it('counters, gauges, histograms; labels are escaped', () => {
    const registry = new MetricRegistry();
    registry.counter('a_total', 'Some.')({ why: 'a "b"\n\\' }, 2);
    registry.gauge('b', 'Now.')(3);
    const time = registry.histogram('c_seconds', 'Times.', [0.5, 1]);
    for (const value of [0.2, 0.5, 0.7, 9]) time(value, { how: 'x' });
    expect(registry.text()).toBe(
      [
        '# HELP a_total Some.',
        '# TYPE a_total counter',
        'a_total{why="a \\"b\\"\\n\\\\"} 2',
        '# HELP b Now.',
        '# TYPE b gauge',
        'b 3',
        '# HELP c_seconds Times.',
        '# TYPE c_seconds histogram',
        'c_seconds_bucket{how="x",le="0.5"} 2',
        'c_seconds_bucket{how="x",le="1"} 3',
        'c_seconds_bucket{how="x",le="+Inf"} 4',
        'c_seconds_sum{how="x"} 10.4',
        'c_seconds_count{how="x"} 4',
        '',
      ].join('\n'),
    );
  });

  it('label sets are bounded: what is too much is counted together', () => {
    const registry = new MetricRegistry();
    const count = registry.counter('a_total', 'Some.');
    for (let i = 0; i < 150; i++) count({ model: `m${i}` });
    const lines = registry
      .text()
      .split('\n')
      .filter((line) => line.startsWith('a_total'));
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('a_total{model="other"} 50');
  });
});

describe('a call', () => {
  it('counts while it lasts and when it has ended', async () => {
    const clock = new FakeClock();
    const metrics = new PrometheusMetrics();
    const session = new AgentSession({ llm, clock });
    metrics.watch(session);
    const transport = new MemoryTransport({ clock, openMic: true });
    const started = session.start({ agent: new Agent({ instructions: '' }), transport });
    await clock.advance(1);
    await started;
    expect(metrics.text()).toContain('\nrepartee_calls_active 1\n');
    void transport.say(Int16Array.from({ length: 14_400 }, (_, i) => 8_000 * Math.sin(i / 20)));
    await clock.advance(4_000);
    expect(metrics.text()).toContain('repartee_voice_to_voice_seconds_bucket{tools="false",le="0.75"} 1');
    await Promise.all([session.close(), clock.advance(6_000)]);
    const text = metrics.text();
    expect(text).toContain('\nrepartee_calls_active 0\n');
    expect(text).toContain('repartee_calls_total{outcome="ok"} 1');
    expect(text).toContain('repartee_turns_total{answered="true"} 1');
    expect(text).toContain('repartee_tokens_total{model="script",direction="out"} 4');
  });
});

describe('a server', () => {
  const call = () => ({
    agent: new Agent({ instructions: '' }),
    options: { llm },
    greeting: { model: 'A script', agent: 'Test', scripted: true },
  });

  it('GET /metrics, where it is asked for', async () => {
    const server = await createVoiceServer({ call, port: 0, metrics: true });
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/voice`);
    await new Promise((resolve) => socket.once('open', resolve));
    const welcomed = new Promise((resolve) => socket.once('message', resolve));
    socket.send(
      JSON.stringify({ type: 'hello', version: 1, inputSampleRateHz: 16_000, outputSampleRateHz: 24_000 }),
    );
    await welcomed;
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('# TYPE repartee_calls_active gauge');
    await server.close();
    expect(await fetch(`${server.url}/metrics`).catch(() => 'gone')).toBe('gone');
  });

  it('not otherwise', async () => {
    const server = await createVoiceServer({ call, port: 0 });
    expect((await fetch(`${server.url}/metrics`)).status).toBe(426);
    await server.close();
  });

  it('one set of metrics may be shared by servers and transports', async () => {
    const metrics = new PrometheusMetrics();
    const server = await createVoiceServer({ call, port: 0, metrics });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toBe(metrics.text());
    await server.close();
  });
});
