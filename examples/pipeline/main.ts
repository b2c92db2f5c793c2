// A pipeline of speech recognition, a language model and speech synthesis, each by name or as an object. It needs no key: the language model
// is a few lines here that speak the wire of chat completions, as Ollama does. `node examples/dist/pipeline/main.js` has a call with a tool, and
// fails where something else is said. With OLLAMA_BASE_URL and a model of yours it is the same program:
// `new AgentSession({ llm: 'ollama/llama3.2', stt: 'embedded', tts: 'embedded' })`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, AgentSession, systemClock, tool } from 'repartee';
import { energyVad, scriptStt, toneTts } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { MemoryTransport } from 'repartee/transports/memory';

/** Calls the tool once, and then speaks of what it found. */
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { messages } = JSON.parse(body) as { messages: { role: string; content: string | null }[] };
  const last = messages.at(-1);
  const call = {
    index: 0,
    id: 'call_1',
    type: 'function',
    function: { name: 'opening_hours', arguments: '{"day":"Monday"}' },
  };
  const delta =
    last?.role === 'tool' ? { content: `On Monday we open at ${last.content}.` } : { tool_calls: [call] };
  const reason = last?.role === 'tool' ? 'stop' : 'tool_calls';
  const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    `${chunk({ delta, finish_reason: null })}${chunk({ delta: {}, finish_reason: reason })}data: [DONE]\n\n`,
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.env.OLLAMA_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

const session = new AgentSession({
  llm: 'ollama/llama3.2',
  stt: scriptStt([{ hears: 'When do you open on Monday?' }], systemClock()),
  tts: toneTts({ msPerWord: 60 }),
  vad: energyVad(),
});
session.on('error', (error) => assert.fail(error));
const agent = new Agent({
  instructions: 'You are the desk of a shop.',
  tools: [
    tool({
      name: 'opening_hours',
      description: 'When the shop opens.',
      parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
      execute: ({ day }: { day: string }) => (day === 'Sunday' ? 'never' : 'nine'),
    }),
  ],
});
const transport = new MemoryTransport({ openMic: true });
const answered = new Promise<string>((resolve) => {
  session.on('conversation_item_added', ({ item }) => {
    if (item.kind !== 'message') return;
    console.log(`${item.role}: ${messageText(item)}`);
    if (item.role === 'assistant' && messageText(item) !== '') resolve(messageText(item));
  });
});
try {
  await session.start({ agent, transport });
  /** A voice, as far as these ears can tell. */
  void transport.say(Int16Array.from({ length: 24_000 * 0.3 }, (_, i) => 8_000 * Math.sin(i / 20)));
  assert.equal(await answered, 'On Monday we open at nine.');
} finally {
  await session.close();
  server.close();
}
console.log('All as it should be.');
