import type { Ms } from '../core/index.js';
import type { AgentMachineState } from './machine/state.js';
import { goesOn, isForCaller } from './machine/step.js';

/**
 * The audio that flows: frames that change nothing but how much was written. They are counted here, and in the machine's state only when
 * somebody looks at it: a server holds many calls, and all that a frame touches comes from far away in memory.
 */
export class Flow {
  readonly #state: AgentMachineState;
  /** Whose audio is let through. */
  #response = '';
  /** What is being spoken, and how much of it was counted here alone. */
  #item = '';
  #part = 0;
  #writtenMs: Ms = 0;

  constructor(state: AgentMachineState) {
    this.#state = state;
  }

  /** Whether audio of the response is for the caller's ear. */
  lets(response: string): boolean {
    if (response === this.#response) return true;
    if (!isForCaller(this.#state, response)) return false;
    this.#response = response;
    return true;
  }

  /** Audio of what is being spoken already was written. False: it is something else, and a matter of the machine. */
  goesOn(item: string, part: number, durationMs: Ms): boolean {
    if (item === this.#item && part === this.#part) {
      this.#writtenMs += durationMs;
      return true;
    }
    this.settle();
    if (!goesOn(this.#state, item, part, durationMs)) return false;
    this.#item = item;
    this.#part = part;
    return true;
  }

  /** Somebody looks at the state. */
  settle(): void {
    if (this.#writtenMs === 0) return;
    goesOn(this.#state, this.#item, this.#part, this.#writtenMs);
    this.#writtenMs = 0;
  }

  /** Something else happens: whatever was known of the state may be different then. */
  stop(): void {
    this.settle();
    this.#response = '';
    this.#item = '';
  }
}
