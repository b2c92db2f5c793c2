import { describe, expect, test } from 'vitest';
import type { Script } from '../../../src/cascade/index.js';
import { call, loudStt } from '../ears/bench.js';

const script: Script = {
  turns: [
    { hears: 'one by the model', says: 'First answer.' },
    { hears: 'two by the model', says: 'Second answer.' },
  ],
};
const order = ['user: one', 'assistant: First answer.', 'user: two', 'assistant: Second answer.'];

describe('36. the words of the user come late', () => {
  test.each([3_000, 5_000, 8_000])('by %s ms -> no new turn, the order of speaking', async (lateMs) => {
    const { clock, say, told, texts, close } = await call(script, {
      session: (fake) => ({
        stt: loudStt([{ hears: 'one', faults: { transcriptionLateMs: lateMs } }, { hears: 'two' }], fake),
      }),
    });
    await say(600, 2_000);
    await say(600, 2_000);
    await clock.advance(lateMs);
    expect(texts()).toEqual(order);
    expect(told('speech_created')).toHaveLength(2);
    expect(told('conversation_item_released')).toEqual([]);
    await close();
  });

  test('out of order: the second turn’s words by one ear before the first turn’s by the other', async () => {
    const { clock, say, told, texts, session, close } = await call(script, {
      session: (fake) => ({
        stt: loudStt([{ hears: 'one', faults: { transcriptionLateMs: 6_000 } }, { hears: 'two' }], fake),
      }),
    });
    await say(600, 2_000);
    await say(600, 2_000);
    const finals = () => told('user_input_transcribed').filter(({ isFinal }) => isFinal);
    expect(finals().map(({ source, transcript }) => `${source}: ${transcript}`)).toEqual([
      'model: one by the model',
      'model: two by the model',
    ]);
    await clock.advance(4_000);
    expect(
      finals()
        .slice(2)
        .map(({ transcript }) => transcript),
    ).toEqual(['one', 'two']);
    const [first, second] = new Set(finals().map(({ turnId }) => turnId));
    expect(session.transcripts.of(first ?? '').map(({ text }) => text)).toEqual(['one', 'one by the model']);
    expect(session.transcripts.of(second ?? '').map(({ text }) => text)).toEqual(['two', 'two by the model']);
    expect(texts()).toEqual(order);
    const added = told('conversation_item_added').map(({ item }) => item.id);
    expect(new Set(added).size).toBe(added.length);
    await close();
  });
});
