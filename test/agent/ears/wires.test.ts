import { describe, expect, test } from 'vitest';
import { energyVad, type Script } from '../../../src/cascade/index.js';
import type { FakeClock } from '../../../src/testing/index.js';
import { call, loudStt, voice } from './bench.js';

const script: Script = {
  turns: [
    { hears: 'one by the model', says: 'First.' },
    { hears: 'two by the model', says: 'Second.' },
  ],
};
const stt = (clock: FakeClock) => loudStt([{ hears: 'one' }, { hears: 'two' }], clock);
const order = ['user: one', 'assistant: First.', 'user: two', 'assistant: Second.'];

describe.each(['openai', 'gemini'] as const)('over %s', (wire) => {
  test('the wire’s turns, or those of local ears: both ears, in the order of speaking', async () => {
    const { say, told, texts, session, close } = await call(script, {
      wire,
      session: (clock) => ({ stt: stt(clock), ...(wire === 'gemini' ? { vad: energyVad() } : {}) }),
    });
    await say(600, 3_500);
    await say(600, 3_500);
    expect(told('error')).toEqual([]);
    expect(texts()).toEqual(order);
    const [stt1, model1] = session.transcripts.of(told('user_input_transcribed')[0]?.turnId ?? '');
    expect([stt1?.text, model1?.text]).toEqual(['one', 'one by the model']);
    await close();
  });

  test('turns that this side ends by pauses: one commit and one answer each', async () => {
    const { say, told, texts, commands, session, close } = await call(script, {
      wire,
      session: (clock) => ({ stt: stt(clock), vad: energyVad(), turnDetection: 'vad' as const }),
    });
    await say(600, 3_500);
    await say(600, 3_500);
    expect(told('error')).toEqual([]);
    expect(texts()).toEqual(order);
    const ends = commands().filter((command) => command.t === 'activity' && command.edge === 'end');
    expect(ends).toHaveLength(2);
    expect(session.transcripts.last('model')?.turnId).toBe(session.transcripts.last('stt')?.turnId);
    await close();
  });

  test('changed in the middle of the call: by hand, and back', async () => {
    const { say, clock, told, texts, session, close } = await call(
      { turns: [...script.turns, { hears: 'three by the model', says: 'Third.' }] },
      {
        wire,
        session: (fake) => ({
          stt: loudStt([{ hears: 'one' }, { hears: 'two' }, { hears: 'three' }], fake),
          ...(wire === 'gemini' ? { vad: energyVad() } : {}),
        }),
      },
    );
    await say(600, 3_500);
    await Promise.all([session.updateTurnDetection('manual'), clock.advance(2_000)]);
    await say(600, 3_500);
    expect(texts()).toHaveLength(2);
    void session.commitUserTurn();
    await clock.advance(3_500);
    await Promise.all([session.updateTurnDetection('realtime_llm'), clock.advance(2_000)]);
    await say(600, 3_500);
    expect(told('error')).toEqual([]);
    // Another connection plays the script from its beginning.
    const answers = wire === 'gemini' ? ['First.', 'First.', 'First.'] : ['First.', 'Second.', 'Third.'];
    const heard = ['one', 'two', 'three'];
    const lines = heard.flatMap((text, turn) => [`user: ${text}`, `assistant: ${answers[turn]}`]);
    expect(texts()).toEqual(lines);
    await close();
  });

  test('the connection breaks in the middle of a turn: its words once, by each ear, in one place', async () => {
    const { transport, clock, cut, session, told, texts, close } = await call(script, {
      wire,
      session: (fake) => ({
        stt: stt(fake),
        session: { random: () => 0, connOptions: { intervalMs: 100 } },
        ...(wire === 'gemini' ? { vad: energyVad() } : {}),
      }),
    });
    let reconnects = 0;
    session.on('session_reconnected', () => {
      reconnects += 1;
    });
    void transport.say(voice(1_500));
    await clock.advance(700);
    cut();
    await clock.advance(8_000);
    expect(reconnects).toBe(1);
    const finals = told('user_input_transcribed').filter(({ isFinal }) => isFinal);
    expect(finals.map(({ source, transcript }) => `${source}: ${transcript}`).sort()).toEqual([
      'model: one by the model',
      'stt: one',
    ]);
    expect(new Set(finals.map(({ turnId }) => turnId)).size).toBe(1);
    expect(texts()).toEqual(order.slice(0, 2));
    await close();
  });

  test('push to talk', async () => {
    const { say, clock, told, texts, session, close } = await call(script, {
      wire,
      session: (fake) => ({ stt: stt(fake), turnDetection: 'manual' as const, pushToTalk: true }),
    });
    await say(1_000);
    for (let turn = 0; turn < 2; turn++) {
      session.startUserTurn({ preRollMs: 100 });
      await say(600);
      void session.commitUserTurn();
      await clock.advance(3_500);
      await say(500, 500);
    }
    expect(told('error')).toEqual([]);
    expect(texts()).toEqual(order);
    await close();
  });

  test('onUserTurnCompleted: asked, or refused with the reason', async () => {
    const seen: string[] = [];
    const made = call(script, {
      wire,
      ...(wire === 'gemini' ? { session: () => ({ vad: energyVad() }) } : {}),
      agent: {
        onUserTurnCompleted: (turn) => {
          seen.push(turn.transcripts[0]?.text ?? '');
          turn.instruct('Be short.');
        },
      },
    });
    if (wire === 'gemini') {
      await expect(made).rejects.toMatchObject({ code: 'option_unsupported', param: 'onUserTurnCompleted' });
      return;
    }
    const { say, texts, told, close } = await made;
    await say(600, 3_500);
    expect(seen).toEqual(['one by the model']);
    expect(texts()).toEqual(['user: one by the model', 'assistant: First.']);
    expect(told('error')).toEqual([]);
    await close();
  });
});
