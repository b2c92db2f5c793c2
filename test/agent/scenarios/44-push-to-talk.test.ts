import { expect, test } from 'vitest';
import { call, loudStt, voice } from '../ears/bench.js';

test('44. push to talk, released in the middle of a word -> commits once; the rest of the word is nobody’s', async () => {
  const { clock, transport, session, commands, texts, told, close } = await call(
    { turns: [{ hears: 'open the door', says: 'It is open.' }] },
    {
      session: (fake) => ({
        turnDetection: 'manual' as const,
        pushToTalk: true,
        stt: loudStt([{ hears: 'open the door' }], fake),
      }),
      capabilities: { minCommitMs: 100 },
    },
  );
  session.startUserTurn({ preRollMs: 0 });
  void transport.say(voice(1_400));
  await clock.advance(1_000);
  const released = [session.commitUserTurn(), session.commitUserTurn()];
  await clock.advance(3_000);
  const [turn, again] = await Promise.all(released);
  expect(turn).toBeDefined();
  expect(again).toBeUndefined();
  const ends = commands().filter((command) => command.t === 'activity' && command.edge === 'end');
  expect(ends).toHaveLength(1);
  expect(session.realtime.inputMs).toBeLessThanOrEqual(1_020);
  expect(texts()).toEqual(['user: open the door', 'assistant: It is open.']);
  expect(told('speech_created')).toHaveLength(1);
  expect(told('error')).toEqual([]);
  await close();
});
