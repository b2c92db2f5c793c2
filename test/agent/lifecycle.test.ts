import { describe, expect, test } from 'vitest';
import {
  Agent,
  type AgentEvents,
  AgentSession,
  type AgentSessionOptions,
  tool,
} from '../../src/agent/index.js';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import { countedIds } from '../../src/core/index.js';
import type { Dialler } from '../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';
import { fullCapabilities } from '../realtime/full-capabilities.js';

const voice = (ms: number) => new Int16Array(ms * 24).map((_, i) => 8_000 * Math.sin(i / 20));

function parts(script: Script, options: Partial<AgentSessionOptions> = {}) {
  const clock = new FakeClock();
  const model = recordedModel(scriptedModel(script));
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), ...options });
  const transport = new MemoryTransport({ clock, openMic: true });
  const hear = <K extends keyof AgentEvents>(name: K): AgentEvents[K][] => {
    const list: AgentEvents[K][] = [];
    session.on(name, (event) => list.push(event));
    return list;
  };
  return { clock, model, session, transport, hear };
}

/** The model is there after `ms`. */
function slowly(model: Dialler, clock: FakeClock, ms: number): Dialler {
  return {
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    async dial(context) {
      await new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve));
      return model.dial(context);
    },
  };
}

const brief = { instructions: 'Be brief.' };

