import type { Ms } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { Command } from '../contract.js';

/** Commands kept while no link is ready; one more is refused. */
const commandLimit = 1_024;

/** Commands given while no link is ready, each with the place on the input line that it was given at. */
export class Early {
  #kept: readonly { command: Command; atMs: Ms }[] = none;

  /** False where there is no room. */
  add(command: Command, atMs: Ms): boolean {
    if (this.#kept.length >= commandLimit) return false;
    this.#kept = this.#kept.concat({ command, atMs });
    return true;
  }

  /** Hands over what is kept and keeps nothing. */
  take(): readonly { command: Command; atMs: Ms }[] {
    const kept = this.#kept;
    this.#kept = none;
    return kept;
  }
}
