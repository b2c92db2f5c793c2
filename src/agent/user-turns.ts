import type { Ms } from '../core/index.js';
import { allBut, none } from '../core/none.js';

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

/** Turns that have begun and are not items yet: nearly always none or one. */
export class UserTurns {
  #turns: readonly (TurnBegin & { turn: string })[] = none;

  began(turn: string, begin: TurnBegin): void {
    const others = this.#turns.filter((other) => other.turn !== turn);
    this.#turns = others.concat({ turn, ...begin }).slice(-turnLimit);
  }

  get(turn: string): TurnBegin | undefined {
    return this.#turns.find((other) => other.turn === turn);
  }

  /** The turn is now an item: turns that began at the same place after it stand behind it. */
  placed(turn: string, item: string): void {
    const index = this.#turns.findIndex((other) => other.turn === turn);
    if (index < 0) return;
    const { after } = this.#turns[index]!;
    this.#turns = this.#turns.map((other, place) =>
      place > index && other.after === after ? { ...other, after: item } : other,
    );
  }

  take(turn: string): TurnBegin | undefined {
    const begun = this.#turns.find((other) => other.turn === turn);
    if (begun !== undefined) this.#turns = allBut(this.#turns, begun);
    return begun;
  }
}
