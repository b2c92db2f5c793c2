import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, StopReply, tool } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { handTool, looks } from './hand-tool.js';
import { scene } from './scene.js';

const parameters = { type: 'object', properties: {} };

describe('approval', () => {
  const start = async (needsApproval: boolean | (() => boolean) = true) => {
    const look = handTool({ needsApproval, approvalTimeoutMs: 2_000 });
    const one = await scene({ hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_500);
    return { look, one, asked: one.of('tool_approval_requested') };
  };

  test('yes: it runs', async () => {
    const { look, one, asked } = await start();
    expect(asked).toMatchObject([{ name: 'look', args: '{}', withinMs: 2_000 }]);
    expect(look.calls).toHaveLength(0);
    one.session.approveTool(asked[0]!.callId, true);
    await one.clock.advance(1);
    look.calls[0]?.end('nine');
    await one.clock.advance(3_000);
    expect(one.said()).toEqual(['nine for the hours.']);
    expect(() => one.session.approveTool(asked[0]!.callId, true)).toThrow(
      expect.objectContaining({ code: 'illegal_command' }),
    );
    await one.close();
  });

  test.each([
    ['no: the model is told the reason', 'too early', 'not approved: too early'],
    ['nobody says anything: refused at the deadline', undefined, 'Nobody approved'],
  ])('%s', async (_, reason, words) => {
    const { look, one, asked } = await start();
    if (reason !== undefined) one.session.approveTool(asked[0]!.callId, false, reason);
    await one.clock.advance(4_000);
    expect(look.calls).toHaveLength(0);
    expect(one.answers()).toMatchObject([{ isError: true, output: expect.stringContaining(words) }]);
    expect(one.of('tool_ended')).toMatchObject([{ outcome: 'refused' }]);
    await one.close();
  });

  test('asked of the arguments: not needed', async () => {
    const { look, one, asked } = await start(() => false);
    expect(asked).toEqual([]);
    look.calls[0]?.end('nine');
    await one.clock.advance(3_000);
    await one.close();
  });

  test('a question that throws is a failure', async () => {
    const { look, one } = await start(() => {
      throw new Error('who knows');
    });
    await one.clock.advance(3_000);
    expect(look.calls).toHaveLength(0);
    expect(one.of('error')).toMatchObject([{ code: 'tool_failed' }]);
    await one.close();
  });
});

describe('what a tool can do', () => {
  test.each([
    ['return', () => new StopReply('noted')],
    ['throw', () => Promise.reject(new StopReply('noted'))],
  ])('%s StopReply: the model is told, nobody speaks', async (_, execute) => {
    const look = tool({ name: 'look', description: '', parameters, execute });
    const one = await scene({ hears: ['the hours'], tools: [look], thinks: looks() });
    one.speak();
    await one.clock.advance(4_000);
    expect(one.answers()).toMatchObject([{ output: 'noted', isError: false, then: 'wait' }]);
    expect([one.said(), one.of('error'), one.session.agentState]).toEqual([[], [], 'listening']);
    await one.close();
  });

  test('say: while it runs; it waits for nobody', async () => {
    const look = handTool();
    const one = await scene({ hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_200);
    const { context, end } = look.calls[0]!;
    const speech = context.say('I am looking.');
    await one.clock.advance(2_000);
    expect(speech?.done).toBe(true);
    end('nine');
    await one.clock.advance(2_000);
    expect(one.said()).toEqual(['I am looking.', 'nine for the hours.']);
    expect(context.say('Too late.')).toBeUndefined();
    await one.close();
  });

  test.each(['pipeline', 'openai', 'gemini'] as const)(
    'update, over %s: the model goes on with that, and the result follows as text',
    async (via) => {
      const look = handTool();
      const one = await scene({ via, hears: ['the hours'], tools: [look.tool], thinks: looks() });
      one.speak();
      await one.clock.advance(1_500);
      look.calls[0]?.context.update('half of it');
      await one.clock.advance(9_000);
      expect(one.of('tool_updated')).toMatchObject([{ name: 'look', message: 'half of it' }]);
      expect(one.said()).toHaveLength(1);
      expect(one.said()[0]).toMatch(/^half of it/);
      look.calls[0]?.end('nine');
      await one.clock.advance(5_000);
      const notes = one.session.history.items.filter(
        (item) => item.kind === 'message' && item.role === 'system',
      );
      expect(notes).toMatchObject([{ parts: [{ text: "Result of the tool 'look' ({}): nine" }] }]);
      expect(one.said()).toHaveLength(2);
      expect(one.of('error')).toEqual([]);
      await one.close();
    },
  );

  test('a long one: answered at once, in its own words, and spoken of when it is done', async () => {
    const look = handTool({ longRunning: 'It takes an hour.' });
    const one = await scene({ hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(4_000);
    expect(one.said()).toEqual(['It takes an hour. for the hours.']);
    await one.clock.advance(60_000);
    look.calls[0]?.end('nine');
    await one.clock.advance(3_000);
    expect(one.said().at(-1)).toBe('News about the hours.');
    expect(one.of('error')).toEqual([]);
    await one.close();
  });

  test('a filler of a function, until it says nothing; one that throws is told', async () => {
    const asked: unknown[] = [];
    const look = handTool({
      filler: {
        text: (said, call) => {
          asked.push([said, call.name]);
          if (said === 2) throw new Error('no more');
          return said === 0 ? 'Well.' : undefined;
        },
        everyMs: 1_000,
      },
    });
    const one = await scene({ hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(9_000);
    expect(asked).toEqual([
      [0, 'look'],
      [1, 'look'],
      [2, 'look'],
    ]);
    expect(one.said()).toEqual(['Well.']);
    expect(one.of('error')).toMatchObject([{ code: 'listener_threw' }]);
    await one.close();
  });
});

describe('toolChoice of one reply', () => {
  test.each([
    ['none: no tool is called', 'none', 0],
    ['auto: it may be', 'auto', 1],
  ] as const)('%s', async (_, toolChoice, calls) => {
    const look = handTool();
    const one = await scene({
      tools: [look.tool],
      thinks: ({ tools }) => (tools ? { calls: [{ name: 'look' }] } : { says: 'As it is.' }),
    });
    one.session.generateReply({ userInput: 'the hours', toolChoice });
    await one.clock.advance(2_000);
    expect(look.calls).toHaveLength(calls);
    await one.close();
  });
});

describe('bounds', () => {
  test.each(['pipeline', 'openai', 'gemini'] as const)(
    'rounds of tools, over %s: no more than there may be, and an answer all the same',
    async (via) => {
      const look = tool({ name: 'look', description: '', parameters, execute: () => 'more' });
      const one = await scene({
        via,
        hears: ['the hours'],
        tools: [look],
        session: { maxToolSteps: 3 },
        thinks: ({ results, tools }) =>
          !tools || results.at(-1)?.startsWith('No more tools')
            ? { says: 'That is what I know.' }
            : { calls: [{ name: 'look' }] },
      });
      one.speak();
      await one.clock.advance(6_000);
      expect(one.of('tool_started')).toHaveLength(3);
      expect(one.of('tool_steps_exceeded')).toMatchObject([{ steps: 3 }]);
      expect(one.said()).toEqual(['That is what I know.']);
      expect(one.of('error')).toEqual([]);
      await one.close();
    },
  );

  test('the same call twice in one breath, rejected: run once', async () => {
    const look = handTool({ onDuplicate: 'reject', duplicateBy: 'arguments' });
    const one = await scene({
      hears: ['the hours'],
      tools: [look.tool],
      thinks: ({ results }) =>
        results.length > 0
          ? { says: 'Nine.' }
          : {
              calls: [
                { name: 'look', args: { a: 1, b: 2 } },
                { name: 'look', args: { b: 2, a: 1 } },
                { name: 'look', args: { a: 2 } },
              ],
            },
    });
    one.speak();
    await one.clock.advance(1_500);
    expect(look.calls.map(({ args }) => args)).toEqual([{ a: 1, b: 2 }, { a: 2 }]);
    for (const call of look.calls) call.end('nine');
    await one.clock.advance(3_000);
    expect(one.answers().map(({ isError }) => isError)).toEqual([false, true, false]);
    await one.close();
  });

  test.each([
    ['timeoutMs', { timeoutMs: 0 }],
    ['approvalTimeoutMs', { approvalTimeoutMs: -1 }],
    ['onInterrupt', { onInterrupt: 'stop' }],
    ['late', { late: 'never' }],
    ['onDuplicate', { onDuplicate: 'confirm' }],
    ['duplicateBy', { duplicateBy: 'day' }],
    ['filler.text', { filler: { text: [] } }],
    ['filler.everyMs', { filler: { text: 'a', everyMs: 0 } }],
    ['filler.times', { filler: { text: 'a', times: 0.5 } }],
  ])('%s that is none is refused where it is given', (param, policy) => {
    const define = () =>
      tool({ ...(policy as object), name: 'a', description: '', parameters, execute: () => '' });
    expect(define).toThrow(expect.objectContaining({ code: 'option_invalid', param }));
  });

  test('of a session, too', () => {
    const llm = scriptedModel({ turns: [] });
    for (const [param, options] of [
      ['maxToolSteps', { maxToolSteps: 0 }],
      ['toolDefaults.late', { toolDefaults: { late: 'never' as 'keep' } }],
    ] as const) {
      expect(() => new AgentSession({ llm, ...options })).toThrow(expect.objectContaining({ param }));
    }
    expect(new Agent({ instructions: '' }).tools).toEqual([]);
  });
});
