import type { SpeechHandle } from '../mouth/speech-handle.js';

/** What a tool is given beside its arguments. After the end of its call `say` and `update` do nothing. */
export interface ToolContext {
  readonly callId: string;
  readonly name: string;
  /**
   * Aborted when the call is over before the tool is: the session closes, the model withdraws the call, its time is up,
   * another call replaces it, or somebody interrupts and its policy is to cancel. By default an interruption leaves it
   * running.
   */
  readonly signal: AbortSignal;
  /**
   * Says something to the caller while the tool goes on. `undefined`: nothing can be said now (no voice, or the call is
   * over).
   */
  say(text: string): SpeechHandle | undefined;
  /**
   * How it stands. The first time the model gets it in place of the result and goes on talking; the tool runs on in the
   * background, and later updates and the result follow as text. The agent speaks of each, unless `speak` is false.
   */
  update(message: string, options?: { speak?: boolean }): void;
}
