import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../examples/dist/realtime-tts/main.js', import.meta.url));

test('a model that writes and a voice beside it: a greeting, a barge-in, given words, a guarded answer', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
});
