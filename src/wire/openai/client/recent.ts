import { none } from '../../../core/none.js';
/** The last so many ids; older ones are forgotten. */
export class RecentSet {
  #ids: readonly string[] = none;

  constructor(readonly limit: number) {}

  has(id: string): boolean {
    return this.#ids.includes(id);
  }

  add(id: string): void {
    // Mostly few: a list is smaller than a set.
    if (!this.has(id)) this.#ids = this.#ids.slice(1 - this.limit).concat(id);
  }
}
