import type { Item, ToolChoice, ToolSpec, Usage, Word } from '../chat/item.js';
import type { Ms, ReparteeError } from '../core/index.js';

/**
 * Speech parts are push in, events out: one listener, set once, right after the stream was made. Events are never
 * emitted inside `push`; VADs are the exception (they answer within the call). `close` cancels what is under way, is safe to call twice,
 * and nothing is emitted after it. Times are milliseconds of audio pushed into that stream.
 */
export interface VAD {
  readonly sampleRateHz: number;
  stream(options?: VadOptions): VadStream;
  /** Frees what all streams share. */
  close(): void;
}

export interface VadOptions {
  /** Probability (0..1) from which a window counts as speech. Default 0.5. */
  threshold?: number;
  /** Speech shorter than this does not start a turn. Default 50. */
  minSpeechMs?: Ms;
  /** Silence after which speech has ended. Default 500. */
  silenceMs?: Ms;
}

export interface VadStream {
  /** Mono at the VAD's rate, any length. */
  push(pcm: Int16Array): void;
  onEvent(listener: (event: VadEvent) => void): void;
  update(options: VadOptions): void;
  /** Forgets the speech under way and the model's state; the audio position goes on. */
  reset(): void;
  close(): void;
}

export type VadEvent =
  /** `atMs`: where speech began (before `minSpeechMs` ran). */
  | { t: 'speech_started'; atMs: Ms }
  /** `atMs`: where the last speech window ended; it is reported `silenceMs` later. */
  | { t: 'speech_stopped'; atMs: Ms }
  | { t: 'probability'; probability: number; atMs: Ms };

export interface STT {
  readonly name: string;
  readonly sampleRateHz: number;
  stream(options?: { language?: string; prompt?: string }): SttStream;
  /** Loads what the first stream would wait for. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** One stream hears utterance after utterance; `flush` ends one. */
export interface SttStream {
  push(pcm: Int16Array): void;
  /** Ends the utterance: a `final` or `failed` for everything since the last flush follows, in order of the flushes. */
  flush(): void;
  /** Drops the utterance under way. */
  discard(): void;
  onEvent(listener: (event: SttEvent) => void): void;
  close(): void;
}

/** What an utterance begins with, as far as it was heard. */
export interface Opening {
  /** `backchannel`: nothing but small words ("uh-huh, okay"); `command`: an order before anything else ("wait"); `words`: something else. */
  is: 'backchannel' | 'command' | 'words';
  /** The last word of it was said to its end. */
  isWhole: boolean;
  /** Words and beginnings of words. */
  count: number;
}

export type SttEvent =
  /** The whole text so far of the utterance under way; replaces the interim before it. */
  | { t: 'interim'; text: string }
  /**
   * How the utterance under way begins, told every few milliseconds of it while that is worth knowing; replaces the one before it.
   * From recognisers that can tell before a word is over.
   */
  | ({ t: 'opening' } & Opening)
  /** Word times are relative to the start of the utterance. An empty text means that nothing was understood. */
  | { t: 'final'; text: string; words: Word[]; confidence?: number }
  | { t: 'failed'; error: ReparteeError };

export interface TTS {
  readonly name: string;
  readonly sampleRateHz: number;
  readonly voices: readonly string[];
  stream(options?: { voice?: string; speed?: number }): TtsStream;
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** One stream is one utterance: text in, in pieces of any size; speech out, clause by clause, in order. */
export interface TtsStream {
  push(text: string): void;
  /** No more text; `done` follows when all has been spoken. */
  finish(): void;
  onEvent(listener: (event: TtsEvent) => void): void;
  close(): void;
}

export type TtsEvent =
  /** The receiver may keep `pcm`. */
  | { t: 'audio'; pcm: Int16Array }
  /** Sent before the audio it describes. Word times are on this stream's output line. `text` is the piece of input it covers, verbatim; '' where only more words' times of the same clause follow. */
  | { t: 'clause'; text: string; words: Word[] }
  | { t: 'done' }
  | { t: 'failed'; error: ReparteeError };

export interface LLM {
  readonly name: string;
  chat(request: LlmRequest): LlmStream;
  close(): Promise<void>;
}

export interface LlmRequest {
  instructions: string;
  items: readonly Item[];
  tools: readonly ToolSpec[];
  toolChoice: ToolChoice;
  maxOutputTokens?: number | 'inf';
}

export interface LlmStream {
  onEvent(listener: (event: LlmEvent) => void): void;
  close(): void;
}

/** `done` or `failed` comes once, last. */
export type LlmEvent =
  | { t: 'text'; delta: string }
  /** One whole call; `args` is JSON text. */
  | { t: 'call'; call: string; name: string; args: string }
  | { t: 'done'; reason: 'stop' | 'length' | 'filter' | 'calls'; usage?: Usage }
  | { t: 'failed'; error: ReparteeError };

/**
 * Judges from what was said, and how, whether the user has finished. Asked in each pause; the answer counts for that pause
 * only. One detector serves any number of sessions at once.
 */
export interface TurnDetector {
  readonly name: string;
  /** Rate of the audio that it wants; absent: it wants none. */
  readonly sampleRateHz?: number;
  /** How much of the last audio it looks at. Default 8,000. */
  readonly audioMs?: Ms;
  /** From which probability on a turn counts as finished. Default 0.5. */
  readonly threshold?: number;
  /** Probability (0..1) that the turn has ended. A rejection is told, and the pause is judged without it. */
  predict(input: TurnDetectorInput): Promise<number>;
  /** Loads what the first prediction would wait for. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

export interface TurnDetectorInput {
  /** The turn's audio up to now, at most its last `audioMs`, mono; empty where it wants none. */
  pcm: Int16Array;
  /** The turn's words so far; '' without a recogniser. */
  text: string;
  /** Aborted when the user speaks on. */
  signal: AbortSignal;
}
