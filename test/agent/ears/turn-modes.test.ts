import { describe, expect, test } from 'vitest';
import { AgentSession, type AgentSessionOptions } from '../../../src/agent/index.js';
import { energyVad, type Script, scriptedModel } from '../../../src/cascade/index.js';
import type { SttEvent, TurnDetector } from '../../../src/speech/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { call, loudStt, silence, voice } from './bench.js';

const script: Script = {
  turns: [
    { hears: 'a table for two', says: 'At what time, please?' },
    { hears: 'at seven', says: 'Thank you.' },
  ],
};

/** A recogniser that says what it is told to, when it is told to. */
function toldStt() {
  let tell: (event: SttEvent) => void = () => {};
  const log: string[] = [];
  return {
    log,
    interim: (text: string) => tell({ t: 'interim', text }),
    final: (text: string) => tell({ t: 'final', text, words: [] }),
    stt: {
      name: 'told',
      sampleRateHz: 16_000,
      stream: () => ({
        push() {},
        flush: () => void log.push('flush'),
        discard: () => void log.push('discard'),
        onEvent: (listener: typeof tell) => {
          tell = listener;
        },
        close() {},
      }),
      async warmUp() {},
      async close() {},
    },
  };
}

describe('turnDetection: vad', () => {
  test('a pause ends the turn, the session asks for the answer, the place is where it was spoken', async () => {
    const { told, say, texts, clock, session, close } = await call(script, {
      session: () => ({ vad: energyVad(), turnDetection: 'vad' as const }),
    });
    await say(700, 450);
    expect(session.userState).toBe('listening');
    expect(told('speech_created')).toEqual([]);
    await clock.advance(100);
    expect(told('speech_created')).toMatchObject([{ source: 'turn' }]);
    await clock.advance(2_500);
    expect(texts()).toEqual(['user: a table for two', 'assistant: At what time, please?']);
    await say(500, 3_000);
    expect(texts().slice(2)).toEqual(['user: at seven', 'assistant: Thank you.']);
    expect(told('error')).toEqual([]);
    expect(session.transcripts.last()?.turnId).toBe(told('user_input_transcribed').at(-1)?.turnId);
    await close();
  });

  test('words that call for more hold the turn open, no longer than maxEndpointingDelayMs', async () => {
    const { told, clock, transport, close } = await call(script, {
      session: (fake) => ({
        vad: energyVad(),
        turnDetection: 'vad' as const,
        stt: loudStt([{ hears: 'i would like to' }], fake),
        maxEndpointingDelayMs: 2_000,
      }),
    });
    void transport.say(voice(1_600));
    await clock.advance(1_600 + 1_900);
    expect(told('speech_created')).toEqual([]);
    await clock.advance(200);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });

  test('a pause inside the turn: one turn, one item', async () => {
    const { told, texts, clock, transport, close } = await call(script, {
      session: () => ({ vad: energyVad(), turnDetection: 'vad' as const, minEndpointingDelayMs: 1_000 }),
    });
    void transport.say(voice(500));
    void transport.say(silence(700));
    void transport.say(voice(500));
    await clock.advance(1_700 + 3_500);
    expect(texts()).toHaveLength(2);
    expect(new Set(told('user_input_transcribed').map(({ turnId }) => turnId)).size).toBe(1);
    expect(told('user_state_changed').map(({ to }) => to)).toEqual([
      'speaking',
      'listening',
      'speaking',
      'listening',
    ]);
    await close();
  });

  test('the voice interrupts the agent as the wire’s edges do', async () => {
    const { told, say, texts, close } = await call(
      {
        turns: [
          { hears: 'hello', says: 'This is a long answer with very many words in it.' },
          { hears: 'stop', says: 'Yes.' },
        ],
      },
      { session: () => ({ vad: energyVad(), turnDetection: 'vad' as const }) },
    );
    await say(500, 1_200);
    await say(400, 2_500);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    expect(texts().at(-1)).toBe('assistant: Yes.');
    await close();
  });
});

