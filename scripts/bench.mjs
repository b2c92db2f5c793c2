// npm run bench: builds, then measures; arguments go to the bench.
import { mustRunNode, runNode } from './lib/run.mjs';

mustRunNode('scripts/build.mjs');
process.exit(runNode('bench/dist/main.js', process.argv.slice(2)));
