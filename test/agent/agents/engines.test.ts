import { beforeAll, expect, test } from 'vitest';
import { Agent, AgentSession, type AgentSessionOptions } from '../../../src/agent/index.js';
import {
  energyVad,
  type Script,
  scriptedModel,
  scriptLlm,
  scriptStt,
  toneTts,
} from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const script: Script = { turns: [{ hears: 'when do you open', says: 'At nine.' }] };
const voice = new Int16Array(600 * 24).map((_, i) => 8_000 * Math.sin(i / 20));

function pipeline(clock: FakeClock) {
  const { turns } = script;
  const tts = toneTts({ msPerWord: () => 200, pauseMs: 0, clock, voices: [], muted: [] });
  return { stt: scriptStt(turns, clock), llm: scriptLlm(script, clock), tts, vad: energyVad() };
}

// The first import of a module takes its time, which no clock of ours counts.
beforeAll(async () => {
  await import('../../../src/models/index.js');
  await import('../../../src/speech/chat-completions/index.js');
});

async function until(clock: FakeClock, isTrue: () => boolean) {
  for (let i = 0; i < 2_000 && !isTrue(); i++) {
    await clock.advance(1);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(isTrue()).toBe(true);
}

test('a pipeline -> a realtime model: one line of the program, the same conversation', async () => {
  const heard: unknown[] = [];
  for (const engine of [pipeline, () => ({ llm: scriptedModel(script) })]) {
    const clock = new FakeClock();
    const session = new AgentSession({ ...engine(clock), clock, ids: countedIds() });
    const transport = new MemoryTransport({ clock, openMic: true });
    let isStarted = false;
    const started = session.start({ agent: new Agent({ instructions: 'Be brief.' }), transport });
    void started.then(() => {
      isStarted = true;
    });
    // Said before the engine is there.
    void transport.say(voice);
    await until(clock, () => isStarted);
    await clock.advance(4_000);
    heard.push(session.history.items.map((item) => (item.kind === 'message' ? item.parts : item.kind)));
    await session.close();
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  }
  expect(heard[0]).toEqual([
    [{ kind: 'audio', transcript: 'when do you open' }],
    [{ kind: 'audio', transcript: 'At nine.' }],
  ]);
  expect(heard[1]).toEqual(heard[0]);
});

test.each<[string, Partial<AgentSessionOptions>, object]>([
  ['an unknown name -> start rejects', { llm: 'acme/best' }, { code: 'option_invalid', param: 'llm' }],
  [
    'a pipeline with an unknown voice -> start rejects',
    { llm: 'ollama/llama3.2', tts: 'acme' },
    { code: 'option_invalid', param: 'tts' },
  ],
  ['words that may not be cut, and a pipeline: known at start only', { allowInterruptions: false }, {}],
])('%s', async (_, options, error) => {
  const clock = new FakeClock();
  const session = new AgentSession({ ...pipeline(clock), ...options, clock, ids: countedIds() });
  const closed: object[] = [];
  session.on('close', (event) => closed.push(event));
  let outcome: unknown;
  const transport = new MemoryTransport({ clock });
  session.start({ agent: new Agent({ instructions: '' }), transport }).then(
    () => {
      outcome = {};
    },
    (thrown) => {
      outcome = thrown;
    },
  );
  await until(clock, () => outcome !== undefined);
  expect(outcome).toMatchObject(error);
  await session.close();
  await clock.advance(1);
  expect([closed.length, clock.pending]).toEqual([1, 0]);
});

test('vad twice -> options_conflict, before anything is opened', () => {
  const vad = energyVad();
  expect(() => new AgentSession({ llm: scriptedModel(script), vad, session: { vad } })).toThrow(
    /vad and session.vad/,
  );
});

test('closed while the engine is being made: start rejects, nothing is left', async () => {
  const clock = new FakeClock();
  const session = new AgentSession({ ...pipeline(clock), clock, ids: countedIds() });
  const started = session.start({
    agent: new Agent({ instructions: '' }),
    transport: new MemoryTransport({ clock }),
  });
  const failed = expect(started).rejects.toMatchObject({ code: 'closed' });
  await session.close();
  await failed;
  await clock.advance(1);
  expect(clock.pending).toBe(0);
});
