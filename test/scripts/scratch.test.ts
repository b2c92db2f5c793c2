import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { inScratch } from '../../scripts/lib/scratch.mjs';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['nothing is left -> as the tests ended', 0, undefined, 0],
  ['a folder of ours is left -> failed', 0, 'repartee-left', 1],
  ['a folder of somebody else is left -> as the tests ended', 0, 'chromium-left', 0],
  ['tests fail -> as they failed', 3, 'repartee-left', 3],
])('%s', (_, code, left, expected) => {
  const complaints = vi.spyOn(console, 'error').mockReturnValue();
  let folder = '';
  const ended = inScratch(({ TMPDIR }) => {
    folder = TMPDIR;
    if (left !== undefined) mkdirSync(join(folder, left));
    return code;
  });
  expect(ended).toBe(expected);
  expect(existsSync(folder)).toBe(false);
  expect(complaints.mock.calls.flat().join()).toBe(
    expected === 1 ? `The tests left in the temporary folder: ${left}` : '',
  );
});
