import { describe, expect, test } from 'vitest';
import { captureTool } from '../../../src/agent/index.js';
import { type Script, scriptStt } from '../../../src/cascade/index.js';
import { call, silence, voice } from '../ears/bench.js';

/** The model calls the tool at the first group, as eager models do, and would answer each of the others. */
const eager: Script = {
  turns: [
    { hears: 'four one one one', calls: [{ name: 'capture_digits' }], thenSays: 'Your card is {result}.' },
    ...['two two two two', 'three three three three', 'four four four four'].map((hears) => ({
      hears,
      says: `I heard ${hears}.`,
    })),
    { hears: 'yes', says: 'Yes.', thenSays: 'Your card is {result}.' },
  ],
  otherwise: 'Go on.',
};
const heard = ['4111', '2222', '3333', '4444', 'yes'].map((hears) => ({ hears }));

describe('14. sixteen digits in groups of four, 0.8 s apart', () => {
  test('one value, and nobody cuts in', async () => {
    const capture = captureTool({ kind: 'digits', length: 16, locale: 'en-US' });
    const { clock, transport, session, told, texts, close } = await call(eager, {
      agent: { tools: [capture] },
      session: (clock) => ({ stt: scriptStt(heard, clock) }),
    });
    const results: string[] = [];
    session.on('function_tools_executed', ({ calls }) => results.push(...calls.map(({ output }) => output)));
    for (let group = 0; group < 4; group++) {
      void transport.say(voice(1_200));
      void transport.say(silence(800));
      await clock.advance(2_000);
      if (group < 3) expect(transport.heard().length).toBe(0);
    }
    await clock.advance(9_000);
    void transport.say(voice(400));
    await clock.advance(6_000);
    expect(told('error')).toEqual([]);
    expect(results).toEqual(['4111222233334444']);
    expect(texts().filter((text) => text.startsWith('assistant'))).toEqual([
      'assistant: I have 4 1 1 1, 2 2 2 2, 3 3 3 3, 4 4 4 4. Is that right?',
      'assistant: Your card is 4111222233334444.',
    ]);
    await close();
  });
});
