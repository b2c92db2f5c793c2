import type { Ms } from '../core/index.js';

/** Where a turn of the user began to be spoken. */
export interface TurnBegin {
  /** The item that it will be, where the wire says it so early. */
  item: string | undefined;
  /** The last item of the history at that moment; `null`: there was none. */
  after: string | null;
  /** Wall clock. */
  atMs: Ms;
}

/** Turns that never become items make room for others. */
const turnLimit = 32;

/** Turns that have begun and are not items yet, by turn id. */
export class UserTurns {
  #turns: Map<string, TurnBegin> | undefined;

  began(turn: string, begin: TurnBegin): void {
    this.#turns ??= new Map();
    this.#turns.set(turn, begin);
    if (this.#turns.size > turnLimit) this.#turns.delete(this.#turns.keys().next().value as string);
  }

  get(turn: string): TurnBegin | undefined {
    return this.#turns?.get(turn);
  }

  take(turn: string): TurnBegin | undefined {
    const begin = this.#turns?.get(turn);
    this.#turns?.delete(turn);
    return begin;
  }
}
