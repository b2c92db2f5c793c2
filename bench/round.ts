import type { ClientEntry } from './clients/table.js';
import { Child } from './measure/child.js';
import { delays, lastSamples } from './measure/line.js';
import { percentile } from './measure/statistics.js';
import type { Hello, Lines, Memory, Sending, StubRequest, WorkerRequest } from './messages.js';
import { sampleRateHz } from './messages.js';
import { type Plan, type Row, type RowName, rows } from './plan.js';

/** What one client's process told in one round. A row that failed is absent, and `notes` says why. */
export interface Measured {
  hello: Hello;
  /** Milliseconds of CPU per second of audio of one session. */
  cpuMs: Partial<Record<RowName, number>>;
  latency: Partial<Record<'in1' | 'out1' | 'in50' | 'out50', { p50: number; p99: number }>>;
  idleKb?: Memory;
  activeKb?: Memory;
  notes: string[];
}

type Stub = Child<StubRequest>;
type Worker = Child<WorkerRequest>;

/** Measures one client in a process of its own, against the stub that all share. */
export async function measureClient(
  entry: ClientEntry,
  stub: Stub,
  url: string,
  plan: Plan,
  execArgv: string[],
): Promise<Measured> {
  const module = new URL(entry.module, import.meta.url);
  const flags = ['--expose-gc', ...execArgv];
  const worker: Worker = new Child(new URL('./worker.js', import.meta.url), [module.href], flags);
  try {
    const measured: Measured = { hello: await worker.hello<Hello>(), cpuMs: {}, latency: {}, notes: [] };
    await measureAlone(worker, stub, url, plan, measured);
    await measureMany(worker, stub, url, plan, measured);
    return measured;
  } finally {
    await worker.stop();
  }
}

/** One session: both directions at once, for the latency. */
async function measureAlone(worker: Worker, stub: Stub, url: string, plan: Plan, measured: Measured) {
  await worker.ask({ do: 'open', url, sessions: 1, chunkMs: 20 });
  const sending: Sending = { frames: plan.aloneFrames, frameMs: 20, pace: 'paced' };
  await stub.ask({ do: 'begin' });
  await pause(100);
  await reset(worker, stub);
  await Promise.all([stub.ask({ do: 'speak', ...sending }), worker.ask({ do: 'push', ...sending })]);
  await pause(150);
  const here = await worker.ask<Lines>({ do: 'lines' });
  const there = await stub.ask<Lines>({ do: 'lines' });
  await stub.ask({ do: 'end' });
  noteLatency(measured, 'in1', here, there);
  noteLatency(measured, 'out1', there, here);
}

async function measureMany(worker: Worker, stub: Stub, url: string, plan: Plan, measured: Measured) {
  const before = await worker.ask<Memory>({ do: 'memory' });
  await worker.ask({ do: 'open', url, sessions: plan.sessions, chunkMs: 20 }, 60_000);
  await pause(300);
  const perSession = (now: Memory): Memory => ({
    rssKb: (now.rssKb - before.rssKb) / (plan.sessions - 1),
    heapKb: (now.heapKb - before.heapKb) / (plan.sessions - 1),
  });
  measured.idleKb = perSession(await worker.ask<Memory>({ do: 'memory' }));
  await warmUp(worker, stub, plan);
  // The length of the messages in is set when a session opens, so those of 100 ms come last.
  const later: Row[] = rows.filter((row) => row.direction === 'in' && row.frameMs === 100);
  for (const row of rows) {
    if (!later.includes(row) && !plan.skip.includes(row.name))
      await measureRow(row, worker, stub, plan, measured);
  }
  measured.activeKb = perSession(await worker.ask<Memory>({ do: 'memory' }));
  await worker.ask({ do: 'close' });
  await pause(200);
  await worker.ask({ do: 'open', url, sessions: plan.sessions, chunkMs: 100 }, 60_000);
  await warmUp(worker, stub, plan);
  for (const row of later) {
    if (!plan.skip.includes(row.name)) await measureRow(row, worker, stub, plan, measured);
  }
}

async function warmUp(worker: Worker, stub: Stub, plan: Plan): Promise<void> {
  const sending: Sending = { frames: plan.burstFrames, frameMs: 20, pace: 'burst' };
  await worker.ask({ do: 'push', ...sending });
  await stub.ask({ do: 'begin' });
  await stub.ask({ do: 'speak', ...sending });
  await stub.ask({ do: 'end' });
  await pause(300);
}

async function measureRow(row: Row, worker: Worker, stub: Stub, plan: Plan, measured: Measured) {
  const { frameMs, direction, pace } = row;
  const shortFrames = pace === 'paced' ? plan.windowFrames : plan.burstFrames;
  const sending: Sending = { frames: (shortFrames * 20) / frameMs, frameMs, pace };
  const audioSeconds = (shortFrames * 20 * plan.sessions) / 1000;
  let ownMs = 0;
  if (direction === 'in') {
    const rehearse = { do: 'rehearse' as const, sessions: plan.sessions, ...sending };
    ownMs = await cpuOf(worker, () => worker.ask(rehearse));
  } else {
    await stub.ask({ do: 'begin' });
    await pause(100);
  }
  await reset(worker, stub);
  const goal = audioSeconds * sampleRateHz;
  const cpuMs = await cpuOf(worker, async () => {
    if (direction === 'in') await worker.ask({ do: 'push', ...sending });
    else await stub.ask({ do: 'speak', ...sending });
    await arrival(direction === 'in' ? stub : worker, goal);
  });
  const here = await worker.ask<Lines>({ do: 'lines' });
  const there = await stub.ask<Lines>({ do: 'lines' });
  if (direction === 'out') await stub.ask({ do: 'end' });

  const arrived = total(direction === 'in' ? there : here);
  if (arrived < goal * 0.98) {
    measured.notes.push(
      `${row.title}: ${Math.round((1 - arrived / goal) * 100)} % of the audio did not arrive`,
    );
    return;
  }
  measured.cpuMs[row.name] = (cpuMs - ownMs) / audioSeconds;
  if (row.name === 'in20') noteLatency(measured, 'in50', here, there);
  if (row.name === 'out20') noteLatency(measured, 'out50', there, here);
}

async function cpuOf(worker: Worker, run: () => Promise<unknown>): Promise<number> {
  const before = await worker.ask<number>({ do: 'cpu' });
  await run();
  return (await worker.ask<number>({ do: 'cpu' })) - before;
}

/** Waits until all samples are there, or nothing more has come for half a second. */
async function arrival(end: Worker | Stub, goal: number): Promise<void> {
  let before = -1;
  let quiet = 0;
  while (quiet < 5) {
    const now = await (end as Worker).ask<number>({ do: 'total' });
    if (now >= goal) return;
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    await pause(100);
  }
}

function noteLatency(measured: Measured, name: keyof Measured['latency'], from: Lines, to: Lines): void {
  const all: number[] = [];
  from.sent.forEach((sent, index) => {
    const received = to.received[index];
    if (received !== undefined) all.push(...delays(sent, received));
  });
  if (all.length > 0) measured.latency[name] = { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
}

async function reset(worker: Worker, stub: Stub): Promise<void> {
  await Promise.all([worker.ask({ do: 'reset' }), stub.ask({ do: 'reset' })]);
}

function total(lines: Lines): number {
  return lines.received.reduce((sum, line) => sum + lastSamples(line), 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
