// npm test: builds, finds Chromium for the browser tests, runs vitest with the given arguments.
import './lib/require-node.mjs';

const { findChromium, installChromium, mayInstall, missingLine } = await import('./lib/chromium.mjs');
const { mustRunNode, runNode } = await import('./lib/run.mjs');

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
process.exit(runNode('vitest', ['run', ...process.argv.slice(2)], { env }));
