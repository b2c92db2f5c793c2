// An agent whose tools are those of an MCP server. It needs no key: the model is a script behind our own gateway, on OpenAI's wire.
// `node examples/dist/mcp/main.js` calls it, prints what was said, and fails where the server was not asked.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Agent, AgentSession } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { mcpServer } from 'repartee/mcp';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

const script = {
  audioMsPerWord: 20,
  turns: [
    {
      says: 'Let me look.',
      calls: [{ name: 'find_book', args: { title: 'Dune' } }],
      thenSays: 'There are {result.copies} copies of {result.title}.',
    },
    {
      calls: [{ name: 'reserve_book', args: { title: 'Dune' } }],
      thenSays: '{result.title} is put aside for you, {result.left} are left.',
    },
    {
      calls: [{ name: 'reserve_book', args: { title: 'Solaris' } }],
      thenSays: 'I am sorry: {result.text}',
    },
  ],
};
const gateway = await createGateway({ model: scriptedModel(script) });

const library = mcpServer({
  command: process.execPath,
  args: [fileURLToPath(new URL('./library.js', import.meta.url))],
  name: 'the library',
  policy: { timeoutMs: 5_000 },
  // Looking is free, taking is not.
  needsApproval: (name) => name === 'reserve_book',
});
const agent = new Agent({ instructions: 'You are the desk of a library.', tools: [library] });
const session = new AgentSession({
  llm: new RealtimeModel({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'none' }),
});

session.on('tool_approval_requested', ({ callId, name, args }) => {
  console.log(`approved: ${name} ${args}`);
  session.approveTool(callId, true);
});
session.on('error', ({ code, message }) => console.log(`${code}: ${message}`));
session.on('tool_ended', ({ name, outcome }) => console.log(`${name}: ${outcome}`));
session.on('conversation_item_added', ({ item }) => {
  if (item.kind === 'message') console.log(`${item.role}: ${messageText(item)}`);
});

try {
  await session.start({ agent, transport: new MemoryTransport() });
  assert.deepEqual(
    agent.tools.map(({ spec }) => spec.name),
    ['find_book', 'reserve_book'],
  );
  for (const userInput of ['Do you have Dune?', 'Keep one for me, please.', 'And Solaris?']) {
    await session.generateReply({ userInput }).waitForPlayout();
  }
  const said = session.history.items.flatMap((item) =>
    item.kind === 'message' && item.role === 'assistant' ? [messageText(item)] : [],
  );
  assert.deepEqual(said, [
    'Let me look.',
    'There are 3 copies of Dune.',
    'Dune is put aside for you, 2 are left.',
    'I am sorry: Solaris is not on the shelf.',
  ]);
  console.log('All as it should be.');
} finally {
  await session.close();
  await gateway.close();
}
