import { ConfigError, type Ms, msToSamples } from '../../../core/index.js';
import { type Random, seededRandom } from '../../faults/random.js';
import { babble } from './babble.js';
import { Biquad } from './biquad.js';
import { atLevel } from './level.js';

/** `white` and `pink`: hiss; `hum`: mains; `babble`: many people who cannot be understood; `street`: traffic. */
export const noiseKinds = ['white', 'pink', 'hum', 'babble', 'street'] as const;
export type NoiseKind = (typeof noiseKinds)[number];

export interface NoiseOptions {
  /** Default 24000. */
  sampleRateHz?: number;
  /** RMS over the whole, dBFS. Default -40. */
  levelDb?: number;
}

/** `durationMs` of noise, mono: the same kind, seed and length always give the same samples. ConfigError `option_invalid` for an unknown kind. */
export function noise(
  kind: NoiseKind,
  seed: number,
  durationMs: Ms,
  options: NoiseOptions = {},
): Int16Array<ArrayBuffer> {
  const { sampleRateHz = 24_000, levelDb = -40 } = options;
  const make = makers[kind];
  if (make === undefined) {
    throw new ConfigError('option_invalid', `There is no noise '${kind}': use ${noiseKinds.join(', ')}.`, {
      param: 'kind',
    });
  }
  const samples = new Float64Array(msToSamples(durationMs, sampleRateHz));
  make(samples, seededRandom(seed), sampleRateHz);
  return atLevel(samples, levelDb);
}

/** Uniform noise of mean 0 is white as well, and cheaper than Gaussian. */
export function whiteSample(random: Random): number {
  return 2 * random.next() - 1;
}

const makers: Record<NoiseKind, (out: Float64Array, random: Random, sampleRateHz: number) => void> = {
  white(out, random) {
    for (let i = 0; i < out.length; i++) out[i] = whiteSample(random);
  },
  pink(out, random) {
    const next = pinkSource(random);
    for (let i = 0; i < out.length; i++) out[i] = next();
  },
  hum(out, random, sampleRateHz) {
    const harmonics = [1, 2, 3, 4, 5, 7].map((order) => ({
      step: (2 * Math.PI * 50 * order) / sampleRateHz,
      phase: 2 * Math.PI * random.next(),
      weight: (0.5 + random.next()) / order,
    }));
    for (let i = 0; i < out.length; i++) {
      let sum = 0.01 * whiteSample(random);
      for (const { step, phase, weight } of harmonics) sum += weight * Math.sin(phase + step * i);
      out[i] = sum;
    }
  },
  babble,
  street,
};

/** A sum of one-pole filters whose slopes together fall by 3 dB an octave, within 1 dB over the audible range. */
function pinkSource(random: Random): () => number {
  const poles = [0.997, 0.985, 0.95, 0.85, 0.6, 0.2];
  const gains = [0.029, 0.032, 0.047, 0.084, 0.17, 0.33];
  const state = poles.map(() => 0);
  return () => {
    let sum = 0;
    for (let i = 0; i < poles.length; i++) {
      state[i] = poles[i]! * state[i]! + gains[i]! * whiteSample(random);
      sum += state[i]!;
    }
    return sum;
  };
}

/** Rumble all the time, cars that come and go, and now and then a horn far away. */
function street(out: Float64Array, random: Random, sampleRateHz: number): void {
  const rumble = Biquad.lowPass(160, sampleRateHz);
  for (let i = 0; i < out.length; i++) out[i] = 4 * rumble.process(whiteSample(random));
  const seconds = out.length / sampleRateHz;
  for (let car = 0; car < Math.max(2, seconds / 2); car++) passingCar(out, random, sampleRateHz);
  for (let horn = 0; horn < Math.floor(seconds / 8); horn++) distantHorn(out, random, sampleRateHz);
}

function passingCar(out: Float64Array, random: Random, sampleRateHz: number): void {
  const middle = random.next() * out.length;
  const width = (0.6 + 1.4 * random.next()) * sampleRateHz;
  const tyres = Biquad.bandPass(500 + 700 * random.next(), sampleRateHz, 0.6);
  const loudness = 0.4 + 0.8 * random.next();
  const from = Math.max(0, Math.floor(middle - 2 * width));
  const to = Math.min(out.length, Math.ceil(middle + 2 * width));
  for (let i = from; i < to; i++) {
    out[i]! += loudness * Math.exp(-(((i - middle) / width) ** 2)) * tyres.process(whiteSample(random));
  }
}

function distantHorn(out: Float64Array, random: Random, sampleRateHz: number): void {
  const length = (0.2 + 0.4 * random.next()) * sampleRateHz;
  const from = Math.floor(random.next() * Math.max(1, out.length - length));
  const hz = 350 + 100 * random.next();
  for (let i = 0; i < length && from + i < out.length; i++) {
    const at = (2 * Math.PI * hz * i) / sampleRateHz;
    out[from + i]! += 0.15 * Math.sin(Math.PI * (i / length)) * (Math.sin(at) + 0.7 * Math.sin(1.26 * at));
  }
}
