import { afterAll, beforeAll, expect, it } from 'vitest';
import { Agent } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { createVoiceServer, type VoiceServer } from '../../../src/server/index.js';
import { callServer, metricAt, type Scenario } from '../../../src/testing/index.js';

let server: VoiceServer;

beforeAll(async () => {
  server = await createVoiceServer({
    port: 0,
    call: () => ({
      agent: new Agent({ instructions: '', onEnter: ({ session }) => void session.generateReply() }),
      options: {
        llm: scriptedModel({
          greeting: 'Hello, this is a greeting that goes on for quite a while.',
          turns: [{ hears: 'stop', says: 'Yes.' }],
        }),
      },
      greeting: { model: 'script', agent: 'desk', scripted: true },
    }),
  });
});
afterAll(() => server.close());

it('a server is called as a page calls it: heard, interrupted, told, keys and all', async () => {
  const scenario: Scenario = {
    name: 'x',
    line: { sampleRateHz: 16_000 },
    withinMs: 10_000,
    steps: [
      { overlapAt: { agentMs: 300 } },
      { dtmf: { keys: '5', toneMs: 40 } },
      { say: { text: 'Stop.', rate: 1.5 } },
      { wait: { for: 'speech_interrupted' } },
      { wait: { for: 'agent_output_transcribed', where: { heard: '/Yes/' } } },
    ],
    expect: [
      { event: 'speech_interrupted', times: 1 },
      { event: 'hello', where: { agent: 'desk' } },
      { understood: 'stop' },
      { metric: 'turn_count', equals: 1 },
    ],
  };
  const result = await callServer(scenario, server.url);
  expect(result.failures).toEqual([]);
  expect(result.recording.sampleRateHz).toBe(16_000);
  expect(result.labels.map(({ kind }) => kind)).toEqual(['dtmf', 'interruption']);
  expect(metricAt(result.report, 'yield_rate')).toBe(1);
});

it('an address where nobody answers, or that is none, is refused', async () => {
  await expect(callServer({ name: 'x', steps: [] }, 'http://127.0.0.1:1')).rejects.toMatchObject({
    code: 'connect_failed',
  });
  await expect(callServer({ name: 'x', steps: [] }, 'desk.js')).rejects.toThrow(
    "'desk.js' is no address of a server",
  );
  await expect(callServer({ name: 'x', steps: [], clock: 'virtual' }, server.url)).rejects.toThrow(
    /real time/,
  );
});
