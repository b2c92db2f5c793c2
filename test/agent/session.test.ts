import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, AgentSession, tool } from '../../src/agent/index.js';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import { countedIds } from '../../src/core/index.js';
import { FakeClock, recordedModel } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';

/** A voice, as far as the script's ears can tell: `ms` of a loud tone. */
function voice(ms: number): Int16Array {
  const pcm = new Int16Array((ms * 24_000) / 1000);
  for (let i = 0; i < pcm.length; i++) pcm[i] = 8_000 * Math.sin((2 * Math.PI * 220 * i) / 24_000);
  return pcm;
}

async function call(script: Script, agentOptions: Partial<ConstructorParameters<typeof Agent>[0]> = {}) {
  const clock = new FakeClock();
  const model = recordedModel(scriptedModel(script));
  const session = new AgentSession({ llm: model, clock, ids: countedIds() });
  const transport = new MemoryTransport({ clock, openMic: true });
  const events: [string, unknown][] = [];
  for (const name of [
    'agent_state_changed',
    'user_state_changed',
    'user_input_transcribed',
    'conversation_item_added',
    'function_tools_executed',
    'speech_interrupted',
    'metrics_collected',
    'error',
    'close',
  ] as const) {
    session.on(name, (event) => events.push([name, event]));
  }
  const agent = new Agent({ instructions: 'Be brief.', ...agentOptions });
  const started = session.start({ agent, transport });
  await clock.advance(1);
  await started;
  const close = async () => {
    await session.close();
    await clock.advance(1);
    model.assertLegal();
    expect(clock.pending).toBe(0);
  };
  return { clock, session, transport, agent, events, close };
}

const named = (events: [string, unknown][], name: string) =>
  events.filter(([other]) => other === name).map(([, event]) => event as Record<string, unknown>);

