import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playCall } from './changes/call.js';
import { faultsOf } from './changes/judge.js';
import { story } from './changes/story.js';

test('whoever takes over whenever: one outcome per call, no reply twice, no word lost, nothing stuck, nothing left', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (drawn) => {
      expect(faultsOf(await playCall(drawn))).toEqual([]);
    }),
    { numRuns: Number(process.env.CHANGES_TIMES ?? 60), seed: Number(process.env.CHANGES_SEED ?? 1) },
  );
});
