import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../examples/dist/limits/main.js', import.meta.url));

test('three turns, told beforehand, a goodbye, a clean end, and what it cost', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
});
