import { test } from 'vitest';
import { assertChanges } from './changes/assert.js';

test('whoever takes over whenever: one outcome per call, no reply twice, no word lost, nothing stuck, nothing left', () =>
  assertChanges({ times: 60, seed: 1 }));
