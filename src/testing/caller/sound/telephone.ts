import { decodeMuLaw, encodeMuLaw, Resampler } from '../../../audio/index.js';
import { Biquad } from './biquad.js';

/** Rate of the old telephone network. */
export const telephoneRateHz = 8000;

/** The band and the coding of a telephone line on a stream of 8 kHz audio: 300 to 3400 Hz, mu-law. Keeps its state between frames. */
export class TelephoneLine {
  // Two of each: 24 dB an octave.
  readonly #filters = [0.54, 1.31].flatMap((q) => [
    Biquad.highPass(300, telephoneRateHz, q),
    Biquad.lowPass(3400, telephoneRateHz, q),
  ]);

  /** A new frame of the same length. */
  process(pcm: Int16Array): Int16Array<ArrayBuffer> {
    const band = Int16Array.from(pcm, (sample) => {
      let value = sample;
      for (const filter of this.#filters) value = filter.process(value);
      return Math.max(-32_768, Math.min(32_767, Math.round(value)));
    });
    return decodeMuLaw(encodeMuLaw(band));
  }
}

/** A recording as it sounds after a telephone line, at the rate it came with and of the same length. Rates as `Resampler`. */
export function telephone(pcm: Int16Array, sampleRateHz: number): Int16Array<ArrayBuffer> {
  const narrow = resampled(pcm, sampleRateHz, telephoneRateHz);
  const wide = resampled(new TelephoneLine().process(narrow), telephoneRateHz, sampleRateHz);
  const out = new Int16Array(pcm.length);
  out.set(wide.subarray(0, pcm.length));
  return out;
}

/** A whole recording at another rate. ConfigError `option_invalid` for a rate that `Resampler` does not know. */
export function resampled(pcm: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return pcm;
  const resampler = new Resampler(fromHz, toHz);
  const head = resampler.process(pcm);
  const tail = resampler.flush();
  const out = new Int16Array(head.length + tail.length);
  out.set(head);
  out.set(tail, head.length);
  return out;
}
