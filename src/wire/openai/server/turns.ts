/** A turn of the user, from its first sign. */
export interface Turn {
  /** The id that the client knows, or will know, its item by. */
  item: string;
  /** Where its speech was reported; absent where nobody listened for it. */
  fromMs?: number;
  toMs?: number;
  stopped: boolean;
  committed: boolean;
}

/** Words may come long after a turn was committed, but not this many turns later. */
const maxTurns = 64;

/** Turns by the link's id; the latest are remembered. */
export class Turns {
  readonly #turns = new Map<string, Turn>();

  get(id: string): Turn | undefined {
    return this.#turns.get(id);
  }

  /** `item`: called only for a turn that is new. */
  open(id: string, item: () => string): Turn {
    let turn = this.#turns.get(id);
    if (turn === undefined) {
      turn = { item: item(), stopped: false, committed: false };
      this.#turns.set(id, turn);
      if (this.#turns.size > maxTurns) this.#turns.delete(this.#turns.keys().next().value!);
    }
    return turn;
  }

  delete(id: string): void {
    this.#turns.delete(id);
  }

  /** Where the speech began that is not committed yet; undefined where there is none. */
  openFromMs(): number | undefined {
    let earliest: number | undefined;
    for (const { committed, fromMs } of this.#turns.values()) {
      if (!committed && fromMs !== undefined) earliest = Math.min(earliest ?? fromMs, fromMs);
    }
    return earliest;
  }
}
