import { describe, expect, test } from 'vitest';
import { concatPcm } from '../../../src/audio/index.js';
import { longAnswer, longMs } from '../policy/long-answer.js';
import { hissing, speechLike } from '../policy/sounds.js';

const silence = (ms: number) => new Int16Array(ms * 24);
const soft = (pcm: Int16Array, share: number) => pcm.map((sample) => sample * share);

describe('3. a backchannel during the reply, 4. three of them', () => {
  test.each([1, 3])('%i -> no stop, no answer, and all of it is heard', async (count) => {
    const { hear, named, told, clock, session, heardMs, close } = await longAnswer(
      Array(count).fill('uh-huh'),
    );
    for (let i = 0; i < count; i++) await hear(speechLike(300), 900);
    await clock.advance(longMs);
    expect(named()).toEqual(Array(count).fill('keep for backchannel'));
    expect(told('speech_interrupted')).toEqual([]);
    expect(heardMs()).toBeCloseTo(longMs, -1);
    expect(session.history.items).toHaveLength(2);
    await close();
  });
});

test('5. a cough during the reply -> no stop', async () => {
  const { hear, named, told, clock, heardMs, close } = await longAnswer(['']);
  await hear(concatPcm([hissing(180, 16_000), silence(60), hissing(140, 12_000)]), longMs);
  expect(named()).toEqual(['keep for noise']);
  expect(told('speech_interrupted')).toEqual([]);
  expect(heardMs()).toBeCloseTo(longMs, -1);
  await clock.advance(1_000);
  await close();
});

test.each([15, 5])(
  '6. steady street noise, %i dB below the caller -> no turn is answered',
  async (belowDb) => {
    const { hear, told, clock, session, heardMs, close } = await longAnswer(['']);
    await hear(hissing(6_000, 9_000 * 10 ** (-belowDb / 20)), 1_000);
    await clock.advance(longMs);
    expect(told('speech_interrupted')).toEqual([]);
    expect(heardMs()).toBeCloseTo(longMs, -1);
    expect(session.history.items).toHaveLength(2);
    await close();
  },
);

describe('a real barge-in', () => {
  test.each([
    ['7. early, 300 ms into the reply', 200],
    ['8. late, when all was generated and seconds are still to be played', 2_000],
  ])('%s -> silent within 600 ms, cut where it was heard, nothing of it afterwards', async (_, afterMs) => {
    const { hear, isSilent, told, clock, session, heardMs, close } = await longAnswer(['what about Easter'], {
      turns: [{ hears: 'what about Easter', says: 'Closed.' }],
    });
    const cuts: number[] = [];
    session.realtime.on('remote_item_truncated', ({ heardMs }) => cuts.push(heardMs));
    await clock.advance(afterMs);
    await hear(speechLike(600));
    expect(await isSilent()).toBe(true);
    const stoppedMs = heardMs();
    await hear(speechLike(700), 400);
    expect(heardMs()).toBe(stoppedMs);
    await clock.advance(3_000);
    expect(told('speech_interrupted')).toHaveLength(1);
    expect(cuts).toHaveLength(1);
    expect(Math.abs(cuts[0]! - stoppedMs)).toBeLessThan(1);
    expect(heardMs()).toBeCloseTo(stoppedMs + 200, -1);
    await close();
  });

  test('9. before the first audio -> the reply is never heard', async () => {
    const { hear, told, clock, session, heardMs, close } = await longAnswer(
      ['tell me more', 'no I meant Sunday'],
      {
        turns: [
          { hears: 'tell me more', says: 'More than you can bear.', faults: { responseLateMs: 2_500 } },
          { hears: 'no I meant Sunday', says: 'Sunday.' },
        ],
      },
    );
    await clock.advance(longMs + 500);
    await hear(speechLike(700), 700);
    expect(session.agentState).toBe('thinking');
    await hear(speechLike(1_200), 6_000);
    expect(told('error')).toEqual([]);
    expect(heardMs()).toBeCloseTo(longMs + 200, -1);
    await close();
  });

  test('10. twice within a second -> one stop, both turns in their order', async () => {
    const { hear, told, clock, texts, close } = await longAnswer(['what about Easter', 'and Christmas'], {
      turns: [
        { hears: 'what about Easter', says: 'Closed.' },
        { hears: 'and Christmas', says: 'Closed as well.' },
      ],
    });
    await hear(concatPcm([speechLike(700), silence(520), speechLike(700)]), 4_000);
    expect(told('speech_interrupted').length).toBeGreaterThanOrEqual(1);
    expect(texts().filter((text) => text.startsWith('user'))).toEqual([
      'user: when do you open',
      'user: what about Easter',
      'user: and Christmas',
    ]);
    expect(texts().at(-1)).toBe('assistant: Closed as well.');
    await clock.advance(1_000);
    await close();
  });

  test('11. and then silence (a false start) -> it goes on from where it stopped', async () => {
    const { hear, named, told, clock, heardMs, close } = await longAnswer(['']);
    await hear(speechLike(650), longMs + 1_500);
    expect(named()).toEqual(['hold for speech', 'resume for no_words']);
    expect(told('speech_interrupted')).toEqual([]);
    expect(heardMs()).toBeCloseTo(longMs, -1);
    await clock.advance(1_000);
    await close();
  });

  test('24. both speak for two seconds -> the agent yields, once', async () => {
    const { hear, told, isSilent, clock, close } = await longAnswer(['this is what I wanted to ask you']);
    await hear(speechLike(2_000), 100);
    expect(await isSilent()).toBe(true);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    await clock.advance(3_000);
    await close();
  });
});

test('27. the agent comes back at -12 dB after 120 ms -> it does not interrupt itself', async () => {
  const { hear, named, told, clock, transport, session, heardMs, close } = await longAnswer(
    Array(40).fill('we open at nine'),
  );
  let from = transport.heard().length;
  const far: Int16Array[] = Array.from({ length: 6 }, () => silence(20));
  while (session.agentState === 'speaking') {
    const heard = transport.heard();
    far.push(soft(heard.slice(from), 0.25));
    from = heard.length;
    await hear(far.shift()!);
  }
  await clock.advance(2_000);
  expect(told('speech_interrupted')).toEqual([]);
  expect(named().filter((name) => !/echo|noise/.test(name))).toEqual([]);
  expect(heardMs()).toBeCloseTo(longMs, -1);
  expect(session.history.items).toHaveLength(2);
  await close();
});

describe('28. side speech, 29. a second voice in the background', () => {
  test.each([
    ['28. "hold on, I am on the phone", to somebody else', 120, 0.22],
    ['29. another voice', 190, 0.15],
  ])('%s -> not stopped, not answered', async (_, pitchHz, share) => {
    const { hear, named, told, clock, session, heardMs, close } = await longAnswer([
      'hold on I am on the phone',
    ]);
    await hear(soft(speechLike(1_500, { pitchHz }), share), 900);
    await clock.advance(longMs);
    expect(named()).toEqual(['keep for side_speech']);
    expect(told('speech_interrupted')).toEqual([]);
    expect(heardMs()).toBeCloseTo(longMs, -1);
    expect(session.history.items).toHaveLength(2);
    await close();
  });
});
