import type { Ms, Played, Timer } from '../core/index.js';
import { none } from '../core/none.js';
import type { SessionHost } from './session-host.js';

/** After `clear` the far end has this long to answer; then its last known position counts. Transports keep their own, shorter deadline. */
const clearDeadlineMs: Ms = 1_000;

interface Clear {
  timer: Timer;
}

/** Clears under way. Each is answered once, in the order of asking, whatever the far end does. */
export class Clears {
  readonly #host: SessionHost;
  #open: readonly Clear[] = none;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  begin(answer: Promise<Played>): void {
    const { clock, state } = this.#host;
    // The last position that the far end reported.
    const guess = () => this.#answer(clear, state.playout.playedMs, true);
    const clear: Clear = { timer: clock.at(clock.now() + clearDeadlineMs, guess) };
    this.#open = this.#open.concat(clear);
    answer.then(({ playedMs, estimated }) => this.#answer(clear, playedMs, estimated), guess);
  }

  /** Nobody waits any more. */
  close(): void {
    for (const { timer } of this.#open) timer.cancel();
    this.#open = none;
  }

  #answer(clear: Clear, playedMs: Ms, estimated: boolean): void {
    const index = this.#open.indexOf(clear);
    if (index < 0) return;
    // One that answers has done those before it.
    const done = this.#open.slice(0, index + 1);
    this.#open = this.#open.slice(index + 1);
    for (const { timer } of done) {
      timer.cancel();
      this.#host.input({ t: 'cleared', playedMs, estimated });
    }
  }
}
