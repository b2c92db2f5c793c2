import { type AudioFrame, ConfigError } from '../../core/index.js';
import type { Source } from './pieces.js';
import type { SpeechPriority } from './speech-handle.js';

/** Words to be said as they are: whole, or as they come. */
export type SayText = string | Source<string>;

export interface SayOptions {
  /** Whether the caller's voice may stop it. Default true. What is said meanwhile is heard, and answered afterwards. */
  allowInterruptions?: boolean;
  /** Whether it becomes part of the conversation, here and with the model. Default true. */
  addToChatCtx?: boolean;
  /** Recorded speech in the place of a synthesiser's; the text says what it is. */
  audio?: AudioFrame | Source<AudioFrame>;
  /** Rather fail with `unsupported` than ask a model for the words. Default false. */
  strict?: boolean;
  /** Default `normal`. */
  priority?: SpeechPriority;
}

/** ConfigError `option_invalid` where there is nothing to say. */
export function checkSay(text: SayText, { audio, strict, addToChatCtx }: SayOptions): void {
  if (typeof text === 'string' && text.trim() === '' && audio === undefined) {
    throw new ConfigError('option_invalid', 'There are no words to say', { param: 'text' });
  }
  for (const [param, value] of Object.entries({ strict, addToChatCtx })) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw new ConfigError('option_invalid', `${param} must be true or false`, { param });
    }
  }
}

/** Places of the priorities. */
export function rankOf(priority: SpeechPriority): number {
  const rank = { low: 0, normal: 5, high: 10 }[priority];
  if (rank === undefined) {
    const message = `priority must be low, normal or high, not '${priority}'`;
    throw new ConfigError('option_invalid', message, { param: 'priority' });
  }
  return rank;
}