describe('a detector', () => {
  test.each([
    [0.9, 500],
    [0.1, 3_000],
  ])('sure by %s -> the turn ends after %s ms', async (probability, delayMs) => {
    const asked: number[] = [];
    const detector: TurnDetector = {
      name: 'coin',
      sampleRateHz: 16_000,
      audioMs: 1_000,
      async predict({ pcm }) {
        asked.push(pcm.length);
        return probability;
      },
      async warmUp() {},
      async close() {},
    };
    const { told, clock, transport, close } = await call(script, {
      session: () => ({ vad: energyVad(), turnDetection: detector }),
    });
    void transport.say(voice(1_500));
    await clock.advance(1_500 + delayMs - 100);
    expect(asked).toEqual([16_000]);
    expect(told('speech_created')).toEqual([]);
    await clock.advance(200);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });

  test('one that fails is told, and its pause is judged without it', async () => {
    const detector: TurnDetector = {
      name: 'broken',
      predict: async () => {
        throw new Error('no weights');
      },
      async warmUp() {},
      async close() {},
    };
    const { told, say, close } = await call(script, {
      session: () => ({ vad: energyVad(), turnDetection: detector }),
    });
    await say(500, 700);
    expect(told('error')).toMatchObject([{ code: 'turn_detector_failed' }]);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });
});

describe('turnDetection: stt', () => {
  test('words begin the turn, a pause between words ends it', async () => {
    const ear = toldStt();
    const { told, clock, session, texts, close } = await call(script, {
      session: () => ({ stt: ear.stt, turnDetection: 'stt' as const }),
    });
    await clock.advance(500);
    ear.interim('a table');
    expect(session.userState).toBe('speaking');
    await clock.advance(400);
    ear.interim('a table for two');
    await clock.advance(450);
    expect(ear.log).toEqual([]);
    await clock.advance(100);
    expect(ear.log).toEqual(['flush']);
    expect(session.userState).toBe('listening');
    ear.final('a table for two');
    await clock.advance(2_500);
    expect(texts()).toEqual(['user: a table for two', 'assistant: At what time, please?']);
    expect(told('error')).toEqual([]);
    await close();
  });
});

describe('turnDetection: manual', () => {
  const manual = () => ({ turnDetection: 'manual' as const });

  test('nothing ends the turn but commitUserTurn; it is answered', async () => {
    const { told, say, texts, session, clock, close } = await call(script, { session: manual });
    await say(700, 3_000);
    expect(told('speech_created')).toEqual([]);
    const committed = session.commitUserTurn();
    await clock.advance(2_500);
    const turnId = await committed;
    expect(texts()).toEqual(['user: a table for two', 'assistant: At what time, please?']);
    expect(session.transcripts.last()?.turnId).toBe(turnId);
    await close();
  });

  test('reply: false -> the turn is there, and not answered', async () => {
    const { told, say, session, clock, texts, close } = await call(script, { session: manual });
    await say(700);
    void session.commitUserTurn({ reply: false });
    await clock.advance(2_000);
    expect(texts()).toEqual(['user: a table for two']);
    expect(told('speech_created')).toEqual([]);
    await close();
  });

  test('clearUserTurn: forgotten, on both sides', async () => {
    const { say, session, clock, texts, close } = await call(script, {
      session: (fake) => ({ turnDetection: 'manual' as const, stt: loudStt([{ hears: 'x' }], fake) }),
    });
    await say(700);
    await Promise.all([session.clearUserTurn(), clock.advance(500)]);
    expect(texts()).toEqual([]);
    await close();
  });

  test('less than the model takes is no turn, and no error', async () => {
    const { told, session, clock, texts, close } = await call(script, { session: manual });
    const committed = session.commitUserTurn();
    await clock.advance(100);
    expect(await committed).toBeUndefined();
    expect(texts()).toEqual([]);
    expect(told('error')).toEqual([]);
    await close();
  });

  test('a recogniser beside it hears all since the last turn', async () => {
    const { say, session, clock, texts, told, close } = await call(script, {
      session: (fake) => ({
        turnDetection: 'manual' as const,
        stt: loudStt([{ hears: 'by stt' }, { hears: 'again' }], fake),
      }),
    });
    await say(900);
    void session.commitUserTurn();
    await clock.advance(2_500);
    expect(texts()).toEqual(['user: by stt', 'assistant: At what time, please?']);
    const finals = told('user_input_transcribed').filter(({ isFinal }) => isFinal);
    expect(new Set(finals.map(({ turnId }) => turnId)).size).toBe(1);
    await say(900);
    void session.commitUserTurn();
    await clock.advance(2_500);
    expect(texts().slice(2)).toEqual(['user: again', 'assistant: Thank you.']);
    await close();
  });

  test('the application tells the model itself: one turn, and no answer is asked for', async () => {
    const { say, session, clock, texts, told, close } = await call(script, {
      session: (fake) => ({
        turnDetection: 'manual' as const,
        stt: loudStt([{ hears: 'by stt' }, { hears: 'again' }], fake),
      }),
    });
    await say(600);
    void session.realtime.commitAudio();
    await clock.advance(1_000);
    expect(texts()).toEqual(['user: by stt']);
    expect(told('speech_created')).toEqual([]);
    await say(600);
    void session.commitUserTurn();
    await clock.advance(2_000);
    expect(texts().slice(0, 2)).toEqual(['user: by stt', 'user: again']);
    await close();
  });

  test('where the model ends the turns it is refused', async () => {
    const { session, close } = await call(script);
    await expect(session.commitUserTurn()).rejects.toMatchObject({ code: 'illegal_command' });
    await expect(session.clearUserTurn()).rejects.toMatchObject({ code: 'illegal_command' });
    expect(() => session.startUserTurn()).toThrow(/manual/);
    await close();
  });
});

