import type { Clock } from '../../core/index.js';
import type { CaptureSource } from './source.js';

/** What a capture needs of its session. */
export interface CaptureHost {
  readonly clock: Clock;
  readonly words: CaptureSource;
  readonly isUserSpeaking: boolean;
  /** The caller has a keypad that is heard. */
  readonly hasKeypad: boolean;
  listen(to: CaptureListener): () => void;
  /** Resolves when it was heard, or cut, or could not be said. */
  say(text: string): CaptureSpeech;
  /** While it is held nobody answers the caller's turns but the capture; the function lets go. */
  hold(): () => void;
  /** Takes out of the model's conversation what says one of the wrong values, or contradicts it where that cannot be. */
  repair(wrong: WrongValues): void;
}

export interface CaptureListener {
  speech(edge: 'start' | 'stop'): void;
  /** The words of a turn are known. */
  words(turnId: string): void;
  keys(digits: string): void;
}

export interface CaptureSpeech {
  readonly finished: Promise<void>;
  /** Stops it where it has not been heard yet. */
  stop(): void;
}

export interface WrongValues {
  /** Whether a text of the agent says one of them. */
  says(text: string): boolean;
  /** What the model is told where it cannot be made to forget. */
  note: string;
}
