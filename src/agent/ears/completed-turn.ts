import { StateError } from '../../core/index.js';
import type { Transcript } from './transcript.js';

/**
 * A turn of the user that has ended, in the hands of `onUserTurnCompleted`. What is decided here holds for its reply; once the hook
 * has resolved, or `signal` is aborted, every method throws `StateError` `illegal_command`.
 */
export class CompletedTurn {
  readonly turnId: string;
  /** Its message in the history. */
  readonly itemId: string;
  /** What each ear understood so far, the record first. */
  readonly transcripts: readonly Transcript[];
  /** Aborted when the user speaks on before there was a reply, and when the session ends. */
  readonly signal: AbortSignal;
  readonly #decided: TurnDecision = { answer: true, text: undefined, instructions: [], notes: [] };
  #open = true;

  constructor(turnId: string, itemId: string, transcripts: readonly Transcript[], signal: AbortSignal) {
    this.turnId = turnId;
    this.itemId = itemId;
    this.transcripts = transcripts;
    this.signal = signal;
  }

  /** No reply to this turn. Its words stay in the conversation. */
  veto(): void {
    this.#decide().answer = false;
  }

  /** The user said this: in the history, and in the model's conversation where it can replace an item (`capabilities.remove`). */
  edit(text: string): void {
    this.#decide().text = text;
  }

  /** Added to the agent's instructions, for this reply only. */
  instruct(text: string): void {
    this.#decide().instructions.push(text);
  }

  /** Something to know, from now on: a system message behind the user's, such as what was looked up. */
  add(text: string): void {
    this.#decide().notes.push(text);
  }

  /** The session's own call: what was decided. */
  close(): TurnDecision {
    this.#open = false;
    return this.#decided;
  }

  #decide(): TurnDecision {
    if (this.#open && !this.signal.aborted) return this.#decided;
    throw new StateError('illegal_command', 'The turn has been decided');
  }
}

export interface TurnDecision {
  answer: boolean;
  text: string | undefined;
  instructions: string[];
  notes: string[];
}
