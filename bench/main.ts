import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { type ClientEntry, clients } from './clients/table.js';
import { Contender, loadOnce, nothingMeasured, type Stub } from './contender.js';
import { Child } from './measure/child.js';
import { installPeers } from './peers.js';
import { fullPlan, quickPlan, type Row, rows } from './plan.js';
import { aims, type Results, report } from './report.js';

const usage = `npm run bench [-- options]
  --quick          once, in short windows (under two minutes); the default is three times, in longer ones (a quarter of an hour)
  --repetitions N  how often everything is done with fresh processes
  --only a,b       these clients only (the floor is always there): ${clients.map(({ name }) => name).join(', ')}
  --json FILE      also write every figure of every round
  --cpu-prof DIR   write a CPU profile of every client's process (figures are then slower)`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    repetitions: { type: 'string' },
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
if (values.repetitions !== undefined) {
  plan.repetitions = Math.max(1, Number.parseInt(values.repetitions, 10) || 1);
}
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

const startMs = Date.now();
const results: Results[] = chosen.map((entry) => ({ entry, measured: nothingMeasured() }));
const leftOut = new Set<ClientEntry>();
let contenders: Contender[] = [];

for (let repetition = 0; repetition < plan.repetitions; repetition++) await measureAll(repetition);
for (let count = plan.repetitions; count < plan.imports; count++) {
  for (const { entry, measured } of results) {
    if (!leftOut.has(entry)) await loadOnce(entry, measured);
  }
}

console.log(
  `Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model.trim() ?? 'CPU'}, load ${os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}, ${plan.repetitions} x ${plan.rounds} rounds, ${seconds()} s\n`,
);
console.log(report(results, plan));
for (const line of aims(results, plan)) console.log(line);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, plan, results }, null, 1)}\n`);
}

/** Everything once, with a fresh process for each client and for the stub. */
async function measureAll(repetition: number): Promise<void> {
  const step = (what: string) => say(`${seconds()} s: ${repetition + 1} of ${plan.repetitions}, ${what}`);
  const stub: Stub = new Child(new URL('./stub/main.js', import.meta.url), []);
  await stub.hello();
  step('start');
  contenders = [];
  for (const { entry, measured } of results) {
    if (leftOut.has(entry)) continue;
    try {
      contenders.push(await Contender.start(entry, measured, stub, plan, execArgv));
    } catch (thrown) {
      leaveOut(entry, thrown);
    }
  }
  const first = repetition * plan.rounds;
  const rounds = Array.from({ length: plan.rounds }, (_, index) => first + index);
  step('latency of one session');
  for (const round of rounds) await each(round, (contender) => contender.measureAlone(round));
  step('warming up');
  await each(first, (contender) => contender.openAll());
  const measureRows = async (those: Row[]) => {
    for (const round of rounds) {
      step(`round ${round - first + 1} of ${plan.rounds}`);
      for (const row of those) {
        if (!plan.skip.includes(row.name)) await each(round, (contender) => contender.measureRow(row, round));
      }
    }
  };
  await measureRows(rows.filter((row) => row.direction === 'out' || row.frameMs === 20));
  step('messages of 100 ms');
  await each(first, (contender) => contender.openAgain(100));
  await measureRows(rows.filter((row) => row.direction === 'in' && row.frameMs === 100));
  await each(first, (contender) => contender.stop());
  await stub.stop();
}

/** One after the other, beginning with another one each round; who fails is left out from there. */
async function each(round: number, run: (contender: Contender) => Promise<void>): Promise<void> {
  const order = contenders.map((_, turn) => contenders[(turn + round) % contenders.length]!);
  for (const contender of order) {
    try {
      await run(contender);
    } catch (thrown) {
      contenders = contenders.filter((other) => other !== contender);
      leaveOut(contender.entry, thrown);
      await contender.stop();
    }
  }
}

function leaveOut(entry: ClientEntry, thrown: unknown): void {
  leftOut.add(entry);
  say(`${entry.label} is left out from here: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}

function seconds(): number {
  return Math.round((Date.now() - startMs) / 1000);
}
