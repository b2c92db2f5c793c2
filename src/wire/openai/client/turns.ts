import { none } from '../../../core/none.js';

interface Turn {
  turn: string;
  /** '' where the server named none with the speech. */
  item: string;
  state: 'speaking' | 'stopped' | 'committed' | 'discarded';
}

const limit = 256;

/** Turns of the user and the item that each becomes. The wire knows items only; turn ids are minted here. */
export class TurnBook {
  /** The last ones stand last. */
  #turns: readonly Turn[] = none;
  /** The turn whose speech has started and not stopped. */
  speaking: Turn | undefined;
  /** The last committed turn that the server will answer by itself, and the order of its commit. */
  unanswered: { turn: string; order: number } | undefined;

  constructor(readonly ids: (kind: string) => string) {}

  of(item: string): Turn | undefined {
    return this.#turns.findLast((turn) => turn.item === item);
  }

  begin(item: string, state: Turn['state']): Turn {
    const turn: Turn = { turn: this.ids('turn'), item, state };
    const others = this.#turns.filter((other) => other.item !== item);
    this.#turns = others.slice(1 - limit).concat(turn);
    return turn;
  }

  /** The turn that a committed item ends: the one its speech began, or one without speech (manual commit, idle). */
  commit(item: string): Turn {
    let turn = this.of(item);
    const nameless = this.of('');
    if (turn === undefined && nameless !== undefined) {
      nameless.item = item;
      turn = nameless;
    }
    if (turn === undefined || turn.state === 'discarded') turn = this.begin(item, 'stopped');
    turn.state = 'committed';
    return turn;
  }
}

export type { Turn };
