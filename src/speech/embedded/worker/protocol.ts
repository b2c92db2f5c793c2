import type { Word } from '../../../chat/item.js';
import type { ErrorCode } from '../../../core/index.js';
import type { Opening } from '../../contracts.js';
import type { Openings } from '../openings/openings.js';
import type { Grammar } from '../stt/grammar.js';
import type { SoundLine } from '../stt/sound-line.js';

/** What a thread is made for, given once at its start. Paths are those of the peer packages. */
export type ThreadTask = TtsTask | SttTask;

/** What a thread is started with. `scratch`: a folder that it may make for files, and that is taken away after its end. */
export interface ThreadData {
  task: ThreadTask;
  scratch: string;
}

export interface TtsTask {
  role: 'tts';
  flite: string;
  /** Voice to warm up with. */
  voice: string;
}

export interface SttTask {
  role: 'stt';
  soundSwallower: string;
  /** Absent: not installed; then every word of the grammar must be in the dictionary. */
  flite?: string;
  grammar: Grammar;
  openings?: Openings;
  line: SoundLine;
  /** Utterances decoded at the same time, at most. */
  decoders: number;
  /** Audio between two looks at the text so far. */
  interimMs?: number;
}

/** First message of every thread, or its last. */
export type ThreadStart = { t: 'ready' } | { t: 'broken'; code: ErrorCode; message: string };

/** To a TTS thread; answered in order by one `said` or `unsaid` each. */
export type ToTts = { t: 'say'; text: string; voice: string; speed: number };
export type FromTts =
  | { t: 'said'; pcm: Int16Array<ArrayBuffer>; words: Word[] }
  | { t: 'unsaid'; message: string };

/** To an STT thread. `utterance` numbers the utterances of a stream from 0; a flush or a discard ends one. */
export type ToStt =
  | { t: 'open'; stream: number }
  | { t: 'audio'; stream: number; pcm: Int16Array<ArrayBuffer> }
  | { t: 'flush'; stream: number }
  | { t: 'discard'; stream: number }
  | { t: 'close'; stream: number };
export type FromStt =
  | { t: 'interim'; stream: number; utterance: number; text: string }
  | { t: 'opening'; stream: number; utterance: number; opening: Opening }
  | { t: 'final'; stream: number; utterance: number; text: string; words: Word[] }
  | { t: 'failed'; stream: number; utterance: number; message: string }
  /** Audio that need not be kept any longer: decoded, skipped as silence, or discarded. */
  | { t: 'consumed'; stream: number; samples: number };
