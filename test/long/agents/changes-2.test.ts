import { test } from 'vitest';
import { assertChanges } from '../../agent/agents/changes/assert.js';

test('ten thousand calls in which agents take over: half of them', () =>
  assertChanges({ times: 5_000, seed: 200 }));
