/** How many came out right, by the traits of the cases. */
export class Table {
  readonly #traits: readonly string[];
  readonly #rows = new Map<string, { right: number; all: number }>();
  right = 0;
  all = 0;

  constructor(traits: readonly string[]) {
    this.#traits = traits;
  }

  add(one: object, isRight: boolean): void {
    this.all += 1;
    if (isRight) this.right += 1;
    for (const trait of this.#traits) {
      const name = `${trait}: ${String(Reflect.get(one, trait))}`;
      const row = this.#rows.get(name) ?? { right: 0, all: 0 };
      row.all += 1;
      if (isRight) row.right += 1;
      this.#rows.set(name, row);
    }
  }

  text(): string {
    const rows = [...this.#rows].sort(([a], [b]) => a.localeCompare(b));
    const lines = rows.map(([name, { right, all }]) => `  ${name.padEnd(24)} ${right} of ${all}`);
    return [...lines, `  ${'all'.padEnd(24)} ${this.right} of ${this.all}`].join('\n');
  }
}
