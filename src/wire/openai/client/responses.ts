import type { KnownItem } from './items.js';
import { RecentSet } from './recent.js';

/** A response under way. */
export interface Running {
  id: string;
  outOfBand: boolean;
  items: Map<string, KnownItem>;
}

/** Responses under way, and the last ones that ended: their late events change nothing. */
export class ResponseBook {
  readonly running = new Map<string, Running>();
  readonly #ended = new RecentSet(64);

  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** The one response of the default conversation. */
  get current(): Running | undefined {
    for (const response of this.running.values()) if (!response.outOfBand) return response;
    return undefined;
  }

  start(id: string, outOfBand: boolean): Running {
    const response: Running = { id, outOfBand, items: new Map() };
    this.running.set(id, response);
    return response;
  }

  end(id: string): void {
    this.running.delete(id);
    this.#ended.add(id);
  }
}
