import { describe, expect, test } from 'vitest';
import type { FaultWire } from '../../src/testing/faults/index.js';
import { judged, reportOf } from './run.js';

/** How many on a good day: without faults nothing may go wrong either. */
const goodDays = 25;

/** What a conversation promises is in `breachesOf`; what happens in one, in `storyOf`. */
describe.each<FaultWire>(['openai', 'gemini'])(
  'any conversation on the wire of %s keeps its promises',
  (wire) => {
    test('on a good day', async () => {
      for (let seed = 1; seed <= goodDays; seed++) {
        const options = { wire, seed, faults: 0 };
        const verdict = await judged(options);
        if (verdict.breaches.length > 0) expect.fail(await reportOf(verdict, options));
        expect(verdict.connections).toBe(1);
      }
    });
  },
);
