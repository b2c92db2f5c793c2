import type { Clock, Frame, Ms, Socket, SocketClose, Timer } from '../../core/index.js';
import { closeCodeOrNormal, cutReason } from '../../net/close.js';
import { Inbox } from '../../net/inbox.js';
import type { Direction, FaultBody } from './faults.js';
import { Flow } from './flow.js';
import type { Random } from './random.js';
import type { Vocabulary } from './vocabulary.js';

/** A socket whose network can end without a word, as `linkedPair` makes it. */
export type CuttableSocket = Socket & { cut?(error?: Error): void };

export interface ProxiedOptions {
  clock: Clock;
  random: Random;
  latencyMs: Ms;
  vocabulary: Vocabulary;
  /** Asked at each frame that would be delivered. */
  faultAt(dir: Direction, frame: Frame): FaultBody | undefined;
  onEnd(): void;
}

/** How long a client that closes waits for an answer that never comes. */
const closeTimeoutMs: Ms = 3_000;
/** How long a server keeps a connection of which nothing comes. */
const serverNoticesMs: Ms = 30_000;
/** How long an event is held for another one to overtake it. */
const holdMs: Ms = 200;

/** The client's end of a connection through the proxy. */
export class ProxiedSocket implements Socket {
  readonly #server: CuttableSocket;
  readonly #options: ProxiedOptions;
  readonly #inbox = new Inbox();
  readonly #up: Flow;
  readonly #down: Flow;
  readonly #timers = new Set<Timer>();
  #fallsAfter = Number.POSITIVE_INFINITY;
  #mode: 'plain' | 'duplicate' | 'reorder' = 'plain';
  #held: { frame: Frame; timer: Timer } | undefined;
  /** Its last frame has passed. */
  #doomed = false;
  #onPong: () => void = () => {};
  #closing = false;
  #clientEnded = false;
  #serverEnded = false;

