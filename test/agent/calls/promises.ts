import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playCall, type Via } from './call.js';
import { faultsOf } from './judge.js';
import { lossyStory, type Story, story } from './story.js';

/** The same calls every time; others with `CALLS_SEED`, more with `CALLS_TIMES`. */
const seed = Number(process.env.CALLS_SEED ?? 1);
const times = Number(process.env.CALLS_TIMES ?? 1);

/** How many calls of each kind. */
export interface CallCounts {
  script: number;
  openai: number;
  gemini: number;
  lossy: number;
}

/** Tests that any call keeps its promises. What they are is in `faultsOf`; what may happen in a call, in `story`. */
export function anyCall(counts: CallCounts): void {
  const promises = (stories: fc.Arbitrary<Story>, via: Via, numRuns: number) =>
    fc.assert(
      fc.asyncProperty(stories, async (drawn) => {
        expect(faultsOf(await playCall(drawn, via))).toEqual([]);
      }),
      { numRuns: numRuns * times, seed },
    );
  test('with the script', () => promises(story, 'script', counts.script));
  test('with the script behind the gateway, on OpenAI’s wire', () =>
    promises(story, 'openai', counts.openai));
  test('with the script behind the gateway, on Gemini’s wire', () =>
    promises(story, 'gemini', counts.gemini));
  test('over a link that loses events: it ends, and nothing is left', () =>
    promises(lossyStory, 'script', counts.lossy));
}
