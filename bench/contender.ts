import type { ClientEntry } from './clients/table.js';
import { Child } from './measure/child.js';
import { delays, lastSamples } from './measure/line.js';
import { percentile } from './measure/statistics.js';
import type { WorkerRequest } from './messages.js';
import {
  type Hello,
  type Lines,
  type Memory,
  type Sending,
  type StubRequest,
  sampleRateHz,
} from './messages.js';
import type { Plan, Row, RowName } from './plan.js';

export type Stub = Child<StubRequest>;
export type LagName = 'in1' | 'out1' | 'in50' | 'out50';

/** What one client's processes told, a value per round. A hole: that window failed. */
export interface Measured {
  imports: Hello[];
  /** Milliseconds of CPU per second of audio of one session. */
  cpuMs: Partial<Record<RowName, (number | undefined)[]>>;
  lag: Partial<Record<LagName, ({ p50: number; p99: number } | undefined)[]>>;
  idle: Memory[];
  active: Memory[];
  notes: string[];
}

export function nothingMeasured(): Measured {
  return { imports: [], cpuMs: {}, lag: {}, idle: [], active: [], notes: [] };
}

/** One client in a process of its own, with its sessions on a port of the stub that all clients share. */
export class Contender {
  readonly #ownMs = new Map<Row, number>();
  #idle: Memory = { rssKb: 0, heapKb: 0 };
  #idleEach: Memory = { rssKb: 0, heapKb: 0 };

  private constructor(
    readonly entry: ClientEntry,
    readonly measured: Measured,
    readonly worker: Child<WorkerRequest>,
    readonly stub: Stub,
    readonly port: number,
    readonly plan: Plan,
  ) {}

  static async start(
    entry: ClientEntry,
    measured: Measured,
    stub: Stub,
    plan: Plan,
    execArgv: string[],
  ): Promise<Contender> {
    const worker = spawn(entry, execArgv);
    measured.imports.push(await worker.hello<Hello>());
    const port = await stub.ask<number>({ do: 'listen' });
    const contender = new Contender(entry, measured, worker, stub, port, plan);
    await contender.#open(1, 20);
    return contender;
  }

  /** One session, both directions at once, for the latency. */
  async measureAlone(round: number): Promise<void> {
    const { worker, stub, port } = this;
    const sending: Sending = { frames: this.plan.aloneFrames, frameMs: 20, pace: 'paced' };
    await stub.ask({ do: 'begin', port });
    await pause(50);
    await this.#reset();
    await Promise.all([stub.ask({ do: 'speak', port, ...sending }), worker.ask({ do: 'push', ...sending })]);
    await pause(150);
    const [here, there] = await this.#lines();
    await stub.ask({ do: 'end', port });
    this.#noteLag('in1', round, here, there);
    this.#noteLag('out1', round, there, here);
  }

  /** All sessions once for the engine, which compiles meanwhile; then again, to weigh the later half of them. */
  async openAll(): Promise<void> {
    const { sessions } = this.plan;
    const half = sessions >> 1;
    await this.#open(sessions, 20);
    await this.#warmUp();
    await this.#closeAll();
    await this.#open(half, 20);
    await pause(200);
    const before = await this.#memory();
    await this.#open(sessions, 20);
    await pause(200);
    this.#idle = await this.#memory();
    this.#idleEach = perSession(before, this.#idle, sessions - half);
    this.measured.idle.push(this.#idleEach);
    await this.#warmUp();
  }

  /** The length of the messages in is set when a session opens. */
  async openAgain(chunkMs: number): Promise<void> {
    const grown = perSession(this.#idle, await this.#memory(), this.plan.sessions);
    this.measured.active.push({
      rssKb: this.#idleEach.rssKb + grown.rssKb,
      heapKb: this.#idleEach.heapKb + grown.heapKb,
    });
    await this.#closeAll();
    await this.#open(this.plan.sessions, chunkMs);
    await this.#warmUp();
  }

  async measureRow(row: Row, round: number): Promise<void> {
    const { worker, stub, port, plan } = this;
    const { frameMs, direction, pace } = row;
    const shortFrames = pace === 'paced' ? plan.pacedFrames : plan.burstFrames;
    const sending: Sending = { frames: (shortFrames * 20) / frameMs, frameMs, pace };
    const audioSeconds = (shortFrames * 20 * plan.sessions) / 1000;
    const goal = audioSeconds * sampleRateHz;
    const ownMs = direction === 'in' ? await this.#rehearse(row, sending) : 0;
    if (direction === 'out') {
      await stub.ask({ do: 'begin', port });
      await pause(50);
    }
    await this.#reset();
    const cpuMs = await this.#cpuOf(async () => {
      if (direction === 'in') await worker.ask({ do: 'push', ...sending });
      else await stub.ask({ do: 'speak', port, ...sending });
      await this.#arrival(direction, goal);
    });
    const [here, there] = await this.#lines();
    if (direction === 'out') await stub.ask({ do: 'end', port });

    const results = (this.measured.cpuMs[row.name] ??= []);
    const arrived = (direction === 'in' ? there : here).received.reduce(
      (sum, line) => sum + lastSamples(line),
      0,
    );
    if (arrived < goal * 0.98) {
      this.measured.notes.push(
        `${row.title}: ${Math.round((1 - arrived / goal) * 100)} % of the audio was lost`,
      );
      return;
    }
    results[round] = (cpuMs - ownMs) / audioSeconds;
    if (row.name === 'in20') this.#noteLag('in50', round, here, there);
    if (row.name === 'out20') this.#noteLag('out50', round, there, here);
  }

