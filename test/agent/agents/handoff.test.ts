import { describe, expect, test } from 'vitest';
import { Agent, handoff, tool } from '../../../src/agent/index.js';
import { energyVad, type Script } from '../../../src/cascade/index.js';
import { ConnectionError } from '../../../src/core/index.js';
import { other, stand, told, voice } from './stand.js';

const none = { type: 'object', properties: {} };
const toBilling = (to: () => unknown) =>
  tool({ name: 'to_billing', description: '', parameters: none, execute: to });

const front: Script = {
  turns: [
    {
      hears: 'my bill is wrong',
      says: 'One moment.',
      calls: [{ name: 'to_billing' }],
      thenSays: 'This is billing.',
    },
    { hears: 'thanks', says: 'You are welcome.' },
  ],
};

describe('over the same model', () => {
  test('a tool returns an agent -> its instructions and tools serve, the call is answered once, it speaks', async () => {
    const { session, first, start, say, end, errors, clock } = stand(front);
    const order: string[] = [];
    const note = (text: string) => () => void order.push(text);
    const billing = new Agent({
      name: 'Billing',
      instructions: 'You do bills.',
      voice: 'alto',
      onEnter: note('billing enters'),
      onExit: note('billing leaves'),
    });
    const desk = new Agent({
      name: 'Desk',
      instructions: 'You open doors.',
      tools: [toolTo(billing)],
      onEnter: note('desk enters'),
      onExit: note('desk leaves'),
    });
    session.on('agent_changed', ({ from, to }) => order.push(`${from.name} -> ${to.name}`));
    session.on('function_tools_executed', note('answered'));
    await start(desk);
    await say();
    await clock.advance(3_000);
    expect(session.currentAgent).toBe(billing);
    expect([session.realtime.instructions, session.realtime.tools]).toEqual(['You do bills.', []]);
    expect(order).toEqual(['desk enters', 'Desk -> Billing', 'answered', 'desk leaves', 'billing enters']);
    await say();
    expect(told(session)).toEqual([
      'user: my bill is wrong',
      'assistant: One moment.',
      'Desk -> Billing',
      'call to_billing',
      'result The conversation goes on with Billing.',
      'assistant: This is billing.',
      'user: thanks',
      'assistant: You are welcome.',
    ]);
    const answers = first.links
      .flat()
      .filter((entry) => entry.dir === 'command' && entry.command.t === 'answer');
    expect([answers.length, first.links.length]).toEqual([1, 1]);
    await end();
    expect([errors, clock.pending, order.at(-1)]).toEqual([[], 0, 'billing leaves']);
    first.assertLegal();
    expect(() => desk.session).toThrow(/not in a session/);
  });

  test('an agent that greets in onEnter is not asked a second time', async () => {
    const { session, first, start, say, end } = stand(front);
    const billing = new Agent({
      name: 'Billing',
      instructions: '',
      onEnter: ({ session: of }) => void of.generateReply({ instructions: 'Greet.' }),
    });
    await start(new Agent({ instructions: '', tools: [toolTo(billing)] }));
    await say(500, 5_000);
    const replies = first.links
      .flat()
      .filter((entry) => entry.dir === 'command' && entry.command.t === 'reply');
    expect([replies.length, told(session).at(-1)]).toEqual([1, 'assistant: This is billing.']);
    await end();
  });

  test('two tools hand over at once: the first one does, and the model learns so', async () => {
    const twice: Script = {
      turns: [{ hears: 'who is there', says: 'Wait.', calls: [{ name: 'one' }, { name: 'two' }] }],
    };
    const { session, start, say, end, errors } = stand(twice);
    const to = (name: string) =>
      tool({
        name,
        description: '',
        parameters: none,
        execute: () => new Agent({ name, instructions: name }),
      });
    await start(new Agent({ name: 'Desk', instructions: '', tools: [to('one'), to('two')] }));
    await say(500, 5_000);
    expect(session.currentAgent?.name).toBe('one');
    expect(told(session).slice(2, -1)).toEqual([
      'Desk -> one',
      'call one',
      'result The conversation goes on with one.',
      'call two',
      'result two cannot be reached now. Say so, and go on yourself.',
    ]);
    expect(errors).toMatchObject([{ code: 'illegal_command' }]);
    await end();
  });

  test('updateAgent: what the one before is saying is said to its end, or cut', async () => {
    for (const leave of ['finish', 'cut'] as const) {
      const script = { turns: [], greeting: 'One two three four five six seven eight nine ten.' };
      const { session, start, clock, end } = stand(script);
      const next = new Agent({ name: 'Next', instructions: 'next' });
      await start(
        new Agent({
          name: 'First',
          instructions: 'first',
          onEnter: ({ session: of }) => void of.generateReply(),
        }),
      );
      await clock.advance(500);
      expect(session.agentState).toBe('speaking');
      const updated = session.updateAgent(next, { leave });
      await clock.advance(100);
      expect(session.currentAgent === next).toBe(leave === 'cut');
      await clock.advance(3_000);
      await updated;
      expect(session.history.items).toMatchObject([
        { role: 'assistant', heard: leave === 'cut' ? 'partly' : 'heard' },
        { kind: 'handoff', from: 'First', to: 'Next' },
      ]);
      await end();
      expect(clock.pending).toBe(0);
    }
  });

  test('what is carried: a history without tools, or none', async () => {
    const { session, start, say, end, clock } = stand(front);
    const sales = new Agent({ name: 'Sales', instructions: 'sales' });
    await start(new Agent({ instructions: '', tools: [toBilling(() => 'booked')] }));
    await say(500, 4_000);
    expect(session.realtime.remoteItems.map(({ kind }) => kind)).toContain('result');
    const updated = session.updateAgent(sales, { carry: 'messages' });
    await clock.advance(100);
    await updated;
    expect(session.realtime.remoteItems.map(({ kind }) => kind)).toEqual(['message', 'message', 'message']);
    const last = session.updateAgent(new Agent({ instructions: '' }), { carry: 'none' });
    await clock.advance(100);
    await last;
    expect(session.realtime.remoteItems).toEqual([]);
    expect(told(session)).toHaveLength(7);
    await end();
  });
});

