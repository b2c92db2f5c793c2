import type { Clock, Frame, Ms, Socket } from '../../core/index.js';
import type { DialFault, Direction, Fault, FaultBody, FaultPlan, FaultWire } from './faults.js';
import { type CuttableSocket, ProxiedSocket, textOf } from './proxied-socket.js';
import { type Random, seededRandom } from './random.js';
import { givenUpError, refusalError, timeoutError } from './refusals.js';
import { Schedule } from './schedule.js';
import { vocabularies } from './vocabulary.js';

export interface FaultProxyOptions {
  clock: Clock;
  wire: FaultWire;
  /** One way. Default 0: a frame passes in the call that brings it. */
  latencyMs?: Ms;
  /** Told of every fault as it happens. */
  onFault?: (fired: FiredFault) => void;
}

/** What `connect` needs of a provider's connect options. */
export interface ProxyDial {
  timeoutMs: Ms;
  signal?: AbortSignal;
}

/** A fault that has happened. */
export interface FiredFault {
  atMs: Ms;
  /** Counted from 1 in the order of dialling. */
  connection: number;
  fault: Fault | DialFault;
}

/**
 * Stands between a client and its server, message by message, and lets the faults of a plan happen in their order. With a
 * clock moved by hand the same plan over the same conversation gives the same run. Close it at the end: it cuts what is
 * still open.
 */
export class FaultProxy {
  readonly plan: FaultPlan;
  readonly fired: FiredFault[] = [];
  readonly #options: FaultProxyOptions;
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #sockets = new Set<ProxiedSocket>();
  #dials: DialFault[] = [];
  #connections = 0;
  #open: CuttableSocketSource;

  /** `open` gives the client's end of a new connection to the server. */
  constructor(plan: FaultPlan, open: CuttableSocketSource, options: FaultProxyOptions) {
    this.plan = plan;
    this.#dials = [...(plan.first ?? [])];
    this.#open = open;
    this.#options = options;
    this.#random = seededRandom(plan.seed);
    this.#schedule = new Schedule(plan, options.clock.now());
  }

  /** Connections of which one end is still open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Dials so far, those that failed too. */
  get connections(): number {
    return this.#connections;
  }

  /** Faults of the plan that have not happened. */
  get left(): number {
    return this.#schedule.left;
  }

  /** For a provider's option `connect`. Rejects as `connectWebSocket` does. */
  async connect(_url: string, dial: ProxyDial): Promise<Socket> {
    const connection = ++this.#connections;
    const fault = this.#dials.shift();
    if (fault !== undefined) this.#tell(connection, fault);
    if (dial.signal?.aborted) throw givenUpError(dial.signal.reason);
    if (fault?.t === 'refuse') throw refusalError(fault.how);
    if (fault?.t === 'hang' || (fault?.t === 'slow' && fault.ms >= dial.timeoutMs)) {
      await this.#wait(dial.timeoutMs, dial.signal);
      throw timeoutError(dial.timeoutMs);
    }
    if (fault?.t === 'slow') await this.#wait(fault.ms, dial.signal);
    const socket = this.#socket(await this.#open(), connection);
    if (fault?.t === 'mute') socket.halfOpen('both', fault.ms);
    if (fault?.t === 'fall') socket.fallAfter(fault.frames);
    return socket;
  }

  /** The same as something to give away. */
  readonly dial = (url: string, dial: ProxyDial): Promise<Socket> => this.connect(url, dial);

  /** Lets this happen now, to every open connection; a `drop` takes no frame with it. */
  cut(then: DialFault[] = []): void {
    this.#dials = [...then];
    for (const socket of [...this.#sockets]) socket.cut();
  }

  /** Cuts what is open. Twice does nothing. */
  close(): void {
    this.cut();
  }

  #socket(server: CuttableSocket, connection: number): ProxiedSocket {
    const { clock, wire, latencyMs = 0 } = this.#options;
    const socket: ProxiedSocket = new ProxiedSocket(server, {
      clock,
      latencyMs,
      random: this.#random,
      vocabulary: vocabularies[wire],
      faultAt: (dir, frame) => this.#faultAt(dir, frame, connection),
      onEnd: () => this.#sockets.delete(socket),
    });
    this.#sockets.add(socket);
    return socket;
  }

  #faultAt(dir: Direction, frame: Frame, connection: number): FaultBody | undefined {
    const fault = this.#schedule.due(dir, () => textOf(frame), this.#options.clock.now());
    if (fault === undefined) return undefined;
    if ('then' in fault) this.#dials = [...fault.then];
    this.#tell(connection, fault);
    return fault;
  }

  #tell(connection: number, fault: Fault | DialFault): void {
    const fired = { atMs: this.#options.clock.now(), connection, fault };
    this.fired.push(fired);
    this.#options.onFault?.(fired);
  }

  #wait(ms: Ms, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = clock.at(clock.now() + ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = () => {
        timer.cancel();
        reject(givenUpError(signal?.reason));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/** Opens one connection to the server behind the proxy. */
export type CuttableSocketSource = () => CuttableSocket | Promise<CuttableSocket>;
