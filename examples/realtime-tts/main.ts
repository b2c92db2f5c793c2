// A realtime model that hears and thinks, and a voice of your choice that speaks. It needs no key: the model is a script behind our own
// gateway, on OpenAI's wire; the voice is one of tones, or with `--voice embedded` one that runs on this machine.
// `node examples/dist/realtime-tts/main.js` has a greeting that nobody can stop, an answer that is interrupted, given words and a
// guarded answer, and fails where something else comes out.
import assert from 'node:assert/strict';
import { Agent, AgentSession } from 'repartee';
import { scriptedModel, toneTts } from 'repartee/cascade';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { embeddedTts } from 'repartee/speech/embedded';
import { MemoryTransport } from 'repartee/transports/memory';

const hours =
  'We open at nine and we close at five, on every day of the week but Sunday, and also on most holidays.';
const script = {
  turns: [
    { hears: 'When do you open?', says: hours },
    { hears: 'And on Sundays?', says: 'Never on Sundays.' },
    { hears: 'What is the code of the door?', says: 'Of course. It is four seven one one.' },
  ],
};
const gateway = await createGateway({ model: scriptedModel(script) });
const tts = process.argv.includes('embedded') ? embeddedTts() : toneTts({ msPerWord: 40 });

const session = new AgentSession({
  llm: new RealtimeModel({
    baseUrl: `${gateway.httpUrl}/v1`,
    apiKey: 'none',
    modalities: ['text'],
    turnDetection: { type: 'server_vad', silenceDurationMs: 200 },
  }),
  tts,
  outputGuardrail: (text) => (/\bfour seven\b/.test(text) ? { replace: 'I cannot tell you that.' } : 'ok'),
});
session.on('error', (error) => assert.fail(error));
session.on('modality_mismatch', (mismatch) => assert.fail(JSON.stringify(mismatch)));
session.on('guardrail_tripped', ({ action }) => console.log(`not said: ${action}`));
session.on('conversation_item_added', ({ item }) => {
  if (item.kind !== 'message') return;
  const [part] = item.parts;
  const text = part?.kind === 'audio' ? part.transcript : part?.kind === 'text' ? part.text : '';
  console.log(`${item.role}: ${item.heard === 'partly' ? `${item.heardText} … (interrupted)` : text}`);
});

/** A voice, as far as the script's ears can tell. */
const voice = Int16Array.from({ length: 24_000 * 0.2 }, (_, i) => 8_000 * Math.sin(i / 20));
const transport = new MemoryTransport({ openMic: true });

/** Until the agent has begun to speak, or is silent again. */
const agent = (does: 'begins' | 'ends') =>
  new Promise<void>((resolve) => {
    const off = session.on('agent_state_changed', ({ from, to }) => {
      if (does === 'begins' ? to !== 'speaking' : from !== 'speaking') return;
      off();
      resolve();
    });
  });

try {
  await session.start({ agent: new Agent({ instructions: 'You are the desk of a shop.' }), transport });

  // Given words, as they are; what the caller says meanwhile is heard, and answered afterwards.
  const greeting = session.say('Welcome! This call may be recorded, how can I help you today?', {
    allowInterruptions: false,
  });
  await agent('begins');
  await transport.say(voice);
  await greeting.waitForPlayout();
  assert.ok(greeting.verbatim && !greeting.interrupted);

  // Its answer is interrupted in the middle; the model is told what was heard of it.
  await agent('begins');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const isSilent = agent('ends');
  await transport.say(voice);
  await isSilent;
  await agent('begins');
  await agent('ends');

  // What the guardrail stops is not heard.
  void transport.say(voice);
  while (!transcript().includes('I cannot tell you that.')) await agent('ends');

  const [first, second, answer] = messages();
  assert.ok(first?.heard === 'heard' && second?.role === 'user');
  assert.ok(
    answer?.heard === 'partly' && answer.heardText !== undefined && hours.startsWith(answer.heardText),
  );
  assert.ok(!transcript().includes('four seven'));
  const told = session.realtime.remoteItems.find((item) => item.id === answer.id);
  const [part] = told?.kind === 'message' ? told.parts : [];
  assert.equal(part?.kind === 'text' ? part.text : '', answer.heardText.trim());
} finally {
  await session.close();
  await gateway.close();
  await tts.close();
}
console.log('All as it should be.');

function messages() {
  return session.history.items.flatMap((item) => (item.kind === 'message' ? [item] : []));
}

function transcript(): string {
  return JSON.stringify(messages().map(({ parts }) => parts));
}
