import type { STT, TTS, VAD } from '../contracts.js';
import type { Grammar } from './stt/grammar.js';
import { embeddedStt } from './stt/stt.js';
import { embeddedTts } from './tts/tts.js';
import { sileroVad } from './vad/silero.js';

export interface EmbeddedSpeechOptions {
  /** What callers are expected to say. */
  grammar?: Grammar;
  /** Default `slt`. */
  voice?: string;
  /** 0.25 to 4, default 1. */
  speed?: number;
  /** Threads for recognition and for synthesis, default 1 each. */
  workers?: { stt?: number; tts?: number };
}

export interface EmbeddedSpeech {
  stt: STT;
  tts: TTS;
  vad: VAD;
  /** Closes all three: streams end without further events. May be called twice. */
  close(): Promise<void>;
}

/**
 * Ears and voice that need no key, no native addon and no download: Silero in this thread, soundswallower and flite in
 * worker threads. English, 16 kHz. Throws `peer_missing` or `option_invalid` before anything is started.
 */
export function embeddedSpeech(options: EmbeddedSpeechOptions = {}): EmbeddedSpeech {
  const { grammar, voice, speed, workers = {} } = options;
  const stt = embeddedStt({
    ...(grammar && { grammar }),
    ...(workers.stt !== undefined && { workers: workers.stt }),
  });
  const tts = embeddedTts({
    ...(voice !== undefined && { voice }),
    ...(speed !== undefined && { speed }),
    ...(workers.tts !== undefined && { workers: workers.tts }),
  });
  const vad = sileroVad();
  return {
    stt,
    tts,
    vad,
    async close() {
      vad.close();
      await Promise.all([stt.close(), tts.close()]);
    },
  };
}
