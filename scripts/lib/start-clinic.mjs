import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { mustRunNode, root } from './run.mjs';
import { isStale } from './stamp.mjs';

const program = 'examples/dist/clinic/main.js';

if (!existsSync(path.join(root, 'node_modules/typescript'))) {
  console.error('The packages are not installed: run `npm ci` first.');
  process.exit(1);
}
if (isStale([program, 'dist/index.js'])) {
  console.log('Building …');
  mustRunNode('scripts/build.mjs');
}
const main = path.join(root, program);
process.argv[1] = main;
await import(pathToFileURL(main).href);
