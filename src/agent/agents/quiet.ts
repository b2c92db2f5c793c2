import type { Ms, Timer } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { AgentMachineState } from '../machine/state.js';
import { isClearing, isPlaying } from '../playout.js';
import type { SessionHost } from '../session-host.js';

/** The agent says nothing and is about to say nothing. What its tools do, and whether the caller speaks, is no matter. */
export function isQuiet(state: AgentMachineState): boolean {
  const { replying, waiting, current, playout, responses, items } = state;
  if (replying || waiting.length > 0 || current !== null) return false;
  if (isPlaying(playout) || isClearing(playout) || playout.hold !== null) return false;
  for (const { ended, aside } of responses) if (!ended && !aside) return false;
  for (const { coming, cut } of items) if (coming && !cut) return false;
  return true;
}

interface Wait {
  isOver(): boolean;
  end(): void;
  timer: Timer;
}

/** Waits for what comes with the steps of a session; each ends. */
export class Waits {
  readonly #host: SessionHost;
  #open: readonly Wait[] = none;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** Resolves as soon as it is so, or the time is up. */
  async until(isOver: () => boolean, withinMs: Ms): Promise<void> {
    if (isOver()) return;
    const { clock } = this.#host;
    await new Promise<void>((resolve) => {
      const wait: Wait = {
        isOver,
        end: () => {
          wait.timer.cancel();
          this.#open = allBut(this.#open, wait);
          resolve();
        },
        timer: clock.at(clock.now() + withinMs, () => wait.end()),
      };
      this.#open = [...this.#open, wait];
    });
  }

  /** Something has happened. */
  look(): void {
    for (const wait of this.#open) if (wait.isOver()) wait.end();
  }

  close(): void {
    for (const wait of this.#open) wait.end();
  }
}
