import { affine, affineTwice } from './affine.js';
import { bins, hannSpectrum } from './hann-spectrum.js';
import { channels, hidden, type SileroWeights } from './silero-weights.js';

/** New samples per step at 16 kHz (32 ms), and samples of the step before that the model sees again. */
export const windowSamples = 512;
const contextSamples = 64;

const strides = [1, 2, 2, 1];
/** Frames into each convolution, and out of the last. */
const frames = [4, 4, 2, 1, 1];
const edge = contextSamples + windowSamples;

/**
 * Silero VAD v6 at 16 kHz: spectrum -> 4 x (convolution, ReLU) -> LSTM -> probability of speech. One per audio stream,
 * because it keeps the LSTM's state and 64 samples of context.
 */
export class SileroModel {
  /** Context, new samples, and 64 reflected samples on the right only. */
  readonly #input = new Float32Array(edge + contextSamples);
  /** Activations [frame][channel] into layer l, with a row of zeros at either end for the convolution. */
  readonly #layers = frames.map((count, layer) => new Float32Array((count + 2) * channels[layer]!));
  readonly #gates = new Float32Array(4 * hidden);
  readonly #h = new Float32Array(hidden);
  readonly #c = new Float32Array(hidden);

  constructor(readonly weights: SileroWeights) {}

  /** Forgets all that was heard. */
  reset(): void {
    this.#input.fill(0);
    this.#h.fill(0);
    this.#c.fill(0);
  }

  /** Probability (0..1) that there is speech in these 512 samples (-1..1). */
  step(samples: Float32Array): number {
    const x = this.#input;
    x.copyWithin(0, windowSamples, edge);
    x.set(samples, contextSamples);
    for (let i = 0; i < contextSamples; i++) x[edge + i] = x[edge - 2 - i]!;
    for (let t = 0; t < 4; t++) hannSpectrum(x, t * 128, this.#layers[0]!, (t + 1) * bins);
    for (let layer = 0; layer < 4; layer++) this.#convolve(layer);
    return this.#remember(this.#layers[4]!);
  }

  #convolve(layer: number): void {
    const { weight, bias } = this.weights.conv[layer]!;
    const cin = channels[layer]!;
    const cout = channels[layer + 1]!;
    const from = this.#layers[layer]!;
    const to = this.#layers[layer + 1]!;
    const taps = 3 * cin;
    const step = strides[layer]! * cin;
    const count = frames[layer + 1]!;
    if (count === 1) affine(weight, bias, from, 0, taps, to, cout, cout);
    for (let t = 0; t + 1 < count; t += 2)
      affineTwice(weight, bias, from, t * step, step, taps, to, (t + 1) * cout, cout);
    for (let i = cout; i < (count + 1) * cout; i++) if (to[i]! < 0) to[i] = 0;
  }

  #remember(features: Float32Array): number {
    const { inputGates, hiddenGates, gateBias, outWeight, outBias } = this.weights;
    const gates = this.#gates;
    const h = this.#h;
    const c = this.#c;
    affine(inputGates, gateBias, features, hidden, hidden, gates, 0, 4 * hidden);
    affine(hiddenGates, gates, h, 0, hidden, gates, 0, 4 * hidden);
    let sum = outBias;
    for (let i = 0; i < hidden; i++) {
      const kept = sigmoid(gates[hidden + i]!) * c[i]!;
      c[i] = kept + sigmoid(gates[i]!) * Math.tanh(gates[2 * hidden + i]!);
      h[i] = sigmoid(gates[3 * hidden + i]!) * Math.tanh(c[i]!);
      if (h[i]! > 0) sum += outWeight[i]! * h[i]!;
    }
    return sigmoid(sum);
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
