// A reception that hands over to a colleague: another voice, other tools, another model. The colleague has a task of its own done first, an agent
// that is in charge until it has an order number. It needs no key: both models are scripts behind our own gateway, on OpenAI's wire.
// `node examples/dist/handoff/main.js` has the call, and fails where somebody else speaks or something is lost on the way.
import assert from 'node:assert/strict';
import { Agent, AgentSession, AgentTask, handoff, tool } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { type ChatItem, messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

const nothing = { type: 'object', properties: {} };

const reception = await createGateway({
  model: scriptedModel({
    audioMsPerWord: 60,
    turns: [{ hears: 'My bill is wrong.', says: 'I get a colleague.', calls: [{ name: 'billing' }] }],
  }),
});
const billing = await createGateway({
  model: scriptedModel({
    audioMsPerWord: 60,
    turns: [
      { hears: 'It is 4711.', says: 'Thank you.', calls: [{ name: 'save', args: { order: '4711' } }] },
      { hears: 'And when is it mended?', says: 'It is mended on Monday.' },
    ],
    greeting: 'Which order?',
    otherwise: 'Which order is it?',
  }),
});
const modelOf = (url: string) =>
  new RealtimeModel({
    baseUrl: `${url}/v1`,
    apiKey: 'none',
    turnDetection: { type: 'server_vad', silenceDurationMs: 200 },
  });

/** In charge until the caller has named an order. */
class AskForOrder extends AgentTask<string> {
  constructor() {
    super({
      name: 'Order desk',
      instructions: 'Ask for the number of the order.',
      llm: colleague,
      voice: 'cedar',
      tools: [
        tool({
          name: 'save',
          description: 'Keeps the number of the order.',
          parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
          execute: ({ order }: { order: string }) => this.complete(order),
        }),
      ],
      onEnter: ({ session }) => void session.generateReply(),
    });
  }
}

const colleague = modelOf(billing.httpUrl);
let order = '';
const clerk = new Agent({
  name: 'Billing',
  instructions: 'You mend bills.',
  llm: colleague,
  voice: 'cedar',
  onEnter: async ({ session }) => {
    order = await new AskForOrder().run(session);
  },
});
const desk = new Agent({
  name: 'Reception',
  instructions: 'You send callers where they belong.',
  tools: [
    tool({
      name: 'billing',
      description: 'Puts billing in charge of the call.',
      parameters: nothing,
      execute: () => handoff(clerk, { message: 'The caller wants a bill mended.' }),
    }),
  ],
});

const session = new AgentSession({ llm: modelOf(reception.httpUrl) });
session.on('error', (error) => assert.fail(error));
const inShort = (item: ChatItem) =>
  item.kind === 'message'
    ? `${item.role}: ${messageText(item)}`
    : item.kind === 'handoff'
      ? `[${item.from} -> ${item.to}]`
      : '';
session.on('conversation_item_added', ({ item }) => {
  if (inShort(item) !== '') console.log(inShort(item));
});

const transport = new MemoryTransport({ openMic: true });
/** A voice, as far as the script's ears can tell. */
const voice = Int16Array.from({ length: 24_000 * 0.3 }, (_, i) => 8_000 * Math.sin(i / 20));
const lines = () => session.history.items.map(inShort).filter((line) => line !== '');
/** Until the agent in charge has said this. */
const said = async (text: string) => {
  while (!lines().includes(`assistant: ${text}`) || session.agentState !== 'listening') {
    await new Promise((resolve) => session.once('agent_state_changed', resolve));
  }
};

try {
  await session.start({ agent: desk, transport });
  void transport.say(voice);
  await said('Which order is it?');
  void transport.say(voice);
  while (session.currentAgent !== clerk)
    await new Promise((resolve) => session.once('agent_changed', resolve));
  assert.equal(session.realtime.instructions, 'You mend bills.');
  void transport.say(voice);
  await said('It is mended on Monday.');
  assert.equal(order, '4711');
  assert.deepEqual(lines(), [
    'user: My bill is wrong.',
    'assistant: I get a colleague.',
    '[Reception -> Billing]',
    '[Billing -> Order desk]',
    'assistant: Which order is it?',
    'user: It is 4711.',
    'assistant: Thank you.',
    '[Order desk -> Billing]',
    'user: And when is it mended?',
    'assistant: It is mended on Monday.',
  ]);
} finally {
  await session.close();
  await Promise.all([reception.close(), billing.close()]);
}
console.log('All as it should be.');
