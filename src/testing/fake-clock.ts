import type { Clock, Ms, Timer } from '../core/index.js';

interface Entry extends Timer {
  atMs: Ms;
  run: () => void;
}

/**
 * A clock that a test moves by hand. Timers run in the order of their times, equal times in the order of setting. A timer
 * that is already due runs at the next advance, also at `advance(0)`, never inside `at`. A timer that throws makes the
 * advance throw; the timers after it stay set.
 */
export class FakeClock implements Clock {
  /** Set timers, in the order in which they will run. */
  #timers: Entry[] = [];
  #now: Ms;
  readonly #wallOffsetMs: Ms;

  /** `wallStartMs`: what `wallNow` says at the start; by default the first of January 2026. */
  constructor(startMs: Ms = 0, wallStartMs: Ms = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
    this.#wallOffsetMs = wallStartMs - startMs;
  }

  now(): Ms {
    return this.#now;
  }

  wallNow(): Ms {
    return this.#now + this.#wallOffsetMs;
  }

  at(atMs: Ms, run: () => void): Timer {
    const entry: Entry = {
      atMs,
      run,
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== entry);
      },
    };
    const place = this.#timers.findIndex((other) => other.atMs > atMs);
    this.#timers.splice(place < 0 ? this.#timers.length : place, 0, entry);
    return entry;
  }

  /** Timers set and neither run nor cancelled. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time on by `ms`, running what falls due; microtasks are drained before, between and after the timers. */
  advance(ms: Ms): Promise<void> {
    return this.advanceTo(this.#now + ms);
  }

  /** As `advance`, to a time; a time in the past only runs what is due. */
  async advanceTo(atMs: Ms): Promise<void> {
    await drain();
    for (let due = this.#take(atMs); due !== undefined; due = this.#take(atMs)) {
      due.run();
      await drain();
    }
    this.#now = Math.max(this.#now, atMs);
    await drain();
  }

  /** `advance` without draining microtasks, for code that has none. */
  advanceSync(ms: Ms): void {
    const target = this.#now + ms;
    for (let due = this.#take(target); due !== undefined; due = this.#take(target)) due.run();
    this.#now = Math.max(this.#now, target);
  }

  /** Runs timers, however far away, until none is left; tells how many ran. Throws after `limit` timers. */
  async runAll(limit = 1000): Promise<number> {
    await drain();
    let ran = 0;
    for (let due = this.#take(Infinity); due !== undefined; due = this.#take(Infinity)) {
      if (ran === limit) throw new Error(`FakeClock.runAll: timers still set after ${limit} have run`);
      ran += 1;
      due.run();
      await drain();
    }
    return ran;
  }

  #take(untilMs: Ms): Entry | undefined {
    const first = this.#timers[0];
    if (first === undefined || first.atMs > untilMs) return undefined;
    this.#timers.shift();
    this.#now = Math.max(this.#now, first.atMs);
    return first;
  }
}

/** Resolves when every microtask, also those made by microtasks, has run. */
export function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