  stop(): Promise<void> {
    return this.worker.stop();
  }

  async #open(sessions: number, chunkMs: number): Promise<void> {
    await this.worker.ask({ do: 'open', url: `ws://127.0.0.1:${this.port}`, sessions, chunkMs }, 60_000);
  }

  async #warmUp(): Promise<void> {
    const { worker, stub, port, plan } = this;
    const burst: Sending = { frames: plan.warmFrames, frameMs: 20, pace: 'burst' };
    const paced: Sending = { frames: plan.warmFrames / 2, frameMs: 20, pace: 'paced' };
    await stub.ask({ do: 'begin', port });
    for (const sending of [burst, paced]) {
      await Promise.all([
        worker.ask({ do: 'push', ...sending }, 60_000),
        stub.ask({ do: 'speak', port, ...sending }, 60_000),
      ]);
    }
    await stub.ask({ do: 'end', port });
    await pause(300);
  }

  async #closeAll(): Promise<void> {
    await this.worker.ask({ do: 'close' });
    await pause(100);
  }

  /** What the bench costs in this process for a row, measured once. */
  async #rehearse(row: Row, sending: Sending): Promise<number> {
    const known = this.#ownMs.get(row);
    if (known !== undefined) return known;
    await this.worker.ask({ do: 'rehearse', ...sending, pace: 'burst' });
    const ownMs = await this.#cpuOf(() => this.worker.ask({ do: 'rehearse', ...sending }));
    this.#ownMs.set(row, ownMs);
    return ownMs;
  }

  async #cpuOf(run: () => Promise<unknown>): Promise<number> {
    const before = await this.worker.ask<number>({ do: 'cpu' });
    await run();
    return (await this.worker.ask<number>({ do: 'cpu' })) - before;
  }

  /** Waits until all samples are there, or nothing more has come for half a second. */
  async #arrival(direction: Row['direction'], goal: number): Promise<void> {
    const { worker, stub, port } = this;
    let before = -1;
    let quiet = 0;
    while (quiet < 10) {
      const now =
        direction === 'in'
          ? await stub.ask<number>({ do: 'total', port })
          : await worker.ask<number>({ do: 'total' });
      if (now >= goal) return;
      quiet = now === before ? quiet + 1 : 0;
      before = now;
      await pause(50);
    }
  }

  #memory(): Promise<Memory> {
    return this.worker.ask<Memory>({ do: 'memory' });
  }

  async #reset(): Promise<void> {
    await Promise.all([this.worker.ask({ do: 'reset' }), this.stub.ask({ do: 'reset', port: this.port })]);
  }

  #lines(): Promise<[here: Lines, there: Lines]> {
    const there = this.stub.ask<Lines>({ do: 'lines', port: this.port });
    return Promise.all([this.worker.ask<Lines>({ do: 'lines' }), there]);
  }

  #noteLag(name: LagName, round: number, from: Lines, to: Lines): void {
    const all: number[] = [];
    from.sent.forEach((sent, index) => {
      const received = to.received[index];
      if (received !== undefined) all.push(...delays(sent, received));
    });
    const list = (this.measured.lag[name] ??= []);
    if (all.length > 0) list[round] = { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
  }
}

/** Loads a client in a fresh process, for nothing but the time it takes. */
export async function loadOnce(entry: ClientEntry, measured: Measured): Promise<void> {
  const worker = spawn(entry, []);
  try {
    measured.imports.push(await worker.hello<Hello>());
  } finally {
    await worker.stop();
  }
}

function spawn(entry: ClientEntry, execArgv: string[]): Child<WorkerRequest> {
  const module = new URL(entry.module, import.meta.url).href;
  return new Child(new URL('./worker.js', import.meta.url), [module], ['--expose-gc', ...execArgv]);
}

function perSession(before: Memory, after: Memory, sessions: number): Memory {
  return {
    rssKb: (after.rssKb - before.rssKb) / sessions,
    heapKb: (after.heapKb - before.heapKb) / sessions,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
