// npm test: builds, finds Chromium for the browser tests, runs vitest with the given arguments. Without any it leaves a report.
import './lib/require-node.mjs';
import { rmSync } from 'node:fs';

const { findChromium, installChromium, mayInstall, missingLine } = await import('./lib/chromium.mjs');
const { mustRunNode, runNode, testReport } = await import('./lib/run.mjs');
const { inScratch } = await import('./lib/scratch.mjs');

mustRunNode('scripts/build.mjs');
let chromium = findChromium();
if (chromium === '' && process.env.CHROMIUM_PATH === undefined && mayInstall()) {
  console.log('No Chromium was found: installing the package of Debian for the browser tests …');
  if (installChromium()) chromium = findChromium();
}
if (chromium === '') console.log(missingLine());
const env = {
  ...process.env,
  REPARTEE_CHROMIUM: chromium,
  ...(chromium !== '' && { CHROMIUM_PATH: chromium }),
};
const asked = process.argv.slice(2);
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`];
if (asked.length === 0) rmSync(testReport, { force: true });
const args = ['run', ...(asked.length === 0 ? reporters : asked)];
process.exit(inScratch((scratch) => runNode('vitest', args, { env: { ...env, ...scratch } })));
