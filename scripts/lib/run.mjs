import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What the last whole test run said, for whoever judges it afterwards. */
export const testReport = path.join(root, '.cache/tests.json');

const bins = {
  tsc: 'node_modules/typescript/bin/tsc',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** Runs a program with our own input and output; its exit code, 1 where a signal ended it or it could not start. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (error !== undefined) console.error(`Cannot run ${command}: ${error.message}`);
  return status ?? 1;
}

/** Runs a script, or one of the tools named in `bins`, on this same Node. */
export function runNode(scriptOrTool, args = [], options = {}) {
  return run(process.execPath, [path.join(root, bins[scriptOrTool] ?? scriptOrTool), ...args], options);
}

/** As `runNode`, but ends this process when it fails. */
export function mustRunNode(scriptOrTool, args = [], options = {}) {
  const code = runNode(scriptOrTool, args, options);
  if (code !== 0) process.exit(code);
}
