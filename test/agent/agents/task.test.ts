import { describe, expect, test } from 'vitest';
import { Agent, AgentTask, tool } from '../../../src/agent/index.js';
import type { Script } from '../../../src/cascade/index.js';
import { stand, told } from './stand.js';

const none = { type: 'object', properties: {} };

/** Asks for an address; the script's second turn gives one. */
class CollectEmail extends AgentTask<string> {
  constructor(more: Partial<ConstructorParameters<typeof AgentTask>[0]> = {}) {
    super({
      instructions: 'Ask for the address.',
      tools: [
        tool({
          name: 'save',
          description: '',
          parameters: none,
          execute: () => {
            this.complete('ada@example.com');
            return 'saved';
          },
        }),
      ],
      onEnter: ({ session }) => void session.generateReply(),
      ...more,
    });
  }
}

const script: Script = {
  turns: [
    {
      hears: 'book me in',
      says: 'Sure.',
      calls: [{ name: 'book' }],
      thenSays: 'It is booked for {result.text}.',
    },
    {
      hears: 'it is ada at example dot com',
      calls: [{ name: 'save' }],
      thenSays: 'Booked for {result.text}.',
    },
    { hears: 'thanks', says: 'Bye.' },
  ],
  otherwise: 'And your address?',
};

const book = (run: (agent: Agent) => unknown) => {
  const agent: Agent = new Agent({
    name: 'Desk',
    instructions: 'desk',
    tools: [
      tool({ name: 'book', description: '', parameters: none, timeoutMs: 3_000, execute: () => run(agent) }),
    ],
  });
  return agent;
};