describe('how a call begins', () => {
  test('what the caller says while the model is being dialled is heard', async () => {
    const script = { turns: [{ hears: 'when do you open', says: 'At nine.' }] };
    const clock = new FakeClock();
    const llm = slowly(scriptedModel(script), clock, 2_000);
    const session = new AgentSession({ llm, clock, ids: countedIds() });
    const transport = new MemoryTransport({ clock, openMic: true });
    const started = session.start({ agent: new Agent(brief), transport });
    await clock.advance(1);
    void transport.say(voice(600));
    await clock.advance(2_000);
    await started;
    expect(session.agentState).not.toBe('initializing');
    await clock.advance(3_000);
    expect(session.history.items).toMatchObject([
      { role: 'user', parts: [{ transcript: 'when do you open' }] },
      { role: 'assistant', heard: 'heard' },
    ]);
    await session.close();
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  });

  test('an agent that is busy elsewhere leaves the session as new', async () => {
    const { session, transport, clock } = parts({ turns: [] });
    const agent = new Agent(brief);
    agent.attach(new AgentSession({ llm: scriptedModel({ turns: [] }), clock }));
    await expect(session.start({ agent, transport })).rejects.toMatchObject({ code: 'already_started' });
    const started = session.start({ agent: new Agent(brief), transport });
    await clock.advance(1);
    await started;
    await session.close();
  });

  test('an agent that throws when it enters ends the call, once', async () => {
    const { session, transport, clock, hear } = parts({ turns: [] });
    const closes = hear('close');
    const onEnter = () => Promise.reject(new Error('No desk.'));
    const started = session.start({ agent: new Agent({ ...brief, onEnter }), transport });
    const failed = expect(started).rejects.toThrow('No desk.');
    await clock.advance(1);
    await failed;
    expect(closes).toMatchObject([{ reason: 'could not start', error: { code: 'listener_threw' } }]);
    expect(clock.pending).toBe(0);
  });

  test('a model that cannot be had ends the call, and lets the transport go', async () => {
    const { session, transport, clock, hear } = parts(
      { turns: [] },
      {
        llm: {
          provider: 'none',
          model: 'none',
          capabilities: { ...fullCapabilities, speech: 'none' },
          defaults: scriptedModel({ turns: [] }).defaults,
          dial: () => new Promise(() => {}),
        },
      },
    );
    const closes = hear('close');
    const agent = new Agent(brief);
    await expect(session.start({ agent, transport })).rejects.toMatchObject({ code: 'option_invalid' });
    expect(closes).toHaveLength(1);
    expect(() => agent.session).toThrow(/not in a session/);
    expect(clock.pending).toBe(0);
  });

  test('a model that never becomes ready ends the call in time', async () => {
    const clock = new FakeClock();
    const llm = slowly(scriptedModel({ turns: [] }), clock, 1_000_000);
    const session = new AgentSession({
      llm,
      clock,
      session: { openTimeoutMs: 4_000, connOptions: { maxRetries: 0 } },
    });
    session.on('error', () => {});
    const transport = new MemoryTransport({ clock });
    const failed = expect(session.start({ agent: new Agent(brief), transport })).rejects.toMatchObject({
      code: 'connect_timeout',
    });
    await clock.advance(4_001);
    await failed;
    expect(session.isClosed).toBe(true);
  });

  test('closed while it starts: start rejects, and nothing is left', async () => {
    const { session, transport, clock, hear } = parts({ turns: [] });
    const closes = hear('close');
    const failed = expect(session.start({ agent: new Agent(brief), transport })).rejects.toMatchObject({
      code: 'closed',
    });
    await session.close();
    await clock.advance(1);
    await failed;
    expect(closes).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('allowInterruptions: false is told to the model, or refused where it would not listen', () => {
    const dialler = scriptedModel({ turns: [] });
    const stubborn = { ...dialler, capabilities: { ...dialler.capabilities, autoCut: 'always' as const } };
    expect(() => new AgentSession({ llm: stubborn, allowInterruptions: false })).toThrow(
      /allowInterruptions/,
    );
    expect(() => new AgentSession({ llm: dialler, allowInterruptions: false })).not.toThrow();
  });

  test('not interruptible: the agent talks on while the caller speaks, and answers after it', async () => {
    const { session, transport, clock, model } = parts(
      { turns: [{ hears: 'stop', says: 'As you like.' }], greeting: 'one two three four five six seven' },
      { allowInterruptions: false },
    );
    const agent = new Agent({ ...brief, onEnter: ({ session }) => void session.generateReply() });
    const started = session.start({ agent, transport });
    await clock.advance(1);
    await started;
    void transport.say(voice(400));
    await clock.advance(6_000);
    expect(session.history.items).toMatchObject([{ heard: 'heard' }, { role: 'user' }, { heard: 'heard' }]);
    await session.close();
    await clock.advance(1);
    model.assertLegal();
  });
});

describe('how a call ends', () => {
  const talkative: Script = { turns: [], greeting: 'one two three four five six seven eight nine ten' };

  async function begun(options: ConstructorParameters<typeof Agent>[0], script: Script = talkative) {
    const all = parts(script);
    const started = all.session.start({ agent: new Agent(options), transport: all.transport });
    await all.clock.advance(1);
    await started;
    return all;
  }

  test('in the middle of a sentence: the history says how much of it was heard', async () => {
    const { session, clock, hear } = await begun(brief);
    const added = hear('conversation_item_added');
    const speech = session.generateReply();
    // Reported every 100 ms.
    await clock.advance(850);
    await session.close();
    expect(added).toMatchObject([
      { item: { heard: 'partly', heardText: 'one two three four', interrupted: true } },
    ]);
    expect([speech.done, speech.interrupted]).toEqual([true, true]);
    expect([session.agentState, session.userState]).toEqual(['listening', 'listening']);
  });

  test.each([
    ['never leaves', () => new Promise<void>(() => {}), 5_000],
    ['throws', () => Promise.reject(new Error('No key.')), 0],
  ])('an agent that %s does not keep the session', async (_, onExit, ms) => {
    const { session, clock, hear } = await begun({ ...brief, onExit });
    const [closes, errors] = [hear('close'), hear('error')];
    const closed = Promise.all([session.close(), session.close()]);
    await clock.advance(ms);
    await closed;
    expect(closes).toHaveLength(1);
    expect(errors.map(({ code }) => code)).toEqual(ms === 0 ? ['listener_threw'] : []);
    expect(clock.pending).toBe(0);
  });

  test('the history is final when the agent leaves', async () => {
    let heard: unknown;
    const { session, clock } = await begun({
      ...brief,
      onExit: ({ session }) => {
        heard = session.history.items.map((item) => item.kind === 'message' && item.heard);
      },
    });
    session.generateReply();
    await clock.advance(500);
    await session.close();
    expect(heard).toEqual(['partly']);
  });

  test('a tool that runs is aborted; what it throws then is nobody’s business', async () => {
    let aborted = false;
    const endless = tool({
      name: 'wait',
      description: 'Waits.',
      parameters: { type: 'object', properties: {} },
      execute: (_args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
    });
    const { session, transport, clock, hear } = await begun(
      { ...brief, tools: [endless] },
      { turns: [{ hears: 'wait', calls: [{ name: 'wait' }] }] },
    );
    const errors = hear('error');
    void transport.say(voice(600));
    await clock.advance(2_000);
    expect(session.agentState).toBe('thinking');
    await session.close();
    await clock.advance(1);
    expect([aborted, errors]).toEqual([true, []]);
  });

  test('by the model: the close event carries the error', async () => {
    const clock = new FakeClock();
    const inner = scriptedModel({ turns: [] });
    let lose = () => {};
    const llm: Dialler = {
      ...inner,
      async dial(context) {
        const link = await inner.dial(context);
        return {
          send: (command) => link.send(command),
          onEvent(listener) {
            link.onEvent(listener);
            lose = () =>
              listener({
                t: 'closing',
                code: 'session_expired',
                disposition: 'fatal',
                message: 'Time is up.',
              });
          },
        };
      },
    };
    const session = new AgentSession({ llm, clock });
    const [errors, closes]: [unknown[], unknown[]] = [[], []];
    session.on('error', (error) => errors.push(error));
    session.on('close', (event) => closes.push(event));
    const started = session.start({ agent: new Agent(brief), transport: new MemoryTransport({ clock }) });
    await clock.advance(1);
    await started;
    lose();
    await clock.advance(1);
    expect(errors).toMatchObject([{ code: 'session_expired' }]);
    expect(closes).toMatchObject([{ reason: 'Time is up.', error: { code: 'session_expired' } }]);
  });
});

describe('in between', () => {
  test('every reply has a handle: asked for, or the answer to a turn', async () => {
    const { session, transport, clock, hear } = parts({ turns: [{ hears: 'hello', says: 'Hello to you.' }] });
    const created = hear('speech_created');
    const started = session.start({ agent: new Agent(brief), transport });
    await clock.advance(1);
    await started;
    session.generateReply();
    await clock.advance(2_000);
    void transport.say(voice(600));
    await clock.advance(4_000);
    expect(created.map(({ source, speech }) => [source, speech.done, speech.interrupted])).toEqual([
      ['generate_reply', true, false],
      ['turn', true, false],
    ]);
    await session.close();
  });

  test('a handle stops its own reply and no other', async () => {
    const { session, transport, clock } = parts({ turns: [], greeting: 'one two three', otherwise: 'more' });
    const started = session.start({ agent: new Agent(brief), transport });
    await clock.advance(1);
    await started;
    const [first, second, third] = [0, 1, 2].map(() => session.generateReply());
    second?.interrupt();
    await clock.advance(5_000);
    expect([first, second, third].map((speech) => speech?.interrupted)).toEqual([false, true, false]);
    expect(session.history.items).toHaveLength(2);
    await session.close();
  });

  test('a failed transcription is final too; without transcription the audio alone is', async () => {
    for (const transcription of [{}, null]) {
      const script: Script = {
        turns: [{ hears: 'mumble', says: 'Pardon?', faults: { transcription: 'failed' } }],
      };
      const { session, transport, clock, hear } = parts(script, { session: { config: { transcription } } });
      const added = hear('conversation_item_added');
      session.on('error', () => {});
      const started = session.start({ agent: new Agent(brief), transport });
      await clock.advance(1);
      await started;
      void transport.say(voice(600));
      await clock.advance(2_000);
      expect(added).toMatchObject([{ item: { role: 'user', parts: [{ transcript: null }] } }]);
      await session.close();
    }
  });

  test('frames of the wire are told to those who listened from the start', async () => {
    const clock = new FakeClock();
    const inner = scriptedModel({ turns: [] });
    const llm: Dialler = {
      ...inner,
      async dial(context) {
        context.tap?.('out', '{"type":"hello"}');
        context.tap?.('in', 'no JSON');
        return inner.dial(context);
      },
    };
    const session = new AgentSession({ llm, clock });
    const frames: unknown[] = [];
    session.on('realtime_event', ({ direction, frame, event }) => frames.push([direction, frame, event]));
    const started = session.start({ agent: new Agent(brief), transport: new MemoryTransport({ clock }) });
    await clock.advance(1);
    await started;
    expect(frames).toEqual([
      ['out', '{"type":"hello"}', { type: 'hello' }],
      ['in', 'no JSON', undefined],
    ]);
    await session.close();
  });

  test('two tools of one name are refused at once', () => {
    const one = tool({ name: 'book', description: '', parameters: {}, execute: () => '' });
    expect(() => new Agent({ ...brief, tools: [one, one] })).toThrow(/book/);
  });
});
