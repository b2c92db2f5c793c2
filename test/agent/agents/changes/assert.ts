import fc from 'fast-check';
import { expect } from 'vitest';
import { playCall } from './call.js';
import { faultsOf } from './judge.js';
import { story } from './story.js';

/** So many stories, the same ones every time. The first that goes wrong is told as it is: making it smaller plays it a hundred times. */
export async function assertChanges({ times, seed }: { times: number; seed: number }): Promise<void> {
  await fc.assert(
    fc.asyncProperty(story, async (drawn) => {
      expect(faultsOf(await playCall(drawn))).toEqual([]);
    }),
    { numRuns: times, seed: Number(process.env.CHANGES_SEED ?? seed), endOnFailure: true },
  );
}
