import { Framer, mixToMono, Resampler } from '../../audio/index.js';
import { type AudioFrame, ConfigError } from '../../core/index.js';

/**
 * The input line: audio of any rate, channels and chunking in; mono chunks of exactly `chunkMs` at the wire's rate out.
 * Audio that already has the wire's rate and chunk length passes through without a copy.
 */
export class InputLine {
  readonly #rateHz: number;
  readonly #framer: Framer;
  #resampler: Resampler | undefined;
  #resamplerFromHz = 0;

  constructor(rateHz: number, chunkMs: number, onChunk: (pcm: Int16Array) => void) {
    this.#rateHz = rateHz;
    this.#framer = new Framer(Math.round((rateHz * chunkMs) / 1000), onChunk);
  }

  push({ pcm, sampleRateHz, channels }: AudioFrame): void {
    if (pcm.length === 0) return;
    const mono = channels === 1 ? pcm : mixToMono(pcm, channels);
    if (sampleRateHz === this.#rateHz && this.#resampler === undefined) {
      this.#framer.push(mono);
      return;
    }
    if (sampleRateHz !== this.#resamplerFromHz) this.#changeRate(sampleRateHz);
    this.#framer.push(this.#resampler === undefined ? mono : this.#resampler.process(mono));
  }

  /** Sends what has not filled a chunk yet; before a commit, so that no word's end is left behind. */
  flush(): void {
    if (this.#resampler !== undefined) {
      this.#framer.push(this.#resampler.flush());
      this.#resampler.reset();
    }
    this.#framer.flush();
  }

  /** Drops what has not filled a chunk yet. */
  discard(): void {
    this.#resampler?.reset();
    this.#framer.reset();
  }

  #changeRate(fromHz: number): void {
    if (!Number.isInteger(fromHz) || fromHz <= 0) {
      throw new ConfigError('option_invalid', `Audio at ${fromHz} Hz cannot be resampled`, {
        param: 'sampleRateHz',
      });
    }
    if (this.#resampler !== undefined) this.#framer.push(this.#resampler.flush());
    this.#resamplerFromHz = fromHz;
    this.#resampler = fromHz === this.#rateHz ? undefined : new Resampler(fromHz, this.#rateHz);
  }
}
