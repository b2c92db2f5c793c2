import type { Word } from '../../chat/item.js';
import type { Ms } from '../../core/index.js';

/** Which ear: the model's own transcription, or the recogniser beside it (`stt`). */
export type TranscriptSource = 'model' | 'stt';

/**
 * Which words the history keeps. `both`: the recogniser's, and the model's where the recogniser has none. What is not kept there
 * is found in `session.transcripts` all the same.
 */
export type TranscriptRecord = 'model' | 'stt' | 'both';

/** A stretch of the session's input line: all audio that the caller's side has sent since the start. */
export interface Span {
  fromMs: Ms;
  toMs: Ms;
}

/** What one ear understood of one turn. */
export interface Transcript {
  readonly turnId: string;
  /** The turn's item in the history; absent while there is none. */
  readonly itemId?: string;
  readonly source: TranscriptSource;
  /** '' where nothing was understood. */
  readonly text: string;
  readonly isFinal: boolean;
  readonly span?: Span;
  /** 0..1, where the ear tells. */
  readonly confidence?: number;
  /** Where the ear tells; times are on the input line. */
  readonly words?: readonly Word[];
  readonly language?: string;
}
