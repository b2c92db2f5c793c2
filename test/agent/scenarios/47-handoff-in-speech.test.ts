import { expect, test } from 'vitest';
import { Agent, tool } from '../../../src/agent/index.js';
import { messageText } from '../../../src/chat/index.js';
import type { LinkEntry } from '../../../src/testing/index.js';
import { stand, told, voice } from '../agents/stand.js';

/** Loud samples that went to a model. */
function voiceMs(links: readonly (readonly LinkEntry[])[]): number {
  let loud = 0;
  for (const entry of links.flat()) {
    if (entry.dir !== 'command' || entry.command.t !== 'audio') continue;
    for (const sample of entry.command.pcm) if (Math.abs(sample) > 100) loud += 1;
  }
  return loud / 24;
}

const facts = {
  turns: [{ hears: 'my order is 4711', says: 'Order 4711. I get somebody.', calls: [{ name: 'hand_over' }] }],
};

test('47. while the caller speaks: the next model hears the whole of it once, and knows all that was said', async () => {
  const { session, first, model, start, say, end, transport, clock, errors } = stand(facts);
  const second = model({
    turns: [{ hears: 'can you still change it', says: 'I can change it.' }],
    otherwise: 'Hello.',
  });
  const agent = new Agent({ name: 'Changes', instructions: '', llm: second });
  await start(new Agent({ name: 'Desk', instructions: '' }));
  await say(600, 3_000);
  const before = voiceMs(first.links);
  const speechMs = 1_600;
  void transport.say(voice(speechMs));
  await clock.advance(700);
  expect(session.userState).toBe('speaking');
  const updated = session.updateAgent(agent);
  await clock.advance(6_000);
  await updated;
  expect(told(session)).toEqual([
    'user: my order is 4711',
    'assistant: Order 4711. I get somebody.',
    'call hand_over',
    "result There is no tool 'hand_over'.",
    'assistant: That is all I know.',
    'user: can you still change it',
    'Desk -> Changes',
    'assistant: I can change it.',
  ]);
  const heardMs = voiceMs(second.links);
  // A sine is quiet at times: what matters is that it is all of what was said, once.
  expect(heardMs / (voiceMs([audioOf(voice(speechMs))]) || 1)).toBeCloseTo(1, 2);
  expect(voiceMs(first.links) - before).toBeLessThan(heardMs / 2);
  const open = second.links[0]?.[0];
  expect(open?.dir === 'command' && open.command.t === 'open' ? open.command.history.length : 0).toBe(5);
  expect(errors.map(({ code }) => code)).toEqual(['tool_unknown']);
  await end();
  expect(clock.pending).toBe(0);
});

test('47. while the agent speaks, and the caller cuts it off: what was heard of it is what the next one knows', async () => {
  const { session, model, start, end, transport, clock, errors } = stand({
    turns: [
      {
        hears: 'my order is 4711',
        says: 'One two three four five six seven eight nine ten eleven twelve.',
        calls: [{ name: 'hand_over' }],
      },
    ],
  });
  const second = model({ turns: [{ hears: 'are you there', says: 'I am here.' }], otherwise: 'Hello.' });
  const changes = new Agent({ name: 'Changes', instructions: '', llm: second });
  const handOver = tool({
    name: 'hand_over',
    description: '',
    parameters: { type: 'object', properties: {} },
    execute: () => changes,
  });
  await start(new Agent({ name: 'Desk', instructions: '', tools: [handOver] }));
  void transport.say(voice(600));
  await clock.advance(2_000);
  expect([session.agentState, session.currentAgent?.name]).toEqual(['speaking', 'Desk']);
  void transport.say(voice(400));
  await clock.advance(6_000);
  expect(session.currentAgent).toBe(changes);
  const open = second.links[0]?.[0];
  const history = open?.dir === 'command' && open.command.t === 'open' ? open.command.history : [];
  const cut = session.history.items.find((item) => item.kind === 'message' && item.heard === 'partly');
  expect(cut?.kind === 'message' ? messageText(cut) : '').toMatch(/^One .* twelve\.$/);
  expect(history[1]).toMatchObject({
    role: 'assistant',
    parts: [{ kind: 'text', text: expect.not.stringContaining('twelve') }],
  });
  expect(history.map((item) => (item.kind === 'message' ? item.role : item.kind))).toEqual([
    'user',
    'assistant',
    'call',
    'result',
  ]);
  // The turn that cut it goes to the one who answers it.
  expect(told(session).slice(2)).toEqual([
    'user: are you there',
    'Desk -> Changes',
    'call hand_over',
    'result The conversation goes on with Changes.',
    'assistant: I am here.',
  ]);
  expect(errors).toEqual([]);
  await end();
  expect(clock.pending).toBe(0);
});

function audioOf(pcm: Int16Array): LinkEntry[] {
  return [{ dir: 'command', command: { t: 'audio', pcm, atMs: 0 } } as LinkEntry];
}