describe('push to talk', () => {
  const pressed = (fake: FakeClock) => ({
    turnDetection: 'manual' as const,
    pushToTalk: true,
    stt: loudStt([{ hears: 'one' }, { hears: 'two' }], fake),
  });

  test('pre-roll: the turn begins before the key was pressed; the rest is nobody’s', async () => {
    const { say, session, clock, texts, close } = await call(script, { session: pressed });
    await say(2_000);
    expect(session.realtime.inputMs).toBe(0);
    session.startUserTurn({ preRollMs: 400 });
    await say(600);
    expect(session.realtime.inputMs).toBeGreaterThanOrEqual(960);
    expect(session.realtime.inputMs).toBeLessThanOrEqual(1_000);
    void session.commitUserTurn();
    await clock.advance(2_500);
    expect(texts()).toEqual(['user: one', 'assistant: At what time, please?']);
    const span = session.transcripts.last('stt')?.span;
    expect(span?.fromMs).toBeCloseTo(1_600, -2);
    const before = session.realtime.inputMs;
    await say(1_000);
    expect(session.realtime.inputMs).toBe(before);
    await close();
  });

  test('pressed while the agent speaks: it falls silent; pressed twice is once', async () => {
    const { say, session, clock, told, close } = await call(
      {
        turns: [
          { hears: 'x', says: 'This is a long answer with very many words in it.' },
          { hears: 'y', says: 'Yes.' },
        ],
      },
      { session: pressed },
    );
    session.startUserTurn();
    await say(600);
    void session.commitUserTurn();
    await clock.advance(700);
    expect(session.agentState).toBe('speaking');
    const turn = session.startUserTurn();
    expect(session.startUserTurn()).toBe(turn);
    await clock.advance(50);
    expect(session.agentState).not.toBe('speaking');
    expect(told('speech_interrupted')).toHaveLength(1);
    await say(500);
    void session.commitUserTurn();
    await clock.advance(2_000);
    await close();
  });

  test('a tap too short to say anything in: nothing comes of it', async () => {
    const { say, session, clock, texts, told, close } = await call(script, {
      session: pressed,
      capabilities: { minCommitMs: 100 },
    });
    session.startUserTurn({ preRollMs: 0 });
    await say(60);
    const committed = session.commitUserTurn();
    await clock.advance(1_000);
    expect(await committed).toBeUndefined();
    expect(texts()).toEqual([]);
    expect(told('error')).toEqual([]);
    expect(session.userState).toBe('listening');
    await close();
  });

  test('without the option the first press drops what the model had of the time before', async () => {
    const { say, session, clock, close } = await call(script, {
      session: (fake) => ({ ...pressed(fake), pushToTalk: false }),
    });
    await say(2_000);
    session.startUserTurn({ preRollMs: 200 });
    await say(500);
    void session.commitUserTurn();
    await clock.advance(1_500);
    expect(session.transcripts.last('stt')?.span?.fromMs).toBeCloseTo(1_800, -2);
    const before = session.realtime.inputMs;
    await say(500);
    expect(session.realtime.inputMs).toBe(before);
    await close();
  });
});

