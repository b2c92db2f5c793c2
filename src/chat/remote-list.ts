import { none } from '../core/none.js';
import { commonIds } from './diff.js';
import type { Item } from './item.js';

/**
 * An item that stands elsewhere than it should. `want` and `have` are the ids before it: `null` = first, absent = not
 * in that list at all.
 */
export interface Divergence {
  readonly itemId: string;
  readonly want?: string | null;
  readonly have?: string | null;
}

/**
 * The conversation as the server has it, in its order, told by its own events. An item whose previous one is unknown is
 * appended and listed in `diverged`; when the previous one turns up, the item and its followers are moved behind it.
 */
export class RemoteConversation {
  #items: readonly Item[] = none;
  /** Item id -> the previous id it was told to stand behind. */
  #waiting: Map<string, string> | undefined;

  get items(): readonly Item[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }

  ids(): string[] {
    return this.#items.map((item) => item.id);
  }

  has(id: string): boolean {
    return this.#indexOf(id) >= 0;
  }

  get(id: string): Item | undefined {
    return this.#items[this.#indexOf(id)];
  }

  /** Id of the item before `id`: `null` = it is first, undefined = unknown item. */
  previousOf(id: string): string | null | undefined {
    const index = this.#indexOf(id);
    if (index < 0) return undefined;
    return index === 0 ? null : this.#items[index - 1]!.id;
  }

  get lastId(): string | null {
    return this.#items.at(-1)?.id ?? null;
  }

  /**
   * The server has this item behind `after`: undefined = last, `null` = first. A known id is updated where it stands:
   * servers announce one item more than once.
   */
  insert(item: Item, after?: string | null): 'inserted' | 'appended' | 'updated' {
    if (this.update(item)) return 'updated';
    const previous = after === undefined || after === null ? -1 : this.#indexOf(after);
    const unknown = typeof after === 'string' && previous < 0;
    this.#items =
      after === undefined || unknown
        ? this.#items.concat(item)
        : this.#items.toSpliced(previous + 1, 0, item);
    if (unknown) this.#wait(item.id, after);
    this.#settleWaiting(item.id);
    return unknown ? 'appended' : 'inserted';
  }

  /** Replaces the content of a known item; false where there is none. */
  update(item: Item): boolean {
    const index = this.#indexOf(item.id);
    if (index < 0) return false;
    this.#items = this.#items.with(index, item);
    return true;
  }

  /** False where there is no such item. */
  delete(id: string): boolean {
    const index = this.#indexOf(id);
    if (index < 0) return false;
    const want = this.#waiting?.get(id);
    const next = this.#items[index + 1];
    // What was known to stand behind it now waits in its place.
    if (want !== undefined && next !== undefined && !this.#waiting?.has(next.id)) this.#wait(next.id, want);
    this.#waiting?.delete(id);
    this.#items = this.#items.toSpliced(index, 1);
    return true;
  }

  /** A new link knows nothing yet. */
  clear(): void {
    this.#items = none;
    this.#waiting = undefined;
  }

  /** Items that wait for a previous one that has not been seen. */
  get diverged(): Divergence[] {
    const list: Divergence[] = [];
    for (const [itemId, want] of this.#waiting ?? [])
      list.push(divergence(itemId, want, this.previousOf(itemId)));
    return list;
  }

  /** What differs from the wanted order: missing, superfluous and misplaced items, as few as can be. */
  divergedFrom(wanted: readonly string[]): Divergence[] {
    const want = wanted.map((id) => ({ id }));
    const common = commonIds(this.#items, want);
    const list: Divergence[] = [];
    wanted.forEach((itemId, index) => {
      if (common.has(itemId)) return;
      list.push(divergence(itemId, index === 0 ? null : wanted[index - 1], this.previousOf(itemId)));
    });
    const named = new Set(wanted);
    for (const { id } of this.#items) {
      if (!named.has(id)) list.push(divergence(id, undefined, this.previousOf(id)));
    }
    return list;
  }

  #wait(id: string, want: string): void {
    this.#waiting ??= new Map();
    this.#waiting.set(id, want);
  }

  #settleWaiting(previous: string): void {
    for (const [id, want] of this.#waiting ?? []) {
      if (want !== previous) continue;
      this.#waiting?.delete(id);
      // What stands behind a waiting item, up to the next one that waits, moves with it.
      const from = this.#indexOf(id);
      let to = from + 1;
      for (; to < this.#items.length; to++) {
        const next = this.#items[to]!.id;
        if (next === previous || this.#waiting?.has(next)) break;
      }
      const run = this.#items.slice(from, to);
      this.#items = this.#items.toSpliced(from, to - from);
      this.#items = this.#items.toSpliced(this.#indexOf(previous) + 1, 0, ...run);
    }
  }

  #indexOf(id: string): number {
    // Items asked for are nearly always recent ones.
    for (let index = this.#items.length - 1; index >= 0; index--) {
      if (this.#items[index]!.id === id) return index;
    }
    return -1;
  }
}

function divergence(itemId: string, want?: string | null, have?: string | null): Divergence {
  return {
    itemId,
    ...(want === undefined ? {} : { want }),
    ...(have === undefined ? {} : { have }),
  };
}
