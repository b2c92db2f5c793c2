import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { type ClientEntry, clients } from './clients/table.js';
import { Child } from './measure/child.js';
import type { StubRequest } from './messages.js';
import { installPeers } from './peers.js';
import { fullPlan, quickPlan } from './plan.js';
import { aims, type Results, report } from './report.js';
import { measureClient } from './round.js';

const usage = `npm run bench [-- options]
  --quick          two short rounds (under two minutes); the default is five long ones (about ten)
  --rounds N       number of rounds
  --only a,b       these clients only (the floor is always there): ${clients.map(({ name }) => name).join(', ')}
  --json FILE      also write every figure of every round
  --cpu-prof DIR   write a CPU profile of every client's process (figures are then slower)`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'string' },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const say = (line: string) => console.error(line);
const plan = { ...(values.quick ? quickPlan : fullPlan) };
if (values.rounds !== undefined) plan.rounds = Math.max(1, Number.parseInt(values.rounds, 10) || 1);
const execArgv =
  values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`];

const only = values.only?.split(',');
let chosen: ClientEntry[] = clients.filter(({ name }) => name === 'floor' || (only?.includes(name) ?? true));
if (chosen.some(({ peer }) => peer)) {
  const why = installPeers(say);
  if (why !== undefined) {
    say(`LiveKit's peers could not be installed and are left out: ${why}`);
    chosen = chosen.filter(({ peer }) => !peer);
  }
}

const stub = new Child<StubRequest>(new URL('./stub/main.js', import.meta.url), []);
const { port } = await stub.hello<{ port: number }>();
const url = `ws://127.0.0.1:${port}`;
const results: Results[] = chosen.map((entry) => ({ entry, rounds: [] }));
const startMs = Date.now();

for (let round = 0; round < plan.rounds; round++) {
  // Each round begins with another client, so that none always runs after the same one.
  for (let turn = 0; turn < results.length; turn++) {
    const result = results[(turn + round) % results.length]!;
    try {
      result.rounds[round] = await measureClient(result.entry, stub, url, plan, execArgv);
    } catch (thrown) {
      result.rounds[round] = undefined;
      say(`${result.entry.label}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    say(`round ${round + 1} of ${plan.rounds}: ${result.entry.label}, ${seconds()} s`);
  }
}
await stub.stop();

console.log(
  `Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model.trim() ?? 'CPU'}, load ${os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}, ${plan.rounds} rounds, ${seconds()} s\n`,
);
console.log(report(results, plan));
for (const line of aims(results, plan)) console.log(line);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, plan, results }, null, 1)}\n`);
}

function seconds(): number {
  return Math.round((Date.now() - startMs) / 1000);
}
