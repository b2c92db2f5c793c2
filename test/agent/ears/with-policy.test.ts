import { describe, expect, test } from 'vitest';
import { energyVad, type Script } from '../../../src/cascade/index.js';
import { call, loudStt, voice } from './bench.js';

const script: Script = {
  turns: [
    { hears: 'when do you open', says: 'We open at nine and close at five on every day of the week.' },
    { hears: 'stop', says: 'Yes?' },
  ],
};

/** The policy of interruptions decides who stops the agent; the ears decide who ends a turn. */
describe.each([
  ['the wire’s turns', {}],
  ['turns by pauses', { turnDetection: 'vad' as const }],
])('with the policy, %s', (_, mode) => {
  const session = { interruption: {}, vad: energyVad(), ...mode };

  test('a turn is answered, once', async () => {
    const { say, told, texts, close } = await call(script, {
      session: (clock) => ({ ...session, stt: loudStt(script.turns, clock) }),
    });
    await say(1_300, 5_500);
    expect(told('error')).toEqual([]);
    expect(told('speech_created')).toHaveLength(1);
    expect(texts()).toHaveLength(2);
    await close();
  });

  test('a long voice stops the agent, and is answered', async () => {
    const { say, told, texts, clock, close } = await call(script, {
      session: (fake) => ({ ...session, stt: loudStt(script.turns, fake) }),
    });
    await say(1_300, 1_500);
    await say(1_800, 4_000);
    await clock.advance(2_000);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    expect(texts().at(-1)).toBe('assistant: Yes?');
    await close();
  });
});

test('with the policy, the key that begins a turn stops the agent at once', async () => {
  const { clock, transport, session, told, texts, close } = await call(script, {
    session: () => ({ interruption: {}, turnDetection: 'manual' as const, pushToTalk: true }),
  });
  session.startUserTurn();
  void transport.say(voice(800));
  await clock.advance(800);
  void session.commitUserTurn();
  await clock.advance(1_000);
  expect(session.agentState).toBe('speaking');
  session.startUserTurn();
  await clock.advance(20);
  expect(session.agentState).not.toBe('speaking');
  expect(told('speech_interrupted')).toHaveLength(1);
  void transport.say(voice(500));
  await clock.advance(500);
  void session.commitUserTurn();
  await clock.advance(4_000);
  expect(texts().at(-1)).toBe('assistant: Yes?');
  await close();
});
