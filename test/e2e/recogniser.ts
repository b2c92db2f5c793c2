import { Resampler } from '../../src/audio/index.js';
import { embeddedStt } from '../../src/speech/embedded/index.js';

/** The embedded recogniser with its general vocabulary only, for what was recorded at a loudspeaker. */
export class Recogniser {
  readonly #stt = embeddedStt({ grammar: { sentences: [] } });

  /** The words in 24 kHz sound, -1..1. */
  async words(sound: Float32Array): Promise<string> {
    const stream = this.#stt.stream();
    const pcm = Int16Array.from(sound, (value) => Math.round(value * 32_767));
    const resampler = new Resampler(24_000, this.#stt.sampleRateHz);
    try {
      return await new Promise<string>((resolve, reject) => {
        stream.onEvent((event) => {
          if (event.t === 'final') resolve(event.text);
          else if (event.t === 'failed') reject(event.error);
        });
        stream.push(resampler.process(pcm));
        stream.push(resampler.flush());
        stream.flush();
      });
    } finally {
      stream.close();
    }
  }

  close(): Promise<void> {
    return this.#stt.close();
  }
}
