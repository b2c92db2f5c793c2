// Push to talk: nothing that is said goes to the model but what is said while the key is down, and the moment before it. The key is a
// message on the data channel, as from a page. It needs no key of any vendor: the model is a script behind our own gateway, on
// OpenAI's wire. `node examples/dist/push-to-talk/main.js`
import assert from 'node:assert/strict';
import { Agent, AgentSession } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

const preRollMs = 300;

const gateway = await createGateway({
  model: scriptedModel({
    audioMsPerWord: 20,
    turns: [
      { hears: 'open the gate', says: 'The gate is open.' },
      { hears: 'and close it again', says: 'It is closed.' },
    ],
  }),
});
const session = new AgentSession({
  llm: new RealtimeModel({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'none' }),
  turnDetection: 'manual',
  pushToTalk: true,
});
session.on('error', ({ code, message }) => console.log(`${code}: ${message}`));
const transport = new MemoryTransport({ realTime: false });

/** The page's key goes down and up. */
transport.data.onMessage(({ type }) => {
  if (type === 'key_down') session.startUserTurn({ preRollMs });
  else if (type === 'key_up') void session.commitUserTurn().then(console.log.bind(console, 'committed:'));
});

const answers: string[] = [];
let onAnswer = () => {};
session.on('conversation_item_added', ({ item }) => {
  if (item.kind !== 'message') return;
  console.log(`${item.role}: ${messageText(item)}`);
  if (item.role !== 'assistant') return;
  answers.push(messageText(item));
  onAnswer();
});

/** Resolves with the next answer; rejects after ten seconds. */
function answer(): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Nobody answered within 10 s')), 10_000);
    onAnswer = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** So much of a voice. */
function voice(ms: number): Int16Array {
  const { sampleRateHz } = transport.input;
  return Int16Array.from(
    { length: (ms * sampleRateHz) / 1_000 },
    (_, n) => 8_000 * Math.sin((n * 1_400) / sampleRateHz),
  );
}

try {
  await session.start({ agent: new Agent({ instructions: 'You keep the gate.' }), transport });

  await transport.say(voice(2_000));
  assert.equal(session.realtime.inputMs, 0, 'what is said with the key up is not for the model');

  transport.data.receive({ type: 'key_down' });
  await transport.say(voice(800));
  const first = answer();
  transport.data.receive({ type: 'key_up' });
  transport.data.receive({ type: 'key_up' });
  await first;
  assert.equal(Math.round(session.realtime.inputMs), preRollMs + 800, 'the pre-roll, and what was said');

  await transport.say(voice(1_000));
  assert.equal(Math.round(session.realtime.inputMs), preRollMs + 800, 'silent again');

  transport.data.receive({ type: 'key_down' });
  await transport.say(voice(600));
  const second = answer();
  transport.data.receive({ type: 'key_up' });
  await second;

  assert.deepEqual(answers, ['The gate is open.', 'It is closed.']);
  const heard = session.history.items.flatMap((item) =>
    item.kind === 'message' && item.role === 'user' ? [messageText(item)] : [],
  );
  assert.deepEqual(heard, ['open the gate', 'and close it again']);
  console.log('All as it should be.');
} finally {
  await session.close();
  await gateway.close();
}
