import { Fourier } from '../fourier.js';

/** Points of the transform, and bins from 0 Hz to half the sample rate. */
export const points = 256;
export const bins = points / 2 + 1;

const half = points / 2;
const window = Float64Array.from(
  { length: points },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / points),
);
const cosine = Float64Array.from({ length: half }, (_, n) => Math.cos((2 * Math.PI * n) / points));
const sine = Float64Array.from({ length: half }, (_, n) => -Math.sin((2 * Math.PI * n) / points));
const fourier = new Fourier(half);
const re = new Float64Array(half);
const im = new Float64Array(half);

/**
 * Magnitudes of the DFT of 256 samples of `x` from `at`, under a periodic Hann window, into 129 values of `out` from
 * `to`. The 256 real samples are transformed as 128 complex ones and taken apart afterwards.
 */
export function hannSpectrum(x: Float32Array, at: number, out: Float32Array, to: number): void {
  for (let n = 0; n < half; n++) {
    re[n] = x[at + 2 * n]! * window[2 * n]!;
    im[n] = x[at + 2 * n + 1]! * window[2 * n + 1]!;
  }
  fourier.transform(re, im);
  out[to] = Math.abs(re[0]! + im[0]!);
  out[to + half] = Math.abs(re[0]! - im[0]!);
  for (let k = 1; k < half; k++) {
    const j = half - k;
    const evenRe = (re[k]! + re[j]!) / 2;
    const evenIm = (im[k]! - im[j]!) / 2;
    const oddRe = (im[k]! + im[j]!) / 2;
    const oddIm = (re[j]! - re[k]!) / 2;
    const c = cosine[k]!;
    const s = sine[k]!;
    const r = evenRe + oddRe * c - oddIm * s;
    const i = evenIm + oddRe * s + oddIm * c;
    out[to + k] = Math.sqrt(r * r + i * i);
  }
}
