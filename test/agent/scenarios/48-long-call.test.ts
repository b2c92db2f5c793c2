import { expect, test } from 'vitest';
import { Agent, AgentSession, type Carry } from '../../../src/agent/index.js';
import { type Script, scriptedModel } from '../../../src/cascade/index.js';
import { ChatContext, chatMessage } from '../../../src/chat/index.js';
import { countedIds, Runner } from '../../../src/core/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { told, voice } from '../agents/stand.js';

const turns = 200;

/** The first turn has a fact; so has each hundredth. */
const script = (from: number): Script => ({
  turns: Array.from({ length: turns - from }, (_, index) => ({
    hears: from + index === 0 ? 'my name is Ada' : `turn ${from + index}`,
    says: `Yes ${from + index}.`,
  })),
  audioMsPerWord: 60,
});

/** The facts, and the last of what was said. */
const compact: Carry = (history) => {
  const [first] = history.items;
  const fact = first?.kind === 'message' && first.parts[0]?.kind === 'audio' ? first.parts[0].transcript : '';
  const last = history.items.slice(-6);
  return new ChatContext([chatMessage('summary', 'system', `The caller said: ${fact}`), ...last]);
};

/** States of all runners: plain data, as JSON. */
function sizes(states: ReadonlySet<Runner<object, unknown, unknown>>): number {
  return [...states].reduce((sum, { state }) => sum + JSON.stringify(state).length, 0);
}

test('48. two hundred turns: the fact of the first is there at the end, and nothing has grown but the history', async () => {
  const runners = new Set<Runner<object, unknown, unknown>>();
  const { input } = Runner.prototype;
  Runner.prototype.input = function (this: Runner<object, unknown, unknown>, next: unknown) {
    runners.add(this);
    input.call(this, next);
  };
  try {
    const clock = new FakeClock();
    const model = recordedModel(scriptedModel(script(0)));
    const session = new AgentSession({ llm: model, clock, ids: countedIds(), session: { chunkMs: 120 } });
    const transport = new MemoryTransport({ clock, openMic: true, frameMs: 120 });
    const errors: unknown[] = [];
    session.on('error', (error) => errors.push(error));
    const started = session.start({ agent: new Agent({ name: 'First', instructions: '' }), transport });
    await clock.advance(1);
    await started;
    const turn = async () => {
      void transport.say(voice(240));
      await clock.advance(1_800);
    };
    for (let n = 0; n < 20; n++) await turn();
    const early = { size: sizes(runners), timers: clock.pending, listeners: session.listenerCount };
    for (let n = 20; n < 150; n++) await turn();
    // Told anew, the model knows what matters and no more.
    const next = recordedModel(scriptedModel(script(150)));
    const agent = new Agent({ name: 'Second', instructions: '', llm: next });
    const updated = session.updateAgent(agent, { carry: compact });
    await clock.advance(100);
    await updated;
    const open = next.links[0]?.[0];
    const seeds = open?.dir === 'command' && open.command.t === 'open' ? open.command.history : [];
    expect([seeds.length, seeds[0]]).toMatchObject([
      7,
      { role: 'system', parts: [{ text: 'The caller said: my name is Ada' }] },
    ]);
    runners.clear();
    for (let n = 150; n < turns; n++) await turn();
    const late = { size: sizes(runners), timers: clock.pending, listeners: session.listenerCount };
    expect(late.size).toBeLessThan(early.size * 1.1);
    expect([late.timers, late.listeners]).toEqual([early.timers, early.listeners]);
    const all = told(session);
    expect(all.length).toBe(turns * 2 + 1);
    expect([all[0], all[1], all.at(-2), all.at(-1)]).toEqual([
      'user: my name is Ada',
      'assistant: Yes 0.',
      `user: turn ${turns - 1}`,
      `assistant: Yes ${turns - 1}.`,
    ]);
    expect(session.realtime.remoteItems[0]).toMatchObject({
      parts: [{ text: 'The caller said: my name is Ada' }],
    });
    expect(errors).toEqual([]);
    const closed = session.close();
    await clock.advance(1);
    await closed;
    expect(clock.pending).toBe(0);
  } finally {
    Runner.prototype.input = input;
  }
});
