import type { Checked } from '../kinds/rules.js';

/** Turns and values that are remembered. */
const limit = 64;

/** What a session's captures of one tool know of each other. */
export class CaptureMemory {
  /** Turns whose words were taken. */
  readonly taken = new Set<string>();
  /** Values that the caller has refused. */
  readonly refused = new Set<string>();
  /** What the model took the value for, and what was refused, as they were said. */
  readonly wrong = new Set<string>();
  confirmed: Checked | null = null;

  take(turn: string): void {
    keep(this.taken, turn);
  }

  refuse({ value, text }: Checked): void {
    keep(this.refused, value);
    keep(this.wrong, text);
    keep(this.wrong, value);
  }

  confirm(value: Checked): void {
    this.confirmed = value;
    this.refused.delete(value.value);
  }

  /** All that is wrong now that this is right. */
  wrongBeside(right: Checked | null, canonical: (text: string) => string): string[] {
    return [...this.wrong].filter(
      (text) =>
        right === null || (text !== right.text && text !== right.value && canonical(text) !== right.value),
    );
  }
}

function keep(set: Set<string>, text: string): void {
  set.add(text);
  if (set.size > limit) set.delete(set.values().next().value as string);
}
