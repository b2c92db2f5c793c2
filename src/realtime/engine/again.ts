import type { ItemPart } from '../../chat/index.js';
import type { Ids, Ms } from '../../core/index.js';
import type { Connection } from './connection.js';
import type { Early } from './early.js';
import type { Ledger } from './ledger.js';
import type { EngineState } from './state.js';

/** What has to be written a second time when a link is gone, each at its place on the input line. */
export class Again {
  readonly #ledger: Ledger;
  readonly #early: Early;
  readonly #ids: Ids;

  constructor(ledger: Ledger, early: Early, ids: Ids) {
    this.#ledger = ledger;
    this.#early = early;
    this.#ids = ids;
  }

  /** Items that may not have arrived, behind the speech before them. `sureMs`: what was surely heard of the line. */
  unreached({ unreached, reachedMs = Infinity }: Connection, sureMs: Ms): void {
    for (const { command, atMs, sentMs } of unreached) {
      const { id } = command.item;
      if (sentMs < reachedMs || atMs <= sureMs || !this.#ledger.remote.has(id)) continue;
      this.#ledger.remote.delete(id);
      this.#early.add({ ...command, cmd: this.#ids('own_again') }, atMs);
    }
  }

  /** What was written behind speech that is heard again stands behind it again. */
  behind(turns: EngineState['turns']): void {
    const { remote } = this.#ledger;
    for (const { item: spoken, endMs, settled } of turns) {
      if (spoken === null || endMs === null || settled) continue;
      const ids = remote.ids();
      const at = ids.indexOf(spoken);
      for (const id of at < 0 ? [] : ids.slice(at + 1)) {
        const item = remote.get(id);
        const isWritten = item?.kind === 'message' && item.role === 'user' && item.parts.every(isNoSound);
        if (!isWritten) break;
        remote.delete(id);
        this.#early.add({ t: 'item.add', cmd: this.#ids('own_again'), item }, endMs);
      }
    }
  }
}

/** Of an item that is sent a second time, and until it has arrived a third. */
export function isAgain(cmd: string): boolean {
  return cmd.startsWith('own_again_');
}

function isNoSound(part: ItemPart): boolean {
  return part.kind !== 'audio';
}
