/** The last so many ids; older ones are forgotten. */
export class RecentSet {
  #ids: Set<string> | undefined;

  constructor(readonly limit: number) {}

  has(id: string): boolean {
    return this.#ids?.has(id) === true;
  }

  add(id: string): void {
    this.#ids ??= new Set();
    this.#ids.add(id);
    if (this.#ids.size <= this.limit) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
