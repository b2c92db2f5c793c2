import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { playCall, type Via } from './calls/call.js';
import { faultsOf } from './calls/judge.js';
import { lossyStory, type Story, story } from './calls/story.js';

/** The same calls every time; others with `CALLS_SEED`, more with `CALLS_TIMES`. */
const seed = Number(process.env.CALLS_SEED ?? 1);
const times = Number(process.env.CALLS_TIMES ?? 1);

const promises = (stories: fc.Arbitrary<Story>, via: Via, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(stories, async (drawn) => {
      expect(faultsOf(await playCall(drawn, via))).toEqual([]);
    }),
    { numRuns: numRuns * times, seed },
  );

/** What a call promises is in `faultsOf`; what may happen in one, in `story`. */
describe('any call keeps its promises', () => {
  test('with the script', () => promises(story, 'script', 250));
  test('with the script behind the gateway, on OpenAI’s wire', () => promises(story, 'openai', 80));
  test('with the script behind the gateway, on Gemini’s wire', () => promises(story, 'gemini', 120));
  test('over a link that loses events: it ends, and nothing is left', () =>
    promises(lossyStory, 'script', 100));
});