describe('live', () => {
  test('the wire -> by hand -> the wire: each turn is ended by whom it is now', async () => {
    const { say, session, clock, texts, told, close } = await call({
      turns: [
        { hears: 'one', says: 'First.' },
        { hears: 'two', says: 'Second.' },
        { hears: 'three', says: 'Third.' },
      ],
    });
    await say(500, 2_000);
    await Promise.all([session.updateTurnDetection('manual'), clock.advance(10)]);
    await say(500, 2_000);
    expect(texts()).toHaveLength(2);
    void session.commitUserTurn();
    await clock.advance(1_500);
    await Promise.all([session.updateTurnDetection('realtime_llm'), clock.advance(10)]);
    await say(500, 2_000);
    expect(texts()).toEqual([
      'user: one',
      'assistant: First.',
      'user: two',
      'assistant: Second.',
      'user: three',
      'assistant: Third.',
    ]);
    expect(told('error')).toEqual([]);
    await close();
  });

  test('digits that are expected: the turn ends with the last of them', async () => {
    const { session, told, transport, clock, close } = await call(script, {
      session: (fake) => ({
        vad: energyVad(),
        turnDetection: 'vad' as const,
        stt: loudStt([{ hears: '47 11' }, { hears: '4711 4711' }], fake),
      }),
    });
    session.updateEndpointing({ expectDigits: 8 });
    void transport.say(voice(800));
    await clock.advance(800 + 2_800);
    expect(told('speech_created')).toEqual([]);
    await clock.advance(2_500);
    expect(told('speech_created')).toHaveLength(1);
    void transport.say(voice(800));
    await clock.advance(800 + 600);
    expect(told('speech_created')).toHaveLength(2);
    await close();
  });
});

describe('what cannot be', () => {
  const make = (options: Partial<AgentSessionOptions>) => () =>
    new AgentSession({ llm: scriptedModel(script), clock: new FakeClock(), ...options });
  test.each([
    ['vad without a vad', make({ turnDetection: 'vad' }), 'option_invalid'],
    ['stt without an stt', make({ turnDetection: 'stt' }), 'option_invalid'],
    ['no such mode', make({ turnDetection: 'magic' as 'vad' }), 'option_invalid'],
    ['push to talk with the wire’s turns', make({ pushToTalk: true }), 'options_conflict'],
    [
      'a preset and a rule',
      make({ preset: 'noisy', session: { config: { turns: { owner: 'caller' } } } }),
      'options_conflict',
    ],
    ['a delay that is none', make({ maxEndpointingDelayMs: -1 }), 'option_invalid'],
  ])('%s -> %s', (_, build, code) => {
    expect(build).toThrow(expect.objectContaining({ code }));
  });

  test('a hook, with a model that answers by itself -> option_unsupported, with the reason', async () => {
    await expect(
      call(script, { capabilities: { autoReply: 'always' }, agent: { onUserTurnCompleted: () => {} } }),
    ).rejects.toMatchObject({
      code: 'option_unsupported',
      param: 'onUserTurnCompleted',
    });
  });
});

describe('presets', () => {
  test.each([
    ['lowLatency', { threshold: 0.4, prefixMs: 200, silenceMs: 400 }],
    ['natural', { threshold: 0.5, prefixMs: 300, silenceMs: 500 }],
    ['noisy', { threshold: 0.7, prefixMs: 400, silenceMs: 800 }],
  ] as const)('%s -> the wire’s VAD', async (preset, numbers) => {
    const { commands, close } = await call(script, { session: () => ({ preset }) });
    const [open] = commands().filter(({ t }) => t === 'open');
    expect(open).toMatchObject({ config: { turns: { owner: 'wire', kind: 'server_vad', ...numbers } } });
    await close();
  });

  test('noisy -> the local pause is as long', async () => {
    const { told, say, clock, close } = await call(script, {
      session: () => ({ vad: energyVad(), turnDetection: 'vad' as const, preset: 'noisy' as const }),
    });
    await say(500, 750);
    expect(told('speech_created')).toEqual([]);
    await clock.advance(100);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });
});
