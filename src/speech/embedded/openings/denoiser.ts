import { NoiseFloor } from '../../../audio/noise-floor.js';
import { Fourier } from '../fourier.js';

const points = 512;
const hop = points / 2;
const bins = points / 2 + 1;
const fourier = new Fourier(points);
const window = Float64Array.from({ length: points }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / points));
/** Up to so much above the floor a frame is noise, and is learnt from with this weight; the first ones by their mean. */
const noiseDb = 5;
const learning = 0.15;
/** Noise is taken for so much more than it is on average, because it is often louder. */
const margin = 1.5;
/** How much the last frame says of this one: what is left of noise would chirp without it. */
const memory = 0.9;
const leastGain = 10 ** (-26 / 20);

/**
 * Takes steady noise off speech (Wiener's filter over frames of 32 ms): the recogniser takes a hiss for an "f", so that "okay"
 * becomes "felt". Noise is what is as soft as the softest of the last second and a half. What comes out is 16 to 32 ms late.
 */
export class Denoiser {
  readonly #floor = new NoiseFloor();
  readonly #noise = new Float64Array(bins);
  readonly #clean = new Float64Array(bins);
  readonly #input = new Float64Array(points);
  readonly #tail = new Float64Array(hop);
  #filled = hop;
  #frames = 0;
  #re = new Float64Array(points);
  #im = new Float64Array(points);

  /** Samples between -1 and 1, at 16 kHz; gives as many as are ready. */
  process(samples: Float32Array): Float32Array {
    const out = new Float32Array(Math.floor((this.#filled - hop + samples.length) / hop) * hop);
    let done = 0;
    for (let at = 0; at < samples.length; ) {
      const count = Math.min(samples.length - at, points - this.#filled);
      this.#input.set(samples.subarray(at, at + count), this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled < points) break;
      this.#frame(out.subarray(done, done + hop));
      done += hop;
      this.#input.copyWithin(0, hop);
      this.#filled = hop;
    }
    return out;
  }

  /** What is left, made whole with silence. */
  end(): Float32Array {
    return this.process(new Float32Array(2 * hop - (this.#filled - hop)));
  }

  #frame(out: Float32Array): void {
    const [re, im] = [this.#re, this.#im];
    for (let n = 0; n < points; n++) re[n] = this.#input[n]! * window[n]!;
    im.fill(0);
    fourier.transform(re, im);
    this.#filter(re, im);
    fourier.transform(im, re);
    for (let n = 0; n < hop; n++) {
      out[n] = this.#tail[n]! + (re[n]! * window[n]!) / points;
      this.#tail[n] = (re[n + hop]! * window[n + hop]!) / points;
    }
  }

  #filter(re: Float64Array, im: Float64Array): void {
    let power = 0;
    for (let k = 0; k < bins; k++) power += re[k]! * re[k]! + im[k]! * im[k]!;
    const levelDb = 10 * Math.log10(Math.max((4 * power) / (points * points), 1e-10));
    const isNoise = levelDb < this.#floor.add(levelDb) + noiseDb;
    const share = this.#frames < 1 / learning ? 1 / (this.#frames + 1) : learning;
    if (isNoise) this.#frames += 1;
    for (let k = 0; k < bins; k++) {
      const heard = re[k]! * re[k]! + im[k]! * im[k]!;
      if (isNoise) this.#noise[k]! += share * (heard - this.#noise[k]!);
      const noise = margin * this.#noise[k]! + 1e-12;
      const speech = memory * this.#clean[k]! + (1 - memory) * Math.max(0, heard - noise);
      const gain = Math.max(leastGain, speech / (speech + noise));
      this.#clean[k] = gain * gain * heard;
      re[k]! *= gain;
      im[k]! *= gain;
      if (k > 0 && k < points / 2) {
        re[points - k] = re[k]!;
        im[points - k] = -im[k]!;
      }
    }
  }
}