  constructor(server: CuttableSocket, options: ProxiedOptions) {
    const { clock, random, latencyMs } = options;
    this.#server = server;
    this.#options = options;
    this.#up = new Flow(clock, random, latencyMs, (frame) => this.#pass('up', frame));
    this.#down = new Flow(clock, random, latencyMs, (frame) => this.#pass('down', frame));
    server.onFrame((frame) => this.#down.push(frame));
    server.onClose((close) => this.#closedByServer(close));
  }

  get bufferedBytes(): number {
    return this.#up.bytes;
  }

  send(frame: Frame): void {
    if (!this.#closing && !this.#clientEnded) this.#up.push(frame);
  }

  /** Answered where both ways are open, behind all that was sent before; nobody asks the server itself. */
  ping(): void {
    if (this.#closing || !this.#isOpen) return;
    this.#later(this.#up.lagMs, () => {
      if (!this.#isOpen || this.#serverEnded) return;
      this.#later(this.#down.lagMs, () => {
        if (this.#isOpen && !this.#serverEnded) this.#onPong();
      });
    });
  }

  get #isOpen(): boolean {
    return !this.#clientEnded && !this.#up.blocked && !this.#down.blocked;
  }

  onPong(listener: () => void): void {
    this.#onPong = listener;
  }

  close(code = 1000, reason = ''): void {
    if (this.#closing || this.#clientEnded) return;
    this.#closing = true;
    const [wireCode, wireReason] = [closeCodeOrNormal(code), cutReason(reason)];
    if (this.#up.blocked || this.#down.blocked) this.#later(closeTimeoutMs, () => this.#endClient(lost));
    this.#up.end(() => this.#server.close(wireCode, wireReason));
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#inbox.setOnFrame(listener);
  }

  onClose(listener: (close: SocketClose) => void): void {
    this.#inbox.setOnClose(listener);
  }

  /** The connection is to end before that many frames from the server. */
  fallAfter(frames: number): void {
    this.#fallsAfter = frames;
  }

  /** Nothing passes any more in that direction; the network notices after `forMs`. */
  halfOpen(dir: Direction | 'both', forMs: Ms): void {
    if (dir !== 'down') this.#up.block();
    if (dir !== 'up') this.#down.block();
    if (this.#closing) this.#later(closeTimeoutMs, () => this.#endClient(lost));
    this.#later(forMs, () => this.cut());
  }

  /** The network is gone, on both sides. */
  cut(): void {
    this.#endClient(lost);
    this.#endServer();
  }

  #pass(dir: Direction, frame: Frame): void {
    if (this.#doomed) return;
    if (dir === 'down' && --this.#fallsAfter < 0) return this.cut();
    const fault = this.#options.faultAt(dir, frame);
    if (fault?.t === 'drop') {
      if (fault.at < 1) return this.cut();
      this.#deliver(dir, frame);
      this.#doomed = true;
      // After the frame has arrived at the far end.
      queueMicrotask(() => queueMicrotask(() => this.cut()));
      return;
    }
    if (fault !== undefined) this.#hurt(fault);
    if (fault?.t !== 'half_open') this.#deliver(dir, frame);
  }

  #hurt(fault: Exclude<FaultBody, { t: 'drop' }>): void {
    switch (fault.t) {
      case 'close':
        return this.#closeAsServer(fault.code, fault.reason);
      case 'half_open':
        return this.halfOpen(fault.dir, fault.forMs);
      case 'expire': {
        const { frame, code, reason } = this.#options.vocabulary.expiry(fault.leftMs);
        this.#inbox.frame(frame);
        return this.#later(fault.leftMs, () => this.#closeAsServer(code, reason));
      }
      case 'delay':
        if (fault.dir !== 'down') this.#up.delay(fault.ms, fault.jitterMs, fault.forMs);
        if (fault.dir !== 'up') this.#down.delay(fault.ms, fault.jitterMs, fault.forMs);
        return;
      case 'trickle':
        (fault.dir === 'up' ? this.#up : this.#down).trickle(fault.bytesPerSecond, fault.forMs);
        return;
      case 'inject':
        for (const frame of fault.frames) this.#inbox.frame(frame);
        return;
      default:
        this.#mode = fault.t;
    }
  }

  #deliver(dir: Direction, frame: Frame): void {
    if (dir === 'up') {
      if (!this.#serverEnded) this.#server.send(frame);
      return;
    }
    const held = this.#held;
    if (held !== undefined) {
      this.#held = undefined;
      held.timer.cancel();
      const swaps = this.#options.vocabulary.maySwap(textOf(held.frame), textOf(frame));
      if (swaps) this.#mode = 'plain';
      const [first, second] = swaps ? [frame, held.frame] : [held.frame, frame];
      this.#inbox.frame(first);
      this.#inbox.frame(second);
      return;
    }
    if (this.#mode === 'reorder') return this.#hold(frame);
    this.#inbox.frame(frame);
    if (this.#mode !== 'duplicate' || !this.#options.vocabulary.mayRepeat(textOf(frame))) return;
    this.#mode = 'plain';
    this.#inbox.frame(frame);
  }

  #hold(frame: Frame): void {
    const { clock } = this.#options;
    const timer = clock.at(clock.now() + holdMs, () => {
      this.#held = undefined;
      this.#inbox.frame(frame);
    });
    this.#held = { frame, timer };
  }

  /** What was on its way down still arrives; what goes up is lost. */
  #closeAsServer(code: number, reason: string): void {
    this.#down.end(() => this.#endClient({ code, reason }));
    this.#endServer();
  }

  #closedByServer(close: SocketClose): void {
    this.#serverEnded = true;
    this.#down.end(() => this.#endClient(close));
    this.#endWhenBothHave();
  }

  #endClient(close: SocketClose): void {
    if (this.#clientEnded) return;
    this.#clientEnded = true;
    this.#held?.timer.cancel();
    if (this.#held !== undefined && close !== lost) this.#inbox.frame(this.#held.frame);
    this.#up.cut();
    this.#down.cut();
    this.#inbox.end(close);
    // Nobody told the server.
    if (!this.#serverEnded) this.#later(serverNoticesMs, () => this.#endServer());
    this.#endWhenBothHave();
  }

  #endServer(): void {
    if (this.#serverEnded) return;
    this.#serverEnded = true;
    if (this.#server.cut === undefined) this.#server.close(1000, '');
    else this.#server.cut();
    this.#endWhenBothHave();
  }

  #endWhenBothHave(): void {
    if (!this.#clientEnded || !this.#serverEnded) return;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#options.onEnd();
  }

  #later(ms: Ms, run: () => void): void {
    const { clock } = this.#options;
    const timer = clock.at(clock.now() + ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }
}

const lost: SocketClose = { code: 1006, reason: '' };
const decoder = new TextDecoder();

export function textOf(frame: Frame): string {
  return typeof frame === 'string' ? frame : decoder.decode(frame);
}
