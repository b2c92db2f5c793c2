import type { Clock, Ms, Timer } from './clock.js';

const slotCount = 256;
const slotMs = 4;

interface Entry extends Timer {
  atMs: Ms;
  run: (() => void) | undefined;
}

/**
 * One hashed wheel of 256 slots of 4 ms over one Node timer, for all sessions of a process: setting and cancelling a
 * timer costs an array push. Timers fire at or up to one slot after their time, in order of their slots. The
 * underlying Node timer does not keep the process alive on its own.
 */
export class TimerWheel implements Clock {
  readonly #slots: Entry[][] = Array.from({ length: slotCount }, () => []);
  #live = 0;
  #cursor: number;
  #handle: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#cursor = Math.floor(this.now() / slotMs);
  }

  now(): Ms {
    return performance.now();
  }

  wallNow(): Ms {
    return Date.now();
  }

  at(atMs: Ms, run: () => void): Timer {
    if (this.#live === 0) this.#cursor = Math.floor(this.now() / slotMs);
    const entry: Entry = {
      atMs,
      run,
      cancel: () => {
        if (entry.run === undefined) return;
        entry.run = undefined;
        this.#live -= 1;
      },
    };
    const slot = Math.max(Math.ceil(atMs / slotMs), this.#cursor + 1);
    this.#slots[slot % slotCount]!.push(entry);
    this.#live += 1;
    this.#arm();
    return entry;
  }

  /** Timers that are set and neither fired nor cancelled. */
  get size(): number {
    return this.#live;
  }

  #arm(): void {
    if (this.#handle !== undefined) return;
    this.#handle = setTimeout(() => this.#turn(), slotMs);
    // In a browser the handle is a number.
    if (typeof this.#handle === 'object') this.#handle.unref();
  }

  #turn(): void {
    this.#handle = undefined;
    const now = this.now();
    const until = Math.floor(now / slotMs);
    const from = Math.max(this.#cursor, until - slotCount);
    const due: Entry[] = [];
    for (let slot = from + 1; slot <= until; slot++) {
      const entries = this.#slots[slot % slotCount]!;
      let kept = 0;
      for (const entry of entries) {
        if (entry.run === undefined) continue;
        if (entry.atMs <= now) due.push(entry);
        else entries[kept++] = entry;
      }
      entries.length = kept;
    }
    this.#cursor = until;
    for (const entry of due) {
      const run = entry.run;
      if (run === undefined) continue;
      entry.run = undefined;
      this.#live -= 1;
      // A timer that throws must not take the others with it.
      try {
        run();
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
    if (this.#live > 0) this.#arm();
  }
}

let shared: TimerWheel | undefined;

/** The one wheel of this process. */
export function systemClock(): TimerWheel {
  shared ??= new TimerWheel();
  return shared;
}
