import { allBut, none } from '../../../core/none.js';
import type { KnownItem } from './items.js';
import { RecentSet } from './recent.js';

/** A response under way. */
export interface Running {
  id: string;
  outOfBand: boolean;
  items: Map<string, KnownItem>;
  /** The one that was named last: frame by frame it is the same. */
  latest: KnownItem | undefined;
}

/** Responses under way, and the last ones that ended: their late events change nothing. */
export class ResponseBook {
  #running: readonly Running[] = none;
  readonly #ended = new RecentSet(64);

  /** While it is under way. */
  get(id: string): Running | undefined {
    for (const response of this.#running) if (response.id === id) return response;
    return undefined;
  }

  /** The one under way that has made the item. */
  holding(item: string): Running | undefined {
    for (const response of this.#running) if (response.items.has(item)) return response;
    return undefined;
  }

  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** The one response of the default conversation. */
  get current(): Running | undefined {
    for (const response of this.#running) if (!response.outOfBand) return response;
    return undefined;
  }

  start(id: string, outOfBand: boolean): Running {
    const response: Running = { id, outOfBand, items: new Map(), latest: undefined };
    this.#running = this.#running.concat(response);
    return response;
  }

  end(id: string): void {
    const over = this.get(id);
    if (over !== undefined) this.#running = allBut(this.#running, over);
    this.#ended.add(id);
  }
}
