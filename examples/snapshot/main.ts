// A call that moves to another process: deploy, crash or transfer. The first process keeps a snapshot, which is plain JSON, and ends; the second
// one restores it, and the agent knows what was said and what it had noted. It needs no key: the model is a script behind our own gateway, on
// OpenAI's wire. `node examples/dist/snapshot/main.js` plays both, and fails where something is forgotten.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Agent, AgentSession, tool } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

/** Notes names, and keeps them when the call moves. */
class Desk extends Agent {
  names: string[] = [];

  constructor() {
    super({
      name: 'Desk',
      instructions: 'You note the names of callers.',
      tools: [
        tool({
          name: 'note',
          description: 'Notes a name.',
          parameters: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
          execute: ({ name }: { name: string }) => `${this.names.push(name)} noted`,
        }),
      ],
    });
  }

  override saveState() {
    return this.names;
  }

  override async onRestore(state: unknown) {
    this.names = state as string[];
  }
}

const modelAt = (url: string) =>
  new RealtimeModel({
    baseUrl: `${url}/v1`,
    apiKey: 'none',
    turnDetection: { type: 'server_vad', silenceDurationMs: 200 },
  });

/** Says something, and waits until this is the answer. */
async function talk(session: AgentSession, transport: MemoryTransport, answer: string): Promise<void> {
  session.on('error', (error) => assert.fail(error));
  const isThere = () =>
    session.history.items.some(
      (item) => item.kind === 'message' && item.heard === 'heard' && messageText(item) === answer,
    );
  await transport.say(Int16Array.from({ length: 24_000 * 0.3 }, (_, i) => 8_000 * Math.sin(i / 20)));
  while (!isThere()) await new Promise((resolve) => session.once('conversation_item_added', resolve));
}

async function first(): Promise<void> {
  const gateway = await createGateway({
    model: scriptedModel({
      audioMsPerWord: 60,
      turns: [
        {
          hears: 'I am Ada.',
          says: 'One moment.',
          calls: [{ name: 'note', args: { name: 'Ada' } }],
          thenSays: 'Hello Ada.',
        },
      ],
    }),
  });
  const session = new AgentSession({ llm: modelAt(gateway.httpUrl) });
  const transport = new MemoryTransport({ openMic: true });
  await session.start({ agent: new Desk(), transport });
  await talk(session, transport, 'Hello Ada.');
  const snapshot = JSON.stringify(session.snapshot());
  await session.close();
  await gateway.close();
  console.log(
    `the first process kept ${session.history.length} items in ${snapshot.length} bytes, and ends the call`,
  );
  const second = spawn(process.execPath, [fileURLToPath(import.meta.url), 'second'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  second.stdin.end(snapshot);
  const [code] = await once(second, 'exit');
  assert.equal(code, 0);
}

async function second(): Promise<void> {
  const gateway = await createGateway({
    model: scriptedModel({ audioMsPerWord: 60, turns: [{ hears: 'Who am I?', says: 'You are Ada.' }] }),
  });
  const desk = new Desk();
  const session = AgentSession.restore(await text(process.stdin), {
    llm: modelAt(gateway.httpUrl),
    agents: [desk],
  });
  const transport = new MemoryTransport({ openMic: true });
  await session.start({ transport });
  assert.deepEqual(desk.names, ['Ada']);
  // The new model was told what was said to the old one.
  const known = session.realtime.remoteItems.map((item) => item.kind);
  assert.deepEqual(known, ['message', 'message', 'call', 'result', 'message']);
  await talk(session, transport, 'You are Ada.');
  for (const item of session.history.items)
    if (item.kind === 'message') console.log(`${item.role}: ${messageText(item)}`);
  await session.close();
  await gateway.close();
}

if (process.argv[2] === 'second') await second();
else {
  await first();
  console.log('All as it should be.');
}
