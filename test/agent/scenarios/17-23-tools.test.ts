import { describe, expect, test } from 'vitest';
import { ToolError, tool } from '../../../src/index.js';
import { hissing, speechLike } from '../policy/sounds.js';
import { handTool, looks } from '../tools/hand-tool.js';
import { scene, type Via } from '../tools/scene.js';

const parameters = { type: 'object', properties: {} };
const wires: Via[] = ['pipeline', 'openai', 'gemini'];
/** On this wire the service takes a call back when the user speaks; then nobody owes it an answer. */
const isWithdrawn = (via: Via) => via === 'gemini';

describe.each(wires)('over %s', (via) => {
  test('17. an interruption in the sentence before a tool call: whatever call was made has one outcome', async () => {
    const look = handTool({ late: 'keep' });
    const one = await scene({
      via,
      hears: ['the hours', 'stop'],
      tools: [look.tool],
      thinks: looks('Well then let me have a long look at that for you now, please be patient with me.'),
    });
    one.speak();
    await one.clock.advance(600 + 500 + 900);
    expect(one.session.agentState).toBe('speaking');
    one.speak();
    await one.clock.advance(4_000);
    for (const call of look.calls) call.end('nine');
    await one.clock.advance(4_000);
    expect(one.said().at(-1)).toBe('All right.');
    expect(one.answers().length).toBe(isWithdrawn(via) ? 0 : look.calls.length);
    expect(one.of('speech_interrupted')).toHaveLength(1);
    expect(one.of('error')).toEqual([]);
    await one.close();
  });

  test('18. an interruption while the tool runs -> continue: its result is told, and spoken of once', async () => {
    const look = handTool();
    const one = await scene({ via, hears: ['the hours', 'stop'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_500);
    expect(look.calls).toHaveLength(1);
    one.speak(300);
    await one.clock.advance(4_000);
    expect(look.calls[0]?.context.signal.aborted).toBe(isWithdrawn(via));
    look.calls[0]?.end('nine');
    await one.clock.advance(5_000);
    if (isWithdrawn(via)) {
      expect(one.of('tool_ended')).toMatchObject([{ outcome: 'withdrawn' }]);
      expect(one.said()).toEqual(['All right.']);
    } else {
      expect(one.answers()).toMatchObject([{ output: 'nine', isError: false }]);
      expect(one.of('tool_ended')).toMatchObject([{ outcome: 'completed', output: 'nine' }]);
      expect(one.said()).toEqual(['All right.', 'nine for stop.']);
    }
    expect(one.of('error')).toEqual([]);
    expect(one.session.agentState).toBe('listening');
    await one.close();
  });

  test('18. an interruption while the tool runs -> cancel: aborted, the model told, the user answered', async () => {
    const look = handTool({ onInterrupt: 'cancel' });
    const one = await scene({ via, hears: ['the hours', 'stop'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_500);
    one.speak(300);
    await one.clock.advance(4_000);
    expect(look.calls[0]?.context.signal.aborted).toBe(true);
    look.calls[0]?.end('nine');
    await one.clock.advance(3_000);
    const told = [{ isError: true, output: expect.stringContaining('interrupted') }];
    expect(one.answers()).toMatchObject(isWithdrawn(via) ? [] : told);
    expect(one.of('tool_ended')).toMatchObject([{ outcome: isWithdrawn(via) ? 'withdrawn' : 'cancelled' }]);
    expect(one.said().length).toBe(1);
    expect(one.of('error')).toEqual([]);
    await one.close();
  });

  test('18. an interruption while the tool runs -> detach: it goes on, and its result follows as text', async () => {
    const look = handTool({ onInterrupt: 'detach' });
    const one = await scene({ via, hears: ['the hours', 'stop'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_500);
    one.speak(300);
    await one.clock.advance(4_000);
    look.calls[0]?.end('nine');
    await one.clock.advance(4_000);
    if (!isWithdrawn(via)) {
      expect(one.answers()).toMatchObject([{ output: expect.stringContaining('still at work') }]);
      expect(one.said().at(-1)).toBe('News about stop.');
      expect(
        one.session.history.items.some((item) => item.kind === 'message' && item.role === 'system'),
      ).toBe(true);
    }
    expect(one.of('error')).toEqual([]);
    await one.close();
  });

  test('19. a slow tool, 8 s: a filler within 1.5 s, no silence longer than 6 s, then the result', async () => {
    const look = handTool({ filler: { text: ['One moment.', 'Still looking.'], everyMs: 3_000, times: 2 } });
    const one = await scene({ via, hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_200);
    const began = one.clock.now();
    const silences: number[] = [];
    let since = began;
    for (let ms = 0; ms < 8_000; ms += 100) {
      await one.clock.advance(100);
      if (one.session.agentState !== 'speaking') continue;
      silences.push(one.clock.now() - since);
      since = one.clock.now();
    }
    look.calls[0]?.end('nine');
    await one.clock.advance(4_000);
    // No voice but its own, and that waits for the tool: nothing can be said.
    if (via === 'gemini') expect(one.said()).toEqual(['nine for the hours.']);
    else {
      expect(silences[0]).toBeLessThan(1_500);
      expect(Math.max(...silences)).toBeLessThan(6_000);
      expect(one.said()).toEqual(['One moment.', 'Still looking.', 'nine for the hours.']);
    }
    expect(one.of('error')).toEqual([]);
    await one.close();
  });

  test.each([
    ['a tool that throws', () => Promise.reject(new Error('password: hunter2')), /failed/, 'tool_failed'],
    [
      'a tool that says why',
      () => Promise.reject(new ToolError('tool_failed', 'No such day.')),
      /No such day/,
      'tool_failed',
    ],
    ['a tool that hangs', () => new Promise(() => {}), /no result within 2 s/, 'tool_timeout'],
  ])('20. %s: the model can speak of it, the application hears of it', async (_, execute, words, code) => {
    const look = tool({ name: 'look', description: 'look', parameters, timeoutMs: 2_000, execute });
    const one = await scene({
      via,
      hears: ['the hours'],
      tools: [look],
      thinks: ({ results }) =>
        results.length > 0 ? { says: 'I am sorry, that did not work.' } : { calls: [{ name: 'look' }] },
    });
    one.speak();
    await one.clock.advance(8_000);
    expect(one.answers()).toMatchObject([{ isError: true, output: expect.stringMatching(words) }]);
    expect(JSON.stringify(one.answers())).not.toContain('hunter2');
    expect(one.of('error')).toMatchObject([{ code }]);
    expect(one.said()).toEqual(['I am sorry, that did not work.']);
    expect(one.session.agentState).toBe('listening');
    await one.close();
  });

  test('21. three parallel tools: at the same time, one answer', async () => {
    const tools = ['red', 'green', 'blue'].map((name) => handTool({}, name));
    const one = await scene({
      via,
      hears: ['the colours'],
      tools: tools.map((hand) => hand.tool),
      thinks: ({ results }) =>
        results.length > 0
          ? { says: `${results.join(' ')}.` }
          : { calls: [{ name: 'red' }, { name: 'green' }, { name: 'blue' }] },
    });
    one.speak();
    await one.clock.advance(1_500);
    expect(tools.map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    for (const index of [2, 0, 1]) {
      expect(one.answers()).toEqual([]);
      tools[index]?.calls[0]?.end(`${index}`);
      await one.clock.advance(700);
    }
    await one.clock.advance(3_000);
    expect(one.answers().map(({ output, more }) => [output, more])).toEqual([
      ['0', true],
      ['1', true],
      ['2', false],
    ]);
    expect(one.said()).toEqual(['0 1 2.']);
    expect(one.of('function_tools_executed')).toHaveLength(1);
    expect(one.of('error')).toEqual([]);
    await one.close();
  });
});

describe('18. with a policy that decides what is an interruption', () => {
  test.each([
    ['a turn cancels the tool that shall be cancelled', speechLike(600), true],
    ['a noise does not', hissing(600), false],
  ])('%s', async (_, sound, cancelled) => {
    const look = handTool({ onInterrupt: 'cancel' });
    const one = await scene({
      hears: ['the hours', 'stop'],
      tools: [look.tool],
      thinks: looks(),
      session: { interruption: {} },
    });
    void one.transport.say(speechLike(600));
    await one.clock.advance(4_000);
    expect(look.calls).toHaveLength(1);
    void one.transport.say(sound);
    await one.clock.advance(5_000);
    expect(look.calls[0]?.context.signal.aborted).toBe(cancelled);
    look.calls[0]?.end('nine');
    await one.clock.advance(4_000);
    expect(one.said()).toEqual([expect.stringMatching(cancelled ? /for stop/ : /^nine for the hours/)]);
    expect(one.of('error')).toEqual([]);
    await one.close();
  });
});

describe('22. a result that comes while another question is being answered', () => {
  const long = 'That is a long story and it takes me quite a while to tell you all of it.';

  test.each([
    ['speak', 'nine', [long, 'nine for a story.']],
    ['keep', 'nine', [long]],
    ['drop', 'not needed any more', [long]],
  ] as const)('%s: no double talk', async (late, output, said) => {
    const look = handTool({ late });
    const one = await scene({
      hears: ['the hours', 'a story'],
      tools: [look.tool],
      thinks: ({ user, results }) => {
        if (results.length > 0) return { says: `${results.join()} for ${user}.` };
        return user === 'a story' ? { says: long } : { calls: [{ name: 'look' }] };
      },
    });
    one.speak();
    await one.clock.advance(1_500);
    one.speak(300);
    await one.clock.advance(2_500);
    expect(one.session.agentState).toBe('speaking');
    look.calls[0]?.end('nine');
    await one.clock.advance(9_000);
    expect(one.answers()).toMatchObject([{ output: expect.stringContaining(output), then: 'wait' }]);
    expect(one.said()).toEqual(said);
    expect(one.of('speech_interrupted')).toEqual([]);
    await one.close();
  });
});

describe('23. the model goes silent after the result', () => {
  test.each(['pipeline', 'openai'] as const)(
    'over %s: the watchdog tells, and the next turn is answered',
    async (via) => {
      const look = handTool();
      const one = await scene({
        via,
        hears: ['the hours', 'stop'],
        tools: [look.tool],
        thinks: (thought) =>
          thought.results.length > 0 && thought.user !== 'stop'
            ? { says: 'Late.', afterMs: 600_000 }
            : looks()(thought),
        session: { session: { replyTimeoutMs: 4_000 } },
      });
      one.speak();
      await one.clock.advance(1_500);
      look.calls[0]?.end('nine');
      await one.clock.advance(60_000);
      expect(one.of('error')).not.toEqual([]);
      expect(one.session.agentState).toBe('listening');
      one.speak();
      await one.clock.advance(4_000);
      expect(one.said().at(-1)).toBe('All right.');
      await one.close();
    },
  );
});

describe('46. the caller hangs up while a tool runs', () => {
  test.each([
    ['an ordinary one', {}],
    ['one that is answered already', { longRunning: true }],
    ['one with a filler and a deadline', { filler: 'Wait.', timeoutMs: 5_000 }],
  ])('%s: aborted, told once, nothing left', async (_, policy) => {
    const look = handTool(policy);
    const one = await scene({ hears: ['the hours'], tools: [look.tool], thinks: looks() });
    one.speak();
    await one.clock.advance(1_500);
    one.transport.hangUp();
    await one.clock.advance(1);
    expect(one.session.isClosed).toBe(true);
    expect(look.calls[0]?.context.signal.aborted).toBe(true);
    expect(one.of('tool_ended')).toMatchObject([{ outcome: 'closed' }]);
    const { length } = one.events;
    look.calls[0]?.end('nine');
    expect(look.calls[0]?.context.say('Hello?')).toBeUndefined();
    look.calls[0]?.context.update('half');
    await one.clock.advance(10_000);
    expect(one.events.length).toBe(length);
    await one.close();
  });
});
