import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test.concurrent.each([
  ['realtime', 'the same call over a pipeline and over a realtime model'],
  ['pipeline', 'parts by name and as objects, with a tool'],
  ['handoff', 'another agent with another voice and model, and a task that comes back'],
  ['snapshot', 'a call that moves to another process'],
])('%s: %s', async (name) => {
  const program = fileURLToPath(new URL(`../../examples/dist/${name}/main.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 18_000 });
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
});
