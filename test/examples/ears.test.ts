import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = (name: string) =>
  fileURLToPath(new URL(`../../examples/dist/${name}/main.js`, import.meta.url));
const run = async (name: string) => {
  const { stdout } = await promisify(execFile)(process.execPath, [program(name)], { timeout: 30_000 });
  return stdout;
};

test('two ears: the model mishears the number, the tool saves what the recogniser heard', async () => {
  const stdout = await run('two-ears');
  expect(stdout).toContain("the model's guess: 47113250, the recogniser's: 47113215");
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
}, 40_000);

test('push to talk: from the pre-roll to the release, and nothing else', async () => {
  const stdout = await run('push-to-talk');
  expect(stdout).toContain('user: open the gate');
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
}, 40_000);
