import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../examples/dist/video/main.js', import.meta.url));

test('pictures of the caller reach the model, so many a second', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
});
