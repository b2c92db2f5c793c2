import { Resampler } from '../../audio/index.js';
import type { AudioOutput, Ms } from '../../core/index.js';

/** The way from a speaker's rate to the transport's: knows how long on the output line each piece becomes. */
export class OutputLine {
  readonly #output: AudioOutput;
  #resampler: Resampler | undefined;
  #fromHz: number;

  constructor(output: AudioOutput) {
    this.#output = output;
    this.#fromHz = output.sampleRateHz;
  }

  /** Another utterance, at this rate: what the resampler still holds of one that was not flushed is no part of it. */
  begin(fromHz: number): void {
    this.#resampler?.reset();
    if (fromHz === this.#fromHz) return;
    const toHz = this.#output.sampleRateHz;
    this.#fromHz = fromHz;
    this.#resampler = fromHz === toHz ? undefined : new Resampler(fromHz, toHz);
  }

  /** Milliseconds that were added to the line. */
  write(pcm: Int16Array): Ms {
    return this.#put(this.#resampler === undefined ? pcm : this.#resampler.process(pcm));
  }

  /** Ends an utterance: the resampler's tail goes out, then `finished` is asked for. */
  flush(): Ms {
    let addedMs = 0;
    if (this.#resampler !== undefined) {
      addedMs = this.#put(this.#resampler.flush());
      this.#resampler.reset();
    }
    this.#output.flush();
    return addedMs;
  }

  clear(): ReturnType<AudioOutput['clear']> {
    this.#resampler?.reset();
    return this.#output.clear();
  }

  #put(pcm: Int16Array): Ms {
    if (pcm.length === 0) return 0;
    this.#output.write(pcm);
    return (pcm.length * 1000) / this.#output.sampleRateHz;
  }
}
