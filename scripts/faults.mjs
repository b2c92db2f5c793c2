// npm run faults -- [--conversations 1000] [--seed 1] [--faults 10] [--kinds drop,delay] [--wire openai|gemini] [--agent]:
// random conversations over links that break, and a table of what went wrong.
// `--only <seed> --wire <wire>` plays one and prints all of it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runNode } from './lib/run.mjs';

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string' },
    wire: { type: 'string' },
    only: { type: 'string' },
    kinds: { type: 'string' },
    agent: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  const lines = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  console.log(
    lines
      .slice(0, end)
      .map((line) => line.slice(3))
      .join('\n'),
  );
  process.exit(0);
}
const { conversations, seed, faults, wire, only } = values;
if (wire !== undefined && wire !== 'openai' && wire !== 'gemini') {
  console.error(`--wire is openai or gemini, not ${wire}`);
  process.exit(2);
}
const env = {
  ...process.env,
  FAULTS_CONVERSATIONS: only === undefined ? conversations : '1',
  FAULTS_SEED: seed,
  ...(faults !== undefined && { FAULTS_PER: faults }),
  ...(wire !== undefined && { FAULTS_WIRE: wire }),
  ...(values.kinds !== undefined && { FAULTS_KINDS: values.kinds }),
  ...(values.agent && { FAULTS_BY: 'agent' }),
  ...(only !== undefined && { FAULTS_ONLY: only }),
};
process.exit(runNode('vitest', ['run', '--project', 'fast', 'test/faults/conversations.test.ts'], { env }));
