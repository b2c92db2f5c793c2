import type { Ms } from '../../core/index.js';
import type { Command } from '../contract.js';

/** Commands kept while no link is ready; one more is refused. */
const commandLimit = 1_024;

/** Commands given while no link is ready, each with the place on the input line that it was given at. */
export class Early {
  #kept: { command: Command; atMs: Ms }[] = [];

  /** False where there is no room. */
  add(command: Command, atMs: Ms): boolean {
    if (this.#kept.length >= commandLimit) return false;
    this.#kept.push({ command, atMs });
    return true;
  }

  /** Hands over what is kept and keeps nothing. */
  take(): { command: Command; atMs: Ms }[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }
}