describe('an agent that runs until it has a result', () => {
  test('from a tool: it talks with the user, the tool goes on with its result, the agent before is back', async () => {
    const { session, start, say, end, errors, clock, first } = stand(script, {
      toolDefaults: { filler: { afterMs: 500, text: 'Hm.' } },
    });
    const order: string[] = [];
    session.on('agent_changed', ({ from, to }) => order.push(`${from.name} -> ${to.name}`));
    const desk = book(async (agent) => new CollectEmail({ name: 'Email' }).run(agent.session));
    await start(desk);
    await say(500, 6_000);
    expect([session.currentAgent?.name, session.agentState, session.realtime.instructions]).toEqual([
      'Email',
      'listening',
      'Ask for the address.',
    ]);
    // Longer than the tool may take, and than a filler waits: a task talks, and nobody waits for it.
    await clock.advance(5_000);
    await say(500, 6_000);
    expect([session.currentAgent, session.realtime.instructions]).toEqual([desk, 'desk']);
    await say();
    expect(told(session)).toEqual([
      'user: book me in',
      'assistant: Sure.',
      'Desk -> Email',
      'assistant: And your address?',
      'user: it is ada at example dot com',
      'call save',
      'result saved',
      'Email -> Desk',
      'call book',
      'result ada@example.com',
      'assistant: Booked for ada@example.com.',
      'user: thanks',
      'assistant: Bye.',
    ]);
    expect(order).toEqual(['Desk -> Email', 'Email -> Desk']);
    await end();
    expect([errors, clock.pending]).toEqual([[], 0]);
    first.assertLegal();
  });

  test('from onEnter, over an engine of its own: the engine before is back with the whole history', async () => {
    const { session, model, first, start, say, end, clock, errors } = stand({
      turns: [{ hears: 'thanks', says: 'Bye.' }],
    });
    const second = model({
      turns: [{ hears: 'ada at example dot com', calls: [{ name: 'save' }] }],
      greeting: 'Your address?',
    });
    const results: unknown[] = [];
    const desk = new Agent({
      name: 'Desk',
      instructions: '',
      onEnter: async ({ session: of }) => {
        results.push(await new CollectEmail({ name: 'Email', llm: second }).run(of));
      },
    });
    void start(desk);
    await clock.advance(3_000);
    expect(session.currentAgent?.name).toBe('Email');
    await say(500, 4_000);
    expect([results, session.currentAgent]).toEqual([['ada@example.com'], desk]);
    expect(first.links).toHaveLength(2);
    expect(first.links[1]?.[0]).toMatchObject({
      command: {
        t: 'open',
        history: [{ role: 'assistant' }, { role: 'user' }, { kind: 'call' }, { output: 'saved' }],
      },
    });
    await say();
    expect(told(session).at(-1)).toBe('assistant: Bye.');
    await end();
    expect([errors, clock.pending]).toEqual([[], 0]);
  });

  test.each<[string, (task: AgentTask<string>) => void, object]>([
    [
      'fail -> run rejects with the same',
      (task) => task.fail(new TypeError('No address.')),
      { message: 'No address.' },
    ],
    [
      'only the first outcome counts',
      (task) => [task.fail(new TypeError('Late.')), task.complete('x')],
      { message: 'Late.' },
    ],
  ])('%s', async (_, act, error) => {
    const { session, start, end, clock } = stand({ turns: [] });
    const desk = new Agent({ instructions: '' });
    await start(desk);
    const task = new AgentTask<string>({ instructions: '' });
    const failed = expect(task.run(session)).rejects.toMatchObject(error);
    await clock.advance(100);
    expect(session.currentAgent).toBe(task);
    act(task);
    await clock.advance(100);
    await failed;
    expect(session.currentAgent).toBe(desk);
    await expect(task.run(session)).rejects.toMatchObject({ code: 'already_started' });
    await end();
  });

  test('closed, or taken over for good: whoever waits is told', async () => {
    const { session, start, end, clock } = stand({ turns: [] });
    await start(new Agent({ instructions: '' }));
    const [outer, inner] = [
      new AgentTask<number>({ instructions: '' }),
      new AgentTask<number>({ instructions: '' }),
    ];
    const cancelled = expect(outer.run(session)).rejects.toMatchObject({ code: 'task_cancelled' });
    await clock.advance(100);
    const alsoCancelled = expect(inner.run(session)).rejects.toMatchObject({ code: 'task_cancelled' });
    await clock.advance(100);
    const updated = session.updateAgent(new Agent({ instructions: '' }));
    await clock.advance(100);
    await Promise.all([updated, cancelled, alsoCancelled]);
    expect(() => outer.session).toThrow(/not in a session/);
    const last = expect(new AgentTask<number>({ instructions: '' }).run(session)).rejects.toMatchObject({
      code: 'closed',
    });
    await clock.advance(100);
    await end();
    await last;
    expect(clock.pending).toBe(0);
  });

  test('an outer task that is done takes the inner one along', async () => {
    const { session, start, end, clock } = stand({ turns: [] });
    const desk = new Agent({ instructions: '' });
    await start(desk);
    const [outer, inner] = [
      new AgentTask<number>({ instructions: '' }),
      new AgentTask<number>({ instructions: '' }),
    ];
    const done = outer.run(session);
    await clock.advance(100);
    const cancelled = expect(inner.run(session)).rejects.toMatchObject({ code: 'task_cancelled' });
    await clock.advance(100);
    outer.complete(7);
    await clock.advance(100);
    expect([await done, session.currentAgent]).toEqual([7, desk]);
    await cancelled;
    await end();
  });

  test('nested no deeper than eight', async () => {
    const { session, start, end, clock } = stand({ turns: [] });
    await start(new Agent({ instructions: '' }));
    const outcomes: unknown[] = [];
    for (let depth = 0; depth < 9; depth++) {
      new AgentTask<number>({ instructions: '' }).run(session).catch((error) => outcomes.push(error.code));
      await clock.advance(50);
    }
    expect(outcomes).toEqual(['illegal_command']);
    await end();
    expect(outcomes).toEqual(['illegal_command', ...Array(8).fill('closed')]);
    expect(clock.pending).toBe(0);
  });
});
