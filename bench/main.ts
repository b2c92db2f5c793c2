import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { type ClientEntry, clients } from './clients/table.js';
import { Contender, type Stub } from './contender.js';
import { Child } from './measure/child.js';
import { installPeers } from './peers.js';
import { fullPlan, quickPlan, type Row, rows } from './plan.js';
import { aims, report } from './report.js';

const usage = `npm run bench [-- options]
  --quick          three short rounds (under two minutes); the default is seven long ones (about ten)
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

const stub: Stub = new Child(new URL('./stub/main.js', import.meta.url), []);
await stub.hello();
const startMs = Date.now();
let contenders: Contender[] = [];
for (const entry of chosen) {
  try {
    contenders.push(await Contender.start(entry, stub, plan, execArgv));
  } catch (thrown) {
    tell(entry, thrown);
  }
}

say(`latency of one session, ${seconds()} s`);
for (let round = 0; round < plan.rounds; round++) {
  await each(round, (contender) => contender.measureAlone(round));
}
say(`warming up, ${seconds()} s`);
await each(0, (contender) => contender.openAll());
await measureRows(rows.filter((row) => row.direction === 'out' || row.frameMs === 20));
await each(0, (contender) => contender.openAgain(100));
await measureRows(rows.filter((row) => row.direction === 'in' && row.frameMs === 100));
await each(0, (contender) => contender.stop());
await stub.stop();
for (let round = 1; round < plan.rounds; round++) await each(round, (contender) => contender.loadAgain());
const results = contenders.map(({ entry, measured }) => ({ entry, measured }));

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

async function measureRows(those: Row[]): Promise<void> {
  for (let round = 0; round < plan.rounds; round++) {
    say(`round ${round + 1} of ${plan.rounds}, ${seconds()} s`);
    for (const row of those) {
      if (!plan.skip.includes(row.name)) await each(round, (contender) => contender.measureRow(row, round));
    }
  }
}

/** One after the other, beginning with another one each round; who fails is left out from there. */
async function each(round: number, run: (contender: Contender) => Promise<void>): Promise<void> {
  const order = contenders.map((_, turn) => contenders[(turn + round) % contenders.length]!);
  for (const contender of order) {
    try {
      await run(contender);
    } catch (thrown) {
      contenders = contenders.filter((other) => other !== contender);
      tell(contender.entry, thrown);
      await contender.stop();
    }
  }
}

function tell(entry: ClientEntry, thrown: unknown): void {
  say(`${entry.label} is left out: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}

function seconds(): number {
  return Math.round((Date.now() - startMs) / 1000);
}
