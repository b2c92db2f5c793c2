import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { playCall, type Via } from './calls/call.js';
import { faultsOf } from './calls/judge.js';
import { lossyStory, type Story, story } from './calls/story.js';

const promises = (stories: fc.Arbitrary<Story>, via: Via, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(stories, async (drawn) => {
      expect(faultsOf(await playCall(drawn, via))).toEqual([]);
    }),
    { numRuns },
  );

/** What a call promises is in `faultsOf`; what may happen in one, in `story`. */
describe('any call keeps its promises', () => {
  test('with the script', () => promises(story, 'script', 150));
  test('with the script behind the gateway, on OpenAI’s wire', () => promises(story, 'openai', 60));
  test('with the script behind the gateway, on Gemini’s wire', () => promises(story, 'gemini', 60));
  test('over a link that loses events: it ends, and nothing is left', () =>
    promises(lossyStory, 'script', 60));
});
