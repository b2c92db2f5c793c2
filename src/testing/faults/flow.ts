import type { Clock, Frame, Ms, Timer } from '../../core/index.js';
import type { Random } from './random.js';

interface Waiting {
  /** Absent: the end. */
  frame: Frame | undefined;
  atMs: Ms;
}

/** One direction of a connection: frames in order, each in its time. */
export class Flow {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #latencyMs: Ms;
  readonly #deliver: (frame: Frame) => void;
  #queue: Waiting[] = [];
  #timer: Timer | undefined;
  #lastAtMs: Ms = 0;
  #slow: { ms: Ms; jitterMs: Ms; untilMs: Ms } | undefined;
  #narrow: { bytesPerSecond: number; untilMs: Ms } | undefined;
  #atEnd: (() => void) | undefined;
  #blocked = false;
  #gone = false;
  #bytes = 0;

  constructor(clock: Clock, random: Random, latencyMs: Ms, deliver: (frame: Frame) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#latencyMs = latencyMs;
    this.#deliver = deliver;
  }

  /** Bytes on their way; those that go nowhere stay. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How long something small that is sent now takes: it arrives behind all that is on its way. */
  get lagMs(): Ms {
    return Math.max(this.#latencyMs, this.#lastAtMs - this.#clock.now());
  }

  push(frame: Frame): void {
    if (this.#gone || this.#atEnd !== undefined) return;
    if (this.#blocked) {
      this.#bytes += frame.length;
      return;
    }
    const atMs = this.#timeOf(frame);
    if (atMs <= this.#clock.now() && this.#queue.length === 0) this.#deliver(frame);
    else {
      this.#bytes += frame.length;
      this.#wait({ frame, atMs });
    }
  }

  delay(ms: Ms, jitterMs: Ms, forMs: Ms): void {
    this.#slow = { ms, jitterMs, untilMs: this.#clock.now() + forMs };
  }

  trickle(bytesPerSecond: number, forMs: Ms): void {
    this.#narrow = { bytesPerSecond, untilMs: this.#clock.now() + forMs };
  }

  /** From now on nothing arrives, and nobody is told. */
  block(): void {
    this.#blocked = true;
    this.#queue = [];
    this.#timer?.cancel();
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Behind everything that is on its way. */
  end(run: () => void): void {
    if (this.#gone || this.#blocked || this.#atEnd !== undefined) return;
    this.#atEnd = run;
    const atMs = Math.max(this.#lastAtMs, this.#clock.now() + this.#latencyMs);
    if (atMs <= this.#clock.now() && this.#queue.length === 0) this.#finish();
    else this.#wait({ frame: undefined, atMs });
  }

  /** What is on its way is lost. */
  cut(): void {
    this.#gone = true;
    this.#queue = [];
    this.#timer?.cancel();
  }

  #timeOf(frame: Frame): Ms {
    const now = this.#clock.now();
    let atMs = now + this.#latencyMs;
    if (this.#slow !== undefined && now < this.#slow.untilMs) {
      atMs += Math.round(this.#slow.ms + this.#random.next() * this.#slow.jitterMs);
    }
    atMs = Math.max(atMs, this.#lastAtMs);
    if (this.#narrow !== undefined && now < this.#narrow.untilMs) {
      atMs += Math.ceil((frame.length * 1000) / this.#narrow.bytesPerSecond);
    }
    this.#lastAtMs = atMs;
    return atMs;
  }

  #wait(waiting: Waiting): void {
    this.#queue.push(waiting);
    if (this.#queue.length === 1) this.#arm();
  }

  #arm(): void {
    this.#timer?.cancel();
    const [first] = this.#queue;
    if (first !== undefined) this.#timer = this.#clock.at(first.atMs, () => this.#due());
  }

  #due(): void {
    const now = this.#clock.now();
    for (let first = this.#queue[0]; first !== undefined && first.atMs <= now; first = this.#queue[0]) {
      this.#queue.shift();
      if (first.frame === undefined) return this.#finish();
      this.#bytes -= first.frame.length;
      this.#deliver(first.frame);
    }
    this.#arm();
  }

  #finish(): void {
    this.#gone = true;
    this.#atEnd?.();
  }
}