describe('a call', () => {
  test('a turn: heard, answered, played, in the history', async () => {
    const { clock, session, transport, events, close } = await call({
      turns: [{ hears: 'when do you open', says: 'We open at nine.' }],
    });
    void transport.say(voice(600));
    await clock.advance(600 + 500 + 200);
    expect(session.agentState).toBe('speaking');
    await clock.advance(3_000);
    expect(session.agentState).toBe('listening');
    expect(named(events, 'error')).toEqual([]);
    expect(named(events, 'user_input_transcribed').at(-1)).toMatchObject({
      transcript: 'when do you open',
      isFinal: true,
    });
    expect(session.history.items).toMatchObject([
      { kind: 'message', role: 'user', parts: [{ kind: 'audio', transcript: 'when do you open' }] },
      {
        kind: 'message',
        role: 'assistant',
        heard: 'heard',
        interrupted: false,
        parts: [{ transcript: 'We open at nine.' }],
      },
    ]);
    // Four words of 200 ms each.
    expect(transport.heard().length).toBe(0.8 * 24_000);
    const [turn] = named(events, 'metrics_collected').filter((metrics) => metrics.type === 'turn');
    expect(turn?.voiceToVoiceMs).toBeGreaterThanOrEqual(500);
    expect(turn?.voiceToVoiceMs).toBeLessThan(700);
    await close();
    expect(named(events, 'close')).toHaveLength(1);
  });

  test('barge-in: silent, cut where the far end was, and the history tells what was heard', async () => {
    const { clock, session, transport, events, close } = await call({
      turns: [
        { hears: 'when do you open', says: 'We open at nine and close at five on every day of the week.' },
        { hears: 'and on saturday', says: 'Saturday is closed.' },
      ],
    });
    void transport.say(voice(600));
    await clock.advance(600 + 500 + 100);
    const cuts: unknown[] = [];
    session.realtime.on('remote_item_truncated', (event) => cuts.push(event));
    await clock.advance(700);
    const before = transport.heard().length;
    void transport.say(voice(400));
    await clock.advance(300);
    const played = transport.heard().length;
    expect(session.userState).toBe('speaking');
    expect(session.agentState).toBe('listening');
    expect(named(events, 'speech_interrupted')).toMatchObject([{ by: 'user' }]);
    await clock.advance(100);
    expect(transport.heard().length).toBe(played);
    expect(played).toBeGreaterThan(before);
    expect(cuts).toHaveLength(1);
    const cut = cuts[0] as { heardMs: number };
    expect(Math.abs(cut.heardMs - (played * 1000) / 24_000)).toBeLessThan(1);
    await clock.advance(4_000);
    const [, answer, , second] = session.history.items;
    expect(answer).toMatchObject({ interrupted: true, heard: 'partly' });
    const heardText = answer?.kind === 'message' ? answer.heardText : '';
    expect('We open at nine and close at five on every day of the week.').toContain(heardText);
    expect(heardText).toMatch(/^We open/);
    expect(second).toMatchObject({ heard: 'heard', parts: [{ transcript: 'Saturday is closed.' }] });
    await close();
  });

  test('a tool: its arguments checked, its result spoken of, both in the history', async () => {
    const asked: unknown[] = [];
    const hours = tool({
      name: 'hours',
      description: 'Opening hours of a day',
      parameters: z.object({ day: z.string() }),
      execute: ({ day }) => {
        asked.push(day);
        return { from: 'nine' };
      },
    });
    const { clock, session, transport, events, close } = await call(
      {
        turns: [
          {
            hears: 'hours on monday',
            says: 'Let me see.',
            calls: [{ name: 'hours', args: { day: 'monday' } }],
            thenSays: 'From {result.from}.',
          },
        ],
      },
      { tools: [hours] },
    );
    void transport.say(voice(600));
    await clock.advance(6_000);
    expect(asked).toEqual(['monday']);
    expect(named(events, 'error')).toEqual([]);
    expect(session.history.items.map((item) => item.kind)).toEqual([
      'message',
      'message',
      'function_call',
      'function_output',
      'message',
    ]);
    expect(session.history.items.at(-1)).toMatchObject({
      parts: [{ transcript: 'From nine.' }],
      heard: 'heard',
    });
    expect(named(events, 'function_tools_executed')).toMatchObject([
      { calls: [{ name: 'hours', isError: false }] },
    ]);
    await close();
  });

  test.each([
    ['arguments that do not fit', { day: 7 }, 'tool_arguments_invalid'],
    ['a tool that throws', { day: 'never' }, 'tool_failed'],
  ])('%s: the model gets an error result, the application an event', async (_, args, code) => {
    const hours = tool({
      name: 'hours',
      description: 'Opening hours of a day',
      parameters: z.object({ day: z.string() }),
      execute: () => {
        throw new Error('the book is closed');
      },
    });
    const { clock, transport, events, session, close } = await call(
      { turns: [{ hears: 'hours', calls: [{ name: 'hours', args }], thenSays: 'Sorry.' }] },
      { tools: [hours] },
    );
    void transport.say(voice(600));
    await clock.advance(5_000);
    expect(named(events, 'error')).toMatchObject([{ code }]);
    expect(session.history.items.at(-1)).toMatchObject({ parts: [{ transcript: 'Sorry.' }] });
    await close();
  });

  test('the agent greets when it enters; its handle ends when the last sample was heard', async () => {
    const { clock, session, transport, close } = await call(
      { turns: [], greeting: 'Good morning, how can I help?' },
      { onEnter: (agent) => void agent.session.generateReply() },
    );
    await clock.advance(3_000);
    expect(transport.heard().length).toBe((6 * 200 * 24_000) / 1000);
    const speech = session.generateReply({ userInput: 'who are you' });
    let done = false;
    void speech.waitForPlayout().then(() => {
      done = true;
    });
    await clock.advance(5_000);
    expect(done).toBe(true);
    expect(session.history.items[1]).toMatchObject({
      role: 'user',
      parts: [{ kind: 'text', text: 'who are you' }],
    });
    await close();
  });

  test('the caller leaves: the session closes, once, and nothing stays behind', async () => {
    const { clock, session, transport, events } = await call({
      turns: [{ hears: 'hello', says: 'Hello to you.' }],
    });
    void transport.say(voice(600));
    await clock.advance(1_300);
    await transport.close();
    await clock.advance(1);
    expect(session.isClosed).toBe(true);
    expect(named(events, 'close')).toHaveLength(1);
    expect(clock.pending).toBe(0);
    expect(() => session.interrupt()).toThrow(/closed/);
  });
});
