import { levelOf } from '../../audio/index.js';
import { msToSamples, samplesToMs } from '../../core/index.js';
import type { VAD, VadEvent, VadOptions, VadStream } from '../../speech/index.js';

export interface EnergyVadOptions {
  /** Default 16 000. */
  sampleRateHz?: number;
  /** Level from which a window counts as speech. Default -45. */
  thresholdDbfs?: number;
}

const windowMs = 10;

/**
 * Takes loudness for speech: enough for tests and simulation, and useless in noise. Runs in audio time only, so the same
 * audio always gives the same edges, however it was chunked.
 */
export function energyVad(options: EnergyVadOptions = {}): VAD {
  const { sampleRateHz = 16_000, thresholdDbfs = -45 } = options;
  return {
    sampleRateHz,
    stream: (streamOptions) => new EnergyVadStream(sampleRateHz, thresholdDbfs, streamOptions ?? {}),
    close() {},
  };
}

class EnergyVadStream implements VadStream {
  readonly #window: Int16Array;
  readonly #rateHz: number;
  readonly #thresholdDbfs: number;
  #filled = 0;
  #minSpeechMs = 50;
  #silenceMs = 500;
  /** Samples of all windows so far. */
  #position = 0;
  #speaking = false;
  /** Where the loud or silent stretch began that may become an edge. */
  #loudFromMs: number | null = null;
  #lastLoudMs = 0;
  #listener: (event: VadEvent) => void = () => {};
  #closed = false;

  constructor(rateHz: number, thresholdDbfs: number, options: VadOptions) {
    this.#rateHz = rateHz;
    this.#thresholdDbfs = thresholdDbfs;
    this.#window = new Int16Array(msToSamples(windowMs, rateHz));
    this.update(options);
  }

  push(pcm: Int16Array): void {
    for (let from = 0; from < pcm.length && !this.#closed; ) {
      const count = Math.min(pcm.length - from, this.#window.length - this.#filled);
      this.#window.set(pcm.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === this.#window.length) this.#judge();
    }
  }

  onEvent(listener: (event: VadEvent) => void): void {
    this.#listener = listener;
  }

  update({ minSpeechMs, silenceMs }: VadOptions): void {
    if (minSpeechMs !== undefined) this.#minSpeechMs = minSpeechMs;
    if (silenceMs !== undefined) this.#silenceMs = silenceMs;
  }

  reset(): void {
    this.#speaking = false;
    this.#loudFromMs = null;
  }

  close(): void {
    this.#closed = true;
  }

  #judge(): void {
    this.#filled = 0;
    const fromMs = samplesToMs(this.#position, this.#rateHz);
    this.#position += this.#window.length;
    const toMs = samplesToMs(this.#position, this.#rateHz);
    const loud = levelOf(this.#window).rmsDbfs >= this.#thresholdDbfs;
    if (loud) {
      this.#loudFromMs ??= fromMs;
      this.#lastLoudMs = toMs;
    } else if (!this.#speaking) {
      this.#loudFromMs = null;
    }
    this.#tell({ t: 'probability', probability: loud ? 1 : 0, atMs: toMs });
    if (!this.#speaking && this.#loudFromMs !== null && toMs - this.#loudFromMs >= this.#minSpeechMs) {
      this.#speaking = true;
      this.#tell({ t: 'speech_started', atMs: this.#loudFromMs });
    } else if (this.#speaking && toMs - this.#lastLoudMs >= this.#silenceMs) {
      this.reset();
      this.#tell({ t: 'speech_stopped', atMs: this.#lastLoudMs });
    }
  }

  #tell(event: VadEvent): void {
    if (!this.#closed) this.#listener(event);
  }
}