describe('over another engine', () => {
  const billingScript: Script = {
    turns: [{ hears: 'it is the third line', says: 'I see the third line.' }],
    otherwise: 'Billing here.',
  };

  test('the history goes along, the call too; input goes to one model at each moment', async () => {
    const { session, first, model, start, say, end, errors, clock } = stand(front);
    const second = model(billingScript);
    const billing = new Agent({ name: 'Billing', instructions: 'You do bills.', llm: second });
    await start(
      new Agent({ name: 'Desk', instructions: '', tools: [toolTo(billing, 'They want a refund.')] }),
    );
    await say(500, 6_000);
    expect(told(session)).toEqual([
      'user: my bill is wrong',
      'assistant: One moment.',
      'Desk -> Billing',
      'call to_billing',
      'result They want a refund.',
      'assistant: Billing here.',
    ]);
    const opening = second.links[0]?.find((entry) => entry.dir === 'command');
    expect(opening?.command).toMatchObject({
      t: 'open',
      config: { instructions: 'You do bills.' },
      history: [
        { role: 'user', parts: [{ text: 'my bill is wrong' }] },
        { role: 'assistant', parts: [{ text: 'One moment.' }] },
        { kind: 'call', name: 'to_billing' },
        { kind: 'result', output: 'They want a refund.' },
      ],
    });
    const sentTo = (links: typeof first.links) =>
      links.flat().filter((entry) => entry.dir === 'command' && entry.command.t === 'audio').length;
    const before = sentTo(first.links);
    await say();
    expect([sentTo(first.links) - before, told(session).at(-1)]).toEqual([
      0,
      'assistant: I see the third line.',
    ]);
    // The call was told by the history.
    const answers = [...first.links, ...second.links]
      .flat()
      .filter((e) => e.dir === 'command' && e.command.t === 'answer');
    expect(answers).toEqual([]);
    await end();
    expect([errors, clock.pending]).toEqual([[], 0]);
    second.assertLegal();
  });

  test('what the caller says while the next model connects is heard by it, once, and all of it', async () => {
    const { session, model, start, transport, end, clock, errors } = stand({
      turns: [{ hears: 'never heard', says: 'no' }],
    });
    const script: Script = { turns: [{ hears: 'it is the third line', says: 'I see it.' }] };
    const second = model(script);
    const slow = other(second, {
      async dial(context) {
        await new Promise<void>((resolve) => clock.at(clock.now() + 1_000, resolve));
        return second.dial(context);
      },
    });
    await start(new Agent({ name: 'Desk', instructions: '' }));
    await clock.advance(100);
    // Begins before the change, goes on while nobody listens, ends after.
    void transport.say(voice(1_500));
    await clock.advance(300);
    expect(session.userState).toBe('speaking');
    const updated = session.updateAgent(new Agent({ name: 'Billing', instructions: '', llm: slow }));
    await clock.advance(4_500);
    await updated;
    expect(told(session)).toEqual(['user: it is the third line', 'Desk -> Billing', 'assistant: I see it.']);
    const speech = second.links.flat().filter((entry) => entry.dir === 'event' && entry.event.t === 'speech');
    expect(speech).toHaveLength(2);
    await end();
    expect([errors, clock.pending]).toEqual([[], 0]);
  });

  test.each(['vad', 'manual'] as const)(
    '%s: a turn that this side ends goes on, and ends, over the next model',
    async (turnDetection) => {
      const options = { turnDetection, vad: energyVad() };
      const { session, model, start, transport, end, clock, errors } = stand({ turns: [] }, options);
      const second = model({ turns: [{ hears: 'and then', says: 'Two.' }] });
      await start(new Agent({ name: 'Desk', instructions: '' }));
      const isByHand = turnDetection === 'manual';
      if (isByHand) session.startUserTurn();
      void transport.say(voice(1_200));
      await clock.advance(600);
      const updated = session.updateAgent(new Agent({ name: 'Next', instructions: '', llm: second }));
      await clock.advance(700);
      const committed = isByHand ? session.commitUserTurn() : undefined;
      await clock.advance(3_000);
      await Promise.all([updated, committed]);
      expect(told(session)).toEqual(['user: and then', 'Desk -> Next', 'assistant: Two.']);
      await end();
      expect([errors, clock.pending]).toEqual([[], 0]);
    },
  );

  test('it cannot be had -> the agent before goes on, with what was said meanwhile, and the model is told', async () => {
    const script: Script = {
      turns: [
        {
          hears: 'my bill is wrong',
          says: 'One moment.',
          calls: [{ name: 'to_billing' }],
          thenSays: 'Nobody is there.',
        },
        { hears: 'then tomorrow', says: 'Tomorrow it is.' },
      ],
    };
    const { session, first, start, say, end, clock, errors } = stand(script, {
      session: { connOptions: { maxRetries: 0 } },
    });
    const dead = other(first, {
      dial: async () => {
        throw new ConnectionError('connect_failed', 'Nobody answers.');
      },
    });
    const desk = new Agent({
      name: 'Desk',
      instructions: 'desk',
      tools: [toolTo(new Agent({ name: 'Billing', instructions: '', llm: dead }))],
    });
    await start(desk);
    await say(500, 4_000);
    expect(errors).toMatchObject([{ code: 'handoff_failed', cause: { code: 'connect_failed' } }]);
    expect(session.currentAgent).toBe(desk);
    await say();
    expect(told(session)).toEqual([
      'user: my bill is wrong',
      'assistant: One moment.',
      'call to_billing',
      'result Billing cannot be reached now. Say so, and go on yourself.',
      'assistant: Nobody is there.',
      'user: then tomorrow',
      'assistant: Tomorrow it is.',
    ]);
    await expect(session.updateAgent(new Agent({ instructions: '', llm: dead }))).rejects.toMatchObject({
      code: 'handoff_failed',
    });
    await end();
    expect(clock.pending).toBe(0);
  });

  test('what is typed, and what tools find, while the next model connects is told to it', async () => {
    const { session, model, start, clock, end, errors, transport } = stand({
      turns: [{ hears: 'look it up', says: 'I look.', calls: [{ name: 'look' }] }],
    });
    const second = model({ turns: [], otherwise: 'Fine.' });
    const slow = other(second, {
      async dial(context) {
        await new Promise<void>((resolve) => clock.at(clock.now() + 2_000, resolve));
        return second.dial(context);
      },
    });
    const execute = () => new Promise((resolve) => clock.at(clock.now() + 3_000, () => resolve('found')));
    const look = tool({ name: 'look', description: '', parameters: none, execute });
    await start(new Agent({ name: 'Desk', instructions: '', tools: [look] }));
    void transport.say(voice(500));
    await clock.advance(3_300);
    const updated = session.updateAgent(new Agent({ name: 'Next', instructions: '', llm: slow }));
    await clock.advance(100);
    const speech = session.generateReply({ userInput: 'my number is 7' });
    await clock.advance(4_000);
    await updated;
    const told = session.realtime.remoteItems.map((item) =>
      item.kind === 'message' ? item.role : item.kind,
    );
    expect(told.slice(0, 2)).toEqual(['user', 'assistant']);
    expect(JSON.stringify(session.realtime.remoteItems)).toMatch(
      /my number is 7.*found|found.*my number is 7/,
    );
    expect(speech.done).toBe(true);
    await end();
    expect([errors, clock.pending]).toEqual([[], 0]);
  });

  test('a model that its options do not suit -> rejects at once, and the caller is heard as before', async () => {
    const { session, first, start, say, end } = stand({ turns: [{ hears: 'hello', says: 'Hello.' }] });
    const deaf = other(first, { capabilities: { ...first.capabilities, speech: 'none' } });
    await start(new Agent({ instructions: '' }));
    const updated = session.updateAgent(new Agent({ instructions: '', llm: deaf }));
    await expect(updated).rejects.toMatchObject({
      code: 'handoff_failed',
      cause: { code: 'option_invalid' },
    });
    await say();
    expect(told(session)).toEqual(['user: hello', 'assistant: Hello.']);
    await end();
  });

  test('a model that never opens -> it fails in time', async () => {
    const { session, first, start, end, clock } = stand({ turns: [] });
    const never = other(first, { dial: () => new Promise(() => {}) });
    await start(new Agent({ instructions: '' }));
    const updated = session.updateAgent(new Agent({ instructions: '', llm: never }), {
      connectWithinMs: 3_000,
    });
    const failed = expect(updated).rejects.toMatchObject({ code: 'handoff_failed' });
    await clock.advance(3_001);
    await failed;
    await end();
    expect(clock.pending).toBe(0);
  });

  test('another voice where the wire cannot change it: the same model, another connection', async () => {
    const { first, start, session, end, clock } = stand(front);
    const fixed = other(first, {
      capabilities: { ...first.capabilities, configure: { ...first.capabilities.configure, voice: 'never' } },
    });
    await start(new Agent({ instructions: 'a' }));
    expect(first.links).toHaveLength(1);
    const moved = session.updateAgent(new Agent({ instructions: 'b', llm: fixed, voice: 'bass' }));
    await clock.advance(100);
    await moved;
    const again = session.updateAgent(new Agent({ instructions: 'c', llm: fixed, voice: 'alto' }));
    await clock.advance(100);
    await again;
    expect(first.links).toHaveLength(3);
    const same = session.updateAgent(new Agent({ instructions: 'd', llm: fixed, voice: 'alto' }));
    await clock.advance(100);
    await same;
    expect([first.links.length, session.realtime.instructions]).toEqual([3, 'd']);
    await end();
    expect(clock.pending).toBe(0);
  });

  test('closed in the middle: updateAgent rejects, nothing is left', async () => {
    const { session, first, start, end, clock } = stand({ turns: [] });
    const never = other(first, { dial: () => new Promise(() => {}) });
    await start(new Agent({ instructions: '' }));
    const updated = session.updateAgent(new Agent({ instructions: '', llm: never }));
    const failed = expect(updated).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(10);
    await end();
    await failed;
    expect(clock.pending).toBe(0);
  });
});

function toolTo(agent: Agent, message?: string) {
  return toBilling(() => (message === undefined ? agent : handoff(agent, { message })));
}
