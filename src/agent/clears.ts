import type { Clock, Ms, Played, Timer } from '../core/index.js';

/** After `clear` the far end has this long to answer; then its last known position counts. Transports keep their own, shorter deadline. */
const clearDeadlineMs: Ms = 1_000;

interface Clear {
  timer: Timer;
}

/** Clears under way. Each is answered once, in the order of asking, whatever the far end does. */
export class Clears {
  readonly #clock: Clock;
  readonly #playedMs: () => Ms;
  readonly #onCleared: (playedMs: Ms) => void;
  #open: Clear[] = [];

  /** `playedMs`: the last position that the far end reported. */
  constructor(clock: Clock, playedMs: () => Ms, onCleared: (playedMs: Ms) => void) {
    this.#clock = clock;
    this.#playedMs = playedMs;
    this.#onCleared = onCleared;
  }

  begin(answer: Promise<Played>): void {
    const guess = () => this.#answer(clear, this.#playedMs());
    const clear: Clear = { timer: this.#clock.at(this.#clock.now() + clearDeadlineMs, guess) };
    this.#open.push(clear);
    answer.then(({ playedMs }) => this.#answer(clear, playedMs), guess);
  }

  /** Nobody waits any more. */
  close(): void {
    for (const { timer } of this.#open) timer.cancel();
    this.#open = [];
  }

  #answer(clear: Clear, playedMs: Ms): void {
    const index = this.#open.indexOf(clear);
    if (index < 0) return;
    // One that answers has done those before it.
    for (const { timer } of this.#open.splice(0, index + 1)) {
      timer.cancel();
      this.#onCleared(playedMs);
    }
  }
}
