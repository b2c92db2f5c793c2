// The tests of test/long, which take minutes: campaigns of many seeds, sets of many recordings. A part of `npm run check`.
import { runNode } from './lib/run.mjs';
import { inScratch } from './lib/scratch.mjs';

const env = { ...process.env, REPARTEE_LONG: '1' };
process.exit(
  inScratch((scratch) => runNode('vitest', ['run', '--project', 'long*'], { env: { ...env, ...scratch } })),
);
