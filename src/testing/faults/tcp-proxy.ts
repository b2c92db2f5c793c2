import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Ms } from '../../core/index.js';
import type { Direction } from './faults.js';
import { seededRandom } from './random.js';

/** One thing that happens to the bytes of one connection (counted from 1), once `afterBytes` have passed that way. */
export interface TcpFault {
  connection: number;
  dir: Direction;
  afterBytes: number;
  /** `cut`: reset. `end`: a FIN. `stall`: no byte passes any more in either direction. `delay`: the rest of this direction comes later. */
  what: { t: 'cut' | 'end' | 'stall' } | { t: 'delay'; ms: Ms } | { t: 'slow'; bytesPerSecond: number };
}

export interface TcpProxyOptions {
  targetPort: number;
  /** Default 127.0.0.1. */
  targetHost?: string;
  faults?: readonly TcpFault[];
}

/** A TCP proxy on loopback. */
export interface TcpProxy {
  readonly port: number;
  /** Connections taken so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Faults that have happened, in their order. */
  readonly fired: readonly TcpFault[];
  /** The next so many connections are reset as soon as they are there. */
  refuse(times: number): void;
  /** Resets every open connection. */
  cut(): void;
  /** From now on no byte passes on the open connections. */
  stall(): void;
  close(): Promise<void>;
}

/** Faults made from a seed, one for each connection: a cut at any byte, most often. */
export function tcpFaults(seed: number, connections: number, bytes = 60_000): TcpFault[] {
  const random = seededRandom(seed);
  return Array.from({ length: connections }, (_, index) => ({
    connection: index + 1,
    dir: random.pick(['up', 'down'] as const),
    afterBytes: random.int(1, bytes),
    what: random.weighted<TcpFault['what']>([
      [6, { t: 'cut' }],
      [2, { t: 'end' }],
      [1, { t: 'stall' }],
      [1, { t: 'delay', ms: random.int(1, 50) }],
      [1, { t: 'slow', bytesPerSecond: 400_000 }],
    ]),
  }));
}

/** Passes bytes between its port and the target's, and lets the faults happen to them. */
export async function tcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const proxy = new ListeningProxy(options);
  await proxy.listen();
  return proxy;
}

class ListeningProxy implements TcpProxy {
  readonly #options: TcpProxyOptions;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly fired: TcpFault[] = [];
  accepted = 0;
  #refusals = 0;

  constructor(options: TcpProxyOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get open(): number {
    return this.#pairs.size;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  refuse(times: number): void {
    this.#refusals = times;
  }

  cut(): void {
    for (const pair of [...this.#pairs]) pair.cut();
  }

  stall(): void {
    for (const pair of this.#pairs) pair.stall();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    const number = ++this.accepted;
    client.on('error', () => {});
    if (this.#refusals > 0) {
      this.#refusals -= 1;
      client.resetAndDestroy();
      return;
    }
    const { targetPort, targetHost = '127.0.0.1', faults = [] } = this.#options;
    const server = connect({ port: targetPort, host: targetHost, allowHalfOpen: true });
    server.on('error', () => {});
    const pair: Pair = new Pair(client, server, {
      faults: faults.filter(({ connection }) => connection === number),
      onFault: (fault) => this.fired.push(fault),
      onEnd: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
  }
}

interface PairOptions {
  faults: readonly TcpFault[];
  onFault(fault: TcpFault): void;
  onEnd(): void;
}

class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #options: PairOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stalled = false;

  constructor(client: Socket, server: Socket, options: PairOptions) {
    this.#client = client;
    this.#server = server;
    this.#options = options;
    this.#join('up', client, server);
    this.#join('down', server, client);
    let closed = 0;
    for (const one of [client, server]) {
      one.on('close', (hadError) => {
        const other = one === client ? server : client;
        // In order: behind what is still to be written.
        if (hadError) other.destroy();
        else if (!this.#stalled || one === client) other.destroySoon();
        if (++closed === 2) this.#end();
      });
    }
  }

  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  stall(): void {
    this.#stalled = true;
    this.#client.pause();
    this.#server.pause();
  }

  #join(dir: Direction, from: Socket, to: Socket): void {
    const faults = this.#options.faults
      .filter((fault) => fault.dir === dir)
      .sort((a, b) => a.afterBytes - b.afterBytes);
    let passed = 0;
    /** Once it is slow, it stays so. */
    let bytesPerSecond = Number.POSITIVE_INFINITY;
    const take = (chunk: Buffer) => {
      const left = (faults[0]?.afterBytes ?? Number.POSITIVE_INFINITY) - passed;
      const now = chunk.subarray(0, Math.min(left, chunk.length));
      const rest = chunk.subarray(now.length);
      passed += now.length;
      const isFull = now.length > 0 && !to.write(now);
      if (now.length === left) {
        // The bytes before the fault have passed.
        const { what } = this.#fire(faults.shift()!);
        if (what.t === 'delay') return this.#holdBack(from, rest, what.ms, take);
        if (what.t !== 'slow') return this.#hurt(what.t, from, to);
        bytesPerSecond = what.bytesPerSecond;
      }
      const waitMs = (now.length * 1000) / bytesPerSecond;
      if (rest.length > 0 || waitMs > 0) return this.#holdBack(from, rest, waitMs, take);
      if (!isFull) return;
      from.pause();
      to.once('drain', () => {
        if (!this.#stalled) from.resume();
      });
    };
    from.on('data', take);
    from.on('end', () => {
      if (!this.#stalled) to.end();
    });
  }

  #fire(fault: TcpFault): TcpFault {
    this.#options.onFault(fault);
    return fault;
  }

  #hurt(what: 'cut' | 'end' | 'stall', from: Socket, to: Socket): void {
    if (what === 'cut') this.cut();
    else if (what === 'stall') this.stall();
    else {
      from.destroy();
      to.end();
    }
  }

  #holdBack(from: Socket, rest: Buffer, ms: Ms, take: (chunk: Buffer) => void): void {
    from.pause();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#stalled) return;
      // Before what comes next; it may hold it back again.
      from.resume();
      if (rest.length > 0) take(rest);
    }, ms);
    this.#timers.add(timer);
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#options.onEnd();
  }
}
