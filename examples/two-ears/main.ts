// A realtime model that mishears numbers, and a recogniser beside it that does not. The model talks, with its voice and its speed; the
// tool takes the number from the other ear. It needs no key: the model is a script behind our own gateway, on OpenAI's wire, the
// recogniser and the caller's voice are the embedded ones. `node examples/dist/two-ears/main.js`
import assert from 'node:assert/strict';
import { Agent, AgentSession, tool } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { embeddedSpeech } from 'repartee/speech/embedded';
import { MemoryTransport } from 'repartee/transports/memory';
import { z } from 'zod';
import { asWords, digitsIn, sampleNumbers, spoken } from './caller.js';

const number = '47113215';
const misheard = '47113250';

const gateway = await createGateway({
  model: scriptedModel({
    audioMsPerWord: 20,
    turns: [
      {
        hears: `my number is ${misheard}`,
        calls: [{ name: 'save_number', args: { number: misheard } }],
        thenSays: 'I have written down {result.number}.',
      },
    ],
  }),
});
const speech = embeddedSpeech({
  grammar: { sentences: sampleNumbers().map((digits) => `my number is ${digits}`) },
});

const saved: string[] = [];
const saveNumber = tool({
  name: 'save_number',
  description: "Saves the caller's phone number.",
  parameters: z.object({ number: z.string() }),
  async execute({ number: guess }) {
    const { transcripts } = session;
    const turn = transcripts.last()?.turnId ?? '';
    // Neither ear has waited for the other: this waits for the better one.
    const heard = await transcripts.settled(turn, { source: 'stt', timeoutMs: 10_000 });
    const digits = digitsIn(heard.text);
    console.log(`the model's guess: ${guess}, the recogniser's: ${digits}`);
    saved.push(digits);
    return { number: digits };
  },
});

const session = new AgentSession({
  llm: new RealtimeModel({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'none' }),
  stt: speech.stt,
  transcripts: { record: 'both' },
});
session.on('user_input_transcribed', ({ source, transcript, isFinal }) => {
  if (isFinal) console.log(`${source}: ${transcript}`);
});
session.on('error', ({ code, message }) => console.log(`${code}: ${message}`));
const answered = new Promise<void>((resolve, reject) => {
  session.on('conversation_item_added', ({ item }) => {
    if (item.kind !== 'message') return;
    console.log(`${item.role}: ${messageText(item)}`);
    if (item.role === 'assistant') resolve();
  });
  session.on('close', ({ reason }) => reject(new Error(`The call ended: ${reason}`)));
  setTimeout(() => reject(new Error('Nobody answered within 20 s')), 20_000).unref();
});

const transport = new MemoryTransport({ realTime: false, inputSampleRateHz: speech.tts.sampleRateHz });
try {
  await session.start({
    agent: new Agent({ instructions: 'Ask for the number.', tools: [saveNumber] }),
    transport,
  });
  await transport.say(await spoken(speech.tts, `My number is ${asWords(number)}.`));
  await transport.pause(1_000);
  await answered;

  assert.deepEqual(saved, [number]);
  const [user, assistant] = session.history.items.filter((item) => item.kind === 'message');
  assert.equal(digitsIn(messageText(user!)), number, 'the history has the words of the recogniser');
  assert.equal(messageText(assistant!), `I have written down ${number}.`);
  const ears = session.transcripts.of(session.transcripts.last()?.turnId ?? '');
  assert.deepEqual(
    ears.map(({ source, text }) => [source, digitsIn(text)]),
    [
      ['stt', number],
      ['model', misheard],
    ],
  );
  console.log('All as it should be.');
} finally {
  answered.catch(() => {});
  await session.close();
  await gateway.close();
  await speech.close();
}
