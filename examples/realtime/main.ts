// From a pipeline to a realtime model: the program stays as it is, but for the line that says which engine it runs on. It needs no key: the
// realtime model is a script behind our own gateway, on OpenAI's wire, and so are the parts of the pipeline.
// `node examples/dist/realtime/main.js` has the same call over both, and fails where they differ in what was said.
import assert from 'node:assert/strict';
import { Agent, AgentSession, type AgentSessionOptions, systemClock } from 'repartee';
import { energyVad, scriptedModel, scriptLlm, scriptStt, toneTts } from 'repartee/cascade';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

const script = {
  audioMsPerWord: 80,
  turns: [
    { hears: 'When do you open?', says: 'At nine.' },
    { hears: 'And on Sundays?', says: 'Never on Sundays.' },
  ],
};

/** A voice, as far as the script's ears can tell. */
const voice = Int16Array.from({ length: 24_000 * 0.3 }, (_, i) => 8_000 * Math.sin(i / 20));

/** Two questions and their answers; gives what was said. */
async function call(options: AgentSessionOptions): Promise<string[]> {
  const session = new AgentSession(options);
  const said: string[] = [];
  session.on('error', (error) => assert.fail(error));
  session.on('conversation_item_added', ({ item }) => {
    if (item.kind !== 'message') return;
    const [part] = item.parts;
    said.push(`${item.role}: ${part?.kind === 'audio' ? part.transcript : ''}`);
  });
  const transport = new MemoryTransport({ openMic: true });
  await session.start({ agent: new Agent({ instructions: 'You are the desk of a shop.' }), transport });
  try {
    for (const answers of [2, 4]) {
      await transport.say(voice);
      while (said.length < answers) {
        await new Promise((resolve) => session.once('conversation_item_added', resolve));
      }
    }
  } finally {
    await session.close();
  }
  return said;
}

const gateway = await createGateway({ model: scriptedModel(script) });
try {
  // Before: four parts.
  const { turns } = script;
  const clock = systemClock();
  const [stt, llm] = [scriptStt(turns, clock), scriptLlm(script, clock)];
  const [tts, vad] = [toneTts({ msPerWord: 80 }), energyVad()];
  const before = await call({ stt, llm, tts, vad });

  // After: one model.
  const after = await call({ llm: new RealtimeModel({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'none' }) });

  console.log(after.join('\n'));
  assert.deepEqual(before, after);
  assert.deepEqual(after, [
    'user: When do you open?',
    'assistant: At nine.',
    'user: And on Sundays?',
    'assistant: Never on Sundays.',
  ]);
} finally {
  await gateway.close();
}
console.log('All as it should be.');
