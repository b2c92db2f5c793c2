import type { CompiledDialogue } from './compile.js';
import { isTyped, type Reading, readSlot } from './slots.js';
import { weightOf } from './tokens.js';
import type { SlotValue } from './types.js';

/** What each slot of a dialogue can read at each place of one message, read once. */
export class Readings {
  readonly #dialogue: CompiledDialogue;
  readonly #read = new Map<string, Reading[][]>();
  readonly #weights: number[];
  /** Whether a word can be a name: no typed slot reads it, and it is no filler. */
  #free: boolean[] | undefined;

  constructor(
    dialogue: CompiledDialogue,
    readonly tokens: readonly string[],
  ) {
    this.#dialogue = dialogue;
    this.#weights = tokens.map(weightOf);
  }

  isTyped(slot: string): boolean {
    const spec = this.#dialogue.slots[slot];
    return spec !== undefined && isTyped(spec);
  }

  /** One of the names that the dialogue lists. */
  isKnownName(slot: string, value: SlotValue): boolean {
    const spec = this.#dialogue.slots[slot];
    const said = String(value).toLowerCase();
    return spec?.kind === 'name' && spec.values?.some((name) => name.toLowerCase() === said) === true;
  }

  /** The longest first. */
  at(slot: string, index: number): readonly Reading[] {
    let all = this.#read.get(slot);
    if (all === undefined) {
      const spec = this.#dialogue.slots[slot];
      const free = spec === undefined || isTyped(spec) ? [] : this.#freeWords();
      all = this.tokens.map((_, at) =>
        spec ? readSlot(spec, this.tokens, at, (word) => free[word] === true) : [],
      );
      this.#read.set(slot, all);
    }
    return all[index] ?? [];
  }

  /** Weight of `length` tokens from `at`. */
  weight(at: number, length: number): number {
    let sum = 0;
    for (let index = at; index < at + length; index++) sum += this.#weights[index] ?? 0;
    return sum;
  }

  #freeWords(): boolean[] {
    if (this.#free !== undefined) return this.#free;
    const free = this.tokens.map((token) => !this.#dialogue.fillers.has(token));
    for (const slot of Object.keys(this.#dialogue.slots)) {
      if (!this.isTyped(slot)) continue;
      this.tokens.forEach((_, at) => {
        free.fill(false, at, at + (this.at(slot, at)[0]?.length ?? 0));
      });
    }
    this.#free = free;
    return free;
  }
}
