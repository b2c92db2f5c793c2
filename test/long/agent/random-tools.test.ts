import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { playTools, toolStory } from '../../agent/tools/random-tools.js';

describe('whatever happens around tools, each call has one outcome', () => {
  test.each(['pipeline', 'openai', 'gemini'] as const)('over %s', async (via) => {
    await fc.assert(
      fc.asyncProperty(toolStory(via), async (story) => {
        expect(await playTools(story)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
