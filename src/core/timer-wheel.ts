import type { Clock, Ms, Timer } from './clock.js';

const slotCount = 256;
const slotMs = 4;

class Entry implements Timer {
  run: (() => void) | undefined;

  constructor(
    readonly atMs: Ms,
    run: () => void,
    readonly wheel: TimerWheel,
  ) {
    this.run = run;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.wheel.cancelled();
  }
}

/**
 * One hashed wheel of 256 slots of 4 ms over one Node timer, for all sessions of a process: setting and cancelling a
 * timer costs an array push. Timers fire at or up to one slot after their time, in order of their slots. It sleeps until the next
 * slot that holds something, at most one revolution; the Node timer does not keep the process alive on its own.
 */
export class TimerWheel implements Clock {
  readonly #slots: Entry[][] = Array.from({ length: slotCount }, () => []);
  #live = 0;
  /** The last slot that was emptied of what was due. */
  #cursor = 0;
  #handle: ReturnType<typeof setTimeout> | undefined;
  /** The slot that `#handle` wakes for. */
  #wakeSlot = Number.POSITIVE_INFINITY;

  now(): Ms {
    return performance.now();
  }

  wallNow(): Ms {
    return Date.now();
  }

  at(atMs: Ms, run: () => void): Timer {
    const now = this.now();
    if (this.#handle === undefined) this.#cursor = Math.floor(now / slotMs);
    // A time that is none is now: no wait without an end.
    const entry = new Entry(Number.isFinite(atMs) ? atMs : now, run, this);
    const slot = Math.max(Math.ceil(entry.atMs / slotMs), this.#cursor + 1);
    this.#slots[slot % slotCount]!.push(entry);
    this.#live += 1;
    this.#wakeAt(slot, now);
    return entry;
  }

  /** Timers that are set and neither fired nor cancelled. */
  get size(): number {
    return this.#live;
  }

  /** A timer's own call. */
  cancelled(): void {
    this.#live -= 1;
  }

  /** Wakes for that slot, or after one revolution, whichever comes first; an earlier wake-up stays. */
  #wakeAt(slot: number, now: Ms): void {
    const wake = Math.min(slot, this.#cursor + slotCount);
    if (wake >= this.#wakeSlot) return;
    if (this.#handle !== undefined) clearTimeout(this.#handle);
    this.#wakeSlot = wake;
    this.#handle = setTimeout(() => this.#turn(), Math.max(1, wake * slotMs - now));
    // In a browser the handle is a number.
    if (typeof this.#handle === 'object') this.#handle.unref();
  }

  #turn(): void {
    this.#handle = undefined;
    this.#wakeSlot = Number.POSITIVE_INFINITY;
    const now = this.now();
    for (const entry of this.#takeDue(now)) {
      const { run } = entry;
      // An earlier one of this turn may have cancelled it.
      if (run === undefined) continue;
      entry.run = undefined;
      this.#live -= 1;
      try {
        run();
      } catch (thrown) {
        // A timer that throws must not take the others with it.
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
    if (this.#live > 0) this.#wakeAt(this.#nextSlot(), now);
  }

  /** Empties the slots that have passed of what is due or cancelled. */
  #takeDue(now: Ms): Entry[] {
    const due: Entry[] = [];
    const until = Math.floor(now / slotMs);
    for (let slot = Math.max(this.#cursor, until - slotCount) + 1; slot <= until; slot++) {
      const entries = this.#slots[slot % slotCount]!;
      let kept = 0;
      for (const entry of entries) {
        if (entry.run === undefined) continue;
        if (entry.atMs <= now) due.push(entry);
        else entries[kept++] = entry;
      }
      entries.length = kept;
    }
    this.#cursor = Math.max(this.#cursor, until);
    return due;
  }

  /** The first slot ahead that holds something; its entries may belong to a later revolution. */
  #nextSlot(): number {
    for (let slot = this.#cursor + 1; slot < this.#cursor + slotCount; slot++) {
      if (this.#slots[slot % slotCount]!.length > 0) return slot;
    }
    return this.#cursor + slotCount;
  }
}

let shared: TimerWheel | undefined;

/** The one wheel of this process. */
export function systemClock(): TimerWheel {
  shared ??= new TimerWheel();
  return shared;
}
