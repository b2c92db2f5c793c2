// A caller who shows something. It needs no key: the model is a script, given eyes, behind our own gateway on OpenAI's wire.
// `node examples/dist/video/main.js` shows it a red light, then a green one, and fails where the model saw something else.
//
// In a page the same is one line more than a voice: `client.show(await cameraPictures(), { fps: 1 })`, by `repartee/client`.
import assert from 'node:assert/strict';
import { Agent, AgentSession } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import type { Command, Dialler, Link } from 'repartee/realtime';
import { MemoryTransport } from 'repartee/transports/memory';

const script = scriptedModel({
  audioMsPerWord: 20,
  turns: [{ says: 'Stop: the light is red.' }, { says: 'Go: it is green.' }],
});
/** What the model was shown: the byte after the marker of each JPEG. */
const seen: number[] = [];

/** The script takes no pictures: what it is shown is put into words for it. */
const seeing: Dialler = {
  ...script,
  async dial(context): Promise<Link> {
    const link = await script.dial(context);
    return {
      onEvent: (listener) => link.onEvent(listener),
      send: (command) => link.send(inWords(command)),
    };
  },
};

function inWords(command: Command): Command {
  if (command.t !== 'item.add' || command.item.kind !== 'message') return command;
  const [part] = command.item.parts;
  if (part?.kind !== 'image') return command;
  seen.push(part.data[3] ?? -1);
  // Not the user's words: the script would take them for its cue.
  const parts = [{ kind: 'text', text: `(a ${part.mime} of ${part.data.length} bytes)` } as const];
  return { ...command, item: { ...command.item, role: 'system', parts } };
}

const gateway = await createGateway({ model: seeing });
const session = new AgentSession({
  llm: new RealtimeModel({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'none' }),
  session: { video: { fps: 5 } },
});
session.on('error', ({ code, message }) => console.log(`${code}: ${message}`));
const transport = new MemoryTransport();

/** A camera of 25 pictures a second looks at a light. */
async function look(light: number, pictures: number): Promise<void> {
  const data = Uint8Array.of(0xff, 0xd8, 0xff, light);
  for (let shown = 0; shown < pictures; shown++) {
    transport.show({ data, mime: 'image/jpeg' });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
const [red, green] = [1, 2];

try {
  await session.start({ agent: new Agent({ instructions: 'Say what the light shows.' }), transport });
  await look(red, 15);
  await session.generateReply({ userInput: 'May I go?' }).waitForPlayout();
  await look(green, 15);
  // What is written interrupts like a voice; here nothing is being said any more.
  await session.sendText('And now?').waitForPlayout();
  console.log(`shown: ${seen.join(' ')}; not sent: ${session.realtime.droppedVideoFrames}`);
  assert.ok(seen.includes(red) && seen.includes(green));
  assert.deepEqual(seen, [...seen].sort(), 'in the order in which they were shown');
  assert.equal(seen.length + session.realtime.droppedVideoFrames, 30);
  const said = session.history.items.flatMap((item) =>
    item.kind === 'message' && item.role === 'assistant' ? [messageText(item)] : [],
  );
  assert.deepEqual(said, ['Stop: the light is red.', 'Go: it is green.']);
  console.log('All as it should be.');
} finally {
  await session.close();
  await gateway.close();
}
