import { Resampler } from '../../../audio/index.js';
import { bytesToMs, decodeAudio, formatRateHz } from '../convert/index.js';
import type { AudioFormat } from '../events.js';
import { ByteLog } from './kept-audio.js';

/** Audio before the speech that is under way which a turn may still reach back to. */
const reachBackMs = 2000;

/**
 * All audio that the client has written: its length, and the last of it, in the client's format, until it belongs to an
 * item. `write` gives it at the link's rate.
 */
export class InputLine {
  readonly #linkRateHz: number;
  readonly #limitBytes: number;
  readonly #log = new ByteLog();
  #format: AudioFormat;
  #resampler: Resampler | undefined;
  #linkSamples = 0;
  #writtenMs = 0;
  #committedMs = 0;

  constructor(linkRateHz: number, format: AudioFormat, limitBytes: number) {
    this.#linkRateHz = linkRateHz;
    this.#limitBytes = limitBytes;
    this.#format = format;
    this.#resampler = resamplerFor(format, linkRateHz);
  }

  get format(): AudioFormat {
    return this.#format;
  }

  /** Milliseconds written since the session began. */
  get writtenMs(): number {
    return this.#writtenMs;
  }

  /** Milliseconds written and neither committed nor cleared. */
  get bufferedMs(): number {
    return this.#writtenMs - this.#committedMs;
  }

  /** Position on the link's line of the next samples. */
  get linkMs(): number {
    return (this.#linkSamples * 1000) / this.#linkRateHz;
  }

  write(bytes: Uint8Array, format: AudioFormat): Int16Array {
    if (format.type !== this.#format.type) this.#change(format);
    this.#writtenMs += bytesToMs(bytes.length, format);
    if (this.#limitBytes > 0) {
      this.#log.append(bytes);
      this.#log.dropFront(this.#log.length - this.#limitBytes);
    }
    const pcm = decodeAudio(bytes, format);
    return this.#count(this.#resampler?.process(pcm) ?? pcm);
  }

  /** The samples that the resampler still held back. */
  flush(): Int16Array {
    return this.#count(this.#resampler?.flush() ?? new Int16Array(0));
  }

  /** Everything up to now belongs to an item, or to nobody. */
  settle(): void {
    this.#committedMs = this.#writtenMs;
  }

  /** The kept part of a stretch, in the client's format. */
  slice(fromMs: number, toMs: number): Uint8Array {
    const start = this.#writtenMs - bytesToMs(this.#log.length, this.#format);
    return this.#log.slice(this.#bytes(fromMs - start), this.#bytes(toMs - start));
  }

  /** Gives up what lies before a position, less what a turn may reach back to. */
  forgetBefore(ms: number): void {
    const start = this.#writtenMs - bytesToMs(this.#log.length, this.#format);
    this.#log.dropFront(this.#bytes(ms - reachBackMs - start));
  }

  #bytes(ms: number): number {
    const samples = Math.round((Math.max(ms, 0) * formatRateHz(this.#format)) / 1000);
    return this.#format.type === 'audio/pcm' ? 2 * samples : samples;
  }

  #count(pcm: Int16Array): Int16Array {
    this.#linkSamples += pcm.length;
    return pcm;
  }

  #change(format: AudioFormat): void {
    this.#format = format;
    this.#resampler = resamplerFor(format, this.#linkRateHz);
    this.#log.dropFront(this.#log.length);
  }
}

function resamplerFor(format: AudioFormat, linkRateHz: number): Resampler | undefined {
  const rateHz = formatRateHz(format);
  return rateHz === linkRateHz ? undefined : new Resampler(rateHz, linkRateHz);
}
