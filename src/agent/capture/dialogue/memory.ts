import type { Checked } from '../kinds/rules.js';

/** What the captures of a session by all tools know of each other. */
export interface CaptureAnswers {
  readonly answers: ReadonlySet<string>;
  answered(turn: string): void;
}

/** Turns and values that are remembered. */
const limit = 64;

/** What a session's captures of one tool know of each other. */
export class CaptureMemory {
  readonly #session: CaptureAnswers;
  /** Turns whose words were taken. */
  readonly taken = new Set<string>();
  /** Values that the caller has refused. */
  readonly refused = new Set<string>();
  /** What the model took the value for, and what was refused, as they were said. */
  readonly wrong = new Set<string>();
  confirmed: Checked | null = null;

  constructor(session: CaptureAnswers) {
    this.#session = session;
  }

  /** Whether nobody has taken its words: this tool not at all, another one not as an answer to it. */
  isFresh(turn: string): boolean {
    return !this.taken.has(turn) && !this.#session.answers.has(turn);
  }

  /** `isAnswer`: the capture was under way, and the turn was for it. */
  take(turn: string, isAnswer: boolean): void {
    keep(this.taken, turn);
    if (isAnswer) this.#session.answered(turn);
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

/** The oldest make room. */
export function keep(set: Set<string>, text: string): void {
  set.add(text);
  if (set.size > limit) set.delete(set.values().next().value as string);
}
