import type { Verdict } from './run.js';

/** What many conversations came to, for people. */
export class Table {
  #count = 0;
  #faults = 0;
  #connections = 0;
  #lastedMs = 0;
  /** Conversations with fewer faults than asked for. */
  #spared = 0;
  readonly #kinds = new Map<string, number>();
  readonly #rules = new Map<string, { times: number; seeds: number[] }>();

  constructor(
    readonly title: string,
    readonly wanted: number,
  ) {}

  add({ breaches, seed, fired, connections, lastedMs }: Verdict): void {
    this.#count += 1;
    this.#faults += fired.length;
    this.#connections += connections;
    this.#lastedMs += lastedMs;
    if (fired.length < this.wanted) this.#spared += 1;
    for (const kind of fired) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    for (const rule of new Set(breaches.map((breach) => breach.split(':')[0]!))) {
      const row = this.#rules.get(rule) ?? { times: 0, seeds: [] };
      row.times += 1;
      row.seeds.push(seed);
      this.#rules.set(rule, row);
    }
  }

  /** Seeds of conversations in which something was wrong. */
  get failed(): number[] {
    const seeds = [...this.#rules.values()].flatMap((row) => row.seeds);
    return [...new Set(seeds)].sort((a, b) => a - b);
  }

  toString(): string {
    const kinds = [...this.#kinds].sort((a, b) => b[1] - a[1]).map(([kind, times]) => `${kind} ${times}`);
    const rules = [...this.#rules].sort((a, b) => b[1].times - a[1].times);
    return [
      `${this.title}: ${this.#count} conversations, ${Math.round(this.#lastedMs / 60_000)} minutes of their time, ` +
        `${this.#faults} faults, ${this.#connections} connections`,
      ...(this.wanted > 0 ? [`  with fewer than ${this.wanted} faults: ${this.#spared}`] : []),
      ...(kinds.length > 0 ? [`  faults: ${kinds.join(', ')}`] : []),
      `  failed: ${this.failed.length}`,
      ...rules.map(
        ([rule, { times, seeds }]) =>
          `  ${String(times).padStart(6)}  ${rule}  (seeds ${seeds.slice(0, 6).join(', ')}${times > 6 ? ', …' : ''})`,
      ),
    ].join('\n');
  }
}
