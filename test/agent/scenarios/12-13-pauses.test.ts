import { describe, expect, test } from 'vitest';
import { energyVad } from '../../../src/cascade/index.js';
import { call, loudStt, silence, voice } from '../ears/bench.js';

/** What is said, and the silence after it. A word takes 300 ms. */
type Piece = [words: number, thenMs: number];

/** The pieces, spoken into a session; and what came of them by the end. */
async function speak(pieces: Piece[], hears: string, byWire = false) {
  const { clock, transport, told, texts, session, close } = await call(
    { turns: [{ hears, says: 'Thank you.' }], otherwise: 'I did not get that.' },
    {
      session: (fake) => ({
        stt: loudStt([{ hears }], fake),
        ...(byWire ? {} : { vad: energyVad(), turnDetection: 'vad' as const }),
      }),
    },
  );
  for (const [words, thenMs] of pieces) {
    void transport.say(voice(words * 300));
    void transport.say(silence(thenMs));
  }
  const spokenMs = pieces.reduce((sum, [words, thenMs]) => sum + words * 300 + thenMs, 0);
  const lastPauseMs = pieces.at(-1)?.[1] ?? 0;
  await clock.advance(spokenMs - lastPauseMs);
  const early = told('speech_created').length;
  await clock.advance(lastPauseMs + 4_000);
  const answers = told('speech_created').length;
  const said = texts().filter((text) => text.startsWith('user'));
  expect(session.agentState).toBe('listening');
  await close();
  return { early, answers, said };
}

describe('12. a long pause inside a sentence', () => {
  const hears = 'i would like to book a table for two';
  const pieces: Piece[] = [
    [4, 1_500],
    [5, 0],
  ];

  test('words that call for more -> nobody is cut off, one turn', async () => {
    expect(await speak(pieces, hears)).toEqual({ early: 0, answers: 1, said: [`user: ${hears}`] });
  });

  test('pauses alone, by the wire -> cut off: what the rules are for', async () => {
    const { early, said } = await speak(pieces, hears, true);
    expect([early, said.length]).toEqual([1, 2]);
  });
});

test('13. a chain of hesitations -> one turn, and the number is in it', async () => {
  const hears = 'um my number is uh 12345678';
  const pieces: Piece[] = [
    [1, 1_200],
    [3, 1_500],
    [1, 1_200],
    [1, 0],
  ];
  expect(await speak(pieces, hears)).toEqual({ early: 0, answers: 1, said: [`user: ${hears}`] });
});

test('14. digits in groups, 0.8 s between them -> one turn', async () => {
  const hears = '1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6';
  const pieces: Piece[] = [
    [4, 800],
    [4, 800],
    [4, 800],
    [4, 0],
  ];
  expect(await speak(pieces, hears)).toEqual({ early: 0, answers: 1, said: [`user: ${hears}`] });
});
