// The tests of test/long, which take minutes: campaigns of many seeds, sets of many recordings. A part of `npm run check`.
import { runNode } from './lib/run.mjs';

const env = { ...process.env, REPARTEE_LONG: '1' };
process.exit(runNode('vitest', ['run', '--project', 'long', '--passWithNoTests'], { env }));
