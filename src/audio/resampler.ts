import { ConfigError } from '../core/errors.js';

/** Rates between which a `Resampler` converts. */
export const resamplerRatesHz: readonly number[] = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/**
 * Taps per phase when the rate goes up; going down the filter is stretched by the ratio. With this many, 68 dB of
 * Kaiser attenuation fit a transition that *ends* at the lower Nyquist, so nothing above it folds back.
 */
const baseTaps = 48;
const kaiserBeta = 6.6;
/** Middle of the transition (-6 dB), as a part of the lower Nyquist. */
const cutoff = 0.912;
/** Input samples taken into the history at once. */
const blockSamples = 1024;

interface FilterBank {
  /** Up by `up`, down by `down`, in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Taps of each phase; even. */
  readonly taps: number;
  /** `up` phases one after another, each of `taps` weights in the order of the input samples. */
  readonly weights: Float64Array;
}

const banks = new Map<string, FilterBank>();

/**
 * Streaming sample-rate converter for mono 16-bit PCM: a windowed-sinc polyphase FIR. The filter's delay is taken out:
 * output sample k stands at time k / toHz of the input, so after `flush` n samples in have become
 * ceil(n * toHz / fromHz) out, however they were chunked. Output lags input by half a filter (24 samples of the lower rate).
 * Throws ConfigError `option_invalid` for a rate that is not in `resamplerRatesHz`.
 */
export class Resampler {
  readonly fromHz: number;
  readonly toHz: number;
  readonly #bank: FilterBank | undefined;
  /** Input samples from the first that the next output needs. */
  readonly #history: Float64Array;
  #filled = 0;
  /** Position of the next output in the history: whole input samples and phases (0..up-1). */
  #at = 0;
  #phase = 0;

  constructor(fromHz: number, toHz: number) {
    for (const rate of [fromHz, toHz]) {
      if (!resamplerRatesHz.includes(rate)) {
        throw new ConfigError(
          'option_invalid',
          `Cannot resample ${fromHz} Hz to ${toHz} Hz: rates are ${resamplerRatesHz.join(', ')}.`,
          { param: rate === fromHz ? 'fromHz' : 'toHz' },
        );
      }
    }
    this.fromHz = fromHz;
    this.toHz = toHz;
    this.#bank = fromHz === toHz ? undefined : bankFor(fromHz, toHz);
    this.#history = new Float64Array(this.#bank === undefined ? 0 : this.#bank.taps + blockSamples);
    this.reset();
  }

  /** Takes the next samples, gives those that are settled by now. At equal rates it gives back `pcm` itself. */
  process(pcm: Int16Array): Int16Array {
    const bank = this.#bank;
    if (bank === undefined) return pcm;
    const out = new Int16Array(this.#ready(bank, this.#filled + pcm.length));
    let written = 0;
    for (let from = 0; from < pcm.length; from += blockSamples) {
      const count = Math.min(blockSamples, pcm.length - from);
      this.#compact();
      const history = this.#history;
      const end = this.#filled;
      for (let i = 0; i < count; i++) history[end + i] = pcm[from + i]!;
      this.#filled = end + count;
      written = this.#run(bank, out, written);
    }
    return out;
  }

  /** Gives the rest, up to the duration of all that came in, and starts anew. */
  flush(): Int16Array {
    const bank = this.#bank;
    if (bank === undefined) return new Int16Array(0);
    const half = bank.taps / 2;
    // Outputs still owed lie before the last input sample; half a filter of silence settles them.
    const out = new Int16Array(this.#ready(bank, this.#filled + half));
    this.#compact();
    this.#history.fill(0, this.#filled, this.#filled + half);
    this.#filled += half;
    this.#run(bank, out, 0);
    this.reset();
    return out;
  }

  /** Forgets all that came in. */
  reset(): void {
    const bank = this.#bank;
    if (bank === undefined) return;
    // Output 0 reaches back by half a filter less one: silence stands before the first sample.
    this.#filled = bank.taps / 2 - 1;
    this.#history.fill(0, 0, this.#filled);
    this.#at = 0;
    this.#phase = 0;
  }

  /** How many outputs have all their inputs once the history holds `filled` samples. */
  #ready(bank: FilterBank, filled: number): number {
    const room = filled - bank.taps - this.#at;
    if (room < 0) return 0;
    // The k-th from now needs at + floor((phase + k * down) / up) + taps <= filled.
    return Math.floor((room * bank.up + bank.up - 1 - this.#phase) / bank.down) + 1;
  }

  #run(bank: FilterBank, out: Int16Array, written: number): number {
    const { up, down, taps, weights } = bank;
    const history = this.#history;
    const last = this.#filled - taps;
    let at = this.#at;
    let phase = this.#phase;
    while (at <= last) {
      const sum = dot(history, at, weights, phase * taps, taps);
      out[written++] = sum > 32767 ? 32767 : sum < -32768 ? -32768 : Math.round(sum);
      phase += down;
      const step = (phase / up) | 0;
      at += step;
      phase -= step * up;
    }
    this.#at = at;
    this.#phase = phase;
    return written;
  }

  /** Moves what the next output still needs (fewer than `taps` samples) to the front. */
  #compact(): void {
    this.#history.copyWithin(0, this.#at, this.#filled);
    this.#filled -= this.#at;
    this.#at = 0;
  }
}

/** `taps` is a multiple of 4; four sums keep the adder busy, and their fixed order keeps results equal over any chunking. */
function dot(history: Float64Array, at: number, weights: Float64Array, offset: number, taps: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < taps; i += 4) {
    a += history[at + i]! * weights[offset + i]!;
    b += history[at + i + 1]! * weights[offset + i + 1]!;
    c += history[at + i + 2]! * weights[offset + i + 2]!;
    d += history[at + i + 3]! * weights[offset + i + 3]!;
  }
  return a + b + (c + d);
}

function bankFor(fromHz: number, toHz: number): FilterBank {
  const key = `${fromHz}:${toHz}`;
  let bank = banks.get(key);
  if (bank === undefined) {
    bank = makeBank(fromHz, toHz);
    banks.set(key, bank);
  }
  return bank;
}

function makeBank(fromHz: number, toHz: number): FilterBank {
  const divisor = gcd(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const stretch = Math.max(1, down / up);
  const taps = Math.ceil((baseTaps * stretch) / 4) * 4;
  const half = taps / 2;
  const reach = (baseTaps * stretch) / 2;
  const bandwidth = cutoff / stretch;
  const weights = new Float64Array(up * taps);
  for (let phase = 0; phase < up; phase++) {
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      // Distance from the output's place to this input sample.
      const x = i - (half - 1) - phase / up;
      const weight = sinc(bandwidth * x) * kaiser(x / reach);
      weights[phase * taps + i] = weight;
      sum += weight;
    }
    for (let i = 0; i < taps; i++) weights[phase * taps + i]! /= sum;
  }
  return { up, down, taps, weights };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(kaiserBeta * Math.sqrt(1 - x * x)) / bessel0(kaiserBeta);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
