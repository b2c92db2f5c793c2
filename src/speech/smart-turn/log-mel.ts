import { points, transform } from './fft.js';

export const sampleRateHz = 16_000;
/** What the model looks at: the last eight seconds. */
export const windowSamples = 8 * sampleRateHz;
export const bands = 80;
export const frames = 800;

const hop = 160;
const bins = points / 2 + 1;
const hann = Float64Array.from(
  { length: points },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / points),
);
/** For each band the bins that it is made of. */
const filters = Array.from({ length: bands }, (_, band) => filterOf(band));

/**
 * Whisper's features of speech, as Smart Turn was trained on: the last eight seconds (before them silence), brought to mean 0 and
 * variance 1, in 80 mel bands of 800 frames, logarithms, scaled. `[band][frame]`.
 */
export function logMel(pcm: Int16Array): Float32Array {
  const wave = normalised(pcm);
  const out = new Float32Array(bands * frames);
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  const sumRe = new Float64Array(points);
  const sumIm = new Float64Array(points);
  // Two real frames are one complex transform.
  for (let frame = 0; frame < frames; frame += 2) {
    for (let n = 0; n < points; n++) {
      re[n] = at(wave, frame * hop + n - points / 2) * hann[n]!;
      im[n] = at(wave, (frame + 1) * hop + n - points / 2) * hann[n]!;
    }
    transform(re, im, sumRe, sumIm);
    takeApart(sumRe, sumIm, re, im);
    for (let band = 0; band < bands; band++) {
      out[band * frames + frame] = energyOf(band, re);
      out[band * frames + frame + 1] = energyOf(band, im);
    }
  }
  let most = -Infinity;
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.log10(Math.max(out[i]!, 1e-10));
    most = Math.max(most, out[i]!);
  }
  for (let i = 0; i < out.length; i++) out[i] = (Math.max(out[i]!, most - 8) + 4) / 4;
  return out;
}

/** The powers of two real frames, from the transform of one as real and the other as imaginary part. */
function takeApart(
  sumRe: Float64Array,
  sumIm: Float64Array,
  first: Float64Array,
  second: Float64Array,
): void {
  for (let k = 0; k < bins; k++) {
    const j = (points - k) % points;
    const evenRe = (sumRe[k]! + sumRe[j]!) / 2;
    const evenIm = (sumIm[k]! - sumIm[j]!) / 2;
    const oddRe = (sumIm[k]! + sumIm[j]!) / 2;
    const oddIm = (sumRe[j]! - sumRe[k]!) / 2;
    first[k] = evenRe * evenRe + evenIm * evenIm;
    second[k] = oddRe * oddRe + oddIm * oddIm;
  }
}

function energyOf(band: number, powers: Float64Array): number {
  const { from, weights } = filters[band]!;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * powers[from + i]!;
  return sum;
}

/** Behind either end the wave runs back, its last sample not twice. */
function at(wave: Float64Array, index: number): number {
  if (index < 0) return wave[-index]!;
  if (index >= wave.length) return wave[2 * wave.length - 2 - index]!;
  return wave[index]!;
}

function normalised(pcm: Int16Array): Float64Array {
  const last = pcm.length > windowSamples ? pcm.subarray(pcm.length - windowSamples) : pcm;
  const wave = new Float64Array(windowSamples);
  for (let i = 0; i < last.length; i++) wave[windowSamples - last.length + i] = last[i]! / 32_768;
  let mean = 0;
  for (const sample of wave) mean += sample / windowSamples;
  let variance = 0;
  for (const sample of wave) variance += (sample - mean) ** 2 / windowSamples;
  const scale = 1 / Math.sqrt(variance + 1e-7);
  for (let i = 0; i < windowSamples; i++) wave[i] = (wave[i]! - mean) * scale;
  return wave;
}

/** A triangle between the neighbours' peaks, of equal area in all bands (Slaney's scale and norm). */
function filterOf(band: number): { from: number; weights: Float64Array } {
  const edge = (index: number) => toHz((toMel(sampleRateHz / 2) * index) / (bands + 1));
  const [low, peak, high] = [edge(band), edge(band + 1), edge(band + 2)];
  const weights: number[] = [];
  let from = 0;
  for (let bin = 0; bin < bins; bin++) {
    const hz = (bin * sampleRateHz) / points;
    const weight = Math.min((hz - low) / (peak - low), (high - hz) / (high - peak));
    if (weight <= 0) continue;
    if (weights.length === 0) from = bin;
    weights.push((weight * 2) / (high - low));
  }
  return { from, weights: Float64Array.from(weights) };
}

/** Linear below 1,000 Hz, logarithmic above. */
function toMel(hz: number): number {
  return hz < 1_000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1_000)) / Math.log(6.4);
}

function toHz(mel: number): number {
  return mel < 15 ? (200 * mel) / 3 : 1_000 * Math.exp((Math.log(6.4) * (mel - 15)) / 27);
}
