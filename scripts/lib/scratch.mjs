import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Runs tests with a temporary folder of their own: `run` gets the variables that say so and gives an exit code. What is left
 * in it is taken away; what of that is ours makes a failure of a success.
 */
export function inScratch(run) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'repartee-tests-'));
  try {
    const code = run({ TMPDIR: folder, TEMP: folder, TMP: folder });
    const left = readdirSync(folder).filter((name) => name.startsWith('repartee-'));
    if (code !== 0 || left.length === 0) return code;
    console.error(`The tests left in the temporary folder: ${left.join(', ')}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
