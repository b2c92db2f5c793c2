import { SileroModel, windowSamples } from '../vad/silero-model.js';
import type { SileroWeights } from '../vad/silero-weights.js';

/** Audio kept from before speech was noticed. */
const leadSamples = 6_400;
/** Speech heard before its level is known; decoding starts that much later and then catches up. */
const measureSamples = 4_000;
/** Lower than for deciding on turns: here a false alarm costs a little work, a miss a word. */
const threshold = 0.4;
/** Root mean square that the loudest part of the opening of an utterance is brought to; the recogniser expects about that level. */
const targetLevel = 0.2;
const gainLimits = { min: 0.1, max: 30 };

/**
 * What of an utterance is worth decoding: from shortly before the first speech, at a level that does not depend on the
 * microphone. Silence and noise before speech, or without any, cost only the voice activity model.
 */
export class Ear {
  readonly #model: SileroModel;
  readonly #window = new Float32Array(windowSamples);
  #filled = 0;
  #held: Float32Array[] = [];
  #heldSamples = 0;
  #phase: 'deaf' | 'measuring' | 'open' = 'deaf';
  #measured = 0;
  #gain = 1;
  /** Samples before the first that is to be decoded. */
  skipped = 0;

  constructor(weights: SileroWeights) {
    this.#model = new SileroModel(weights);
  }

  /** Whether there was speech since the last `reset`. */
  get heardSpeech(): boolean {
    return this.#phase !== 'deaf';
  }

  /** Takes audio of any length; gives what is to be decoded now. */
  hear(pcm: Int16Array): Float32Array[] {
    const samples = Float32Array.from(pcm, (value) => value / 32_768);
    if (this.#phase === 'open') return [this.#scaled(samples)];
    this.#held.push(samples);
    this.#heldSamples += samples.length;
    if (this.#phase === 'measuring') this.#measured += samples.length;
    else this.#listen(samples);
    return this.#phase === 'measuring' && this.#measured >= measureSamples ? this.#open() : [];
  }

  /** The utterance is over: gives what was held back of it, nothing when there was no speech. */
  end(): Float32Array[] {
    return this.#phase === 'measuring' ? this.#open() : [];
  }

  /** Ready for the next utterance. */
  reset(): void {
    this.#model.reset();
    this.#filled = 0;
    this.#held = [];
    this.#heldSamples = 0;
    this.#phase = 'deaf';
    this.#measured = 0;
    this.skipped = 0;
  }

  #listen(samples: Float32Array): void {
    for (let at = 0; at < samples.length && this.#phase === 'deaf'; ) {
      const count = Math.min(samples.length - at, windowSamples - this.#filled);
      this.#window.set(samples.subarray(at, at + count), this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled < windowSamples) break;
      this.#filled = 0;
      if (this.#model.step(this.#window) >= threshold) {
        this.#phase = 'measuring';
        this.#measured = samples.length - at;
      }
    }
    while (this.#phase === 'deaf' && this.#heldSamples - this.#held[0]!.length >= leadSamples) {
      const { length } = this.#held.shift()!;
      this.#heldSamples -= length;
      this.skipped += length;
    }
  }

  #open(): Float32Array[] {
    this.#phase = 'open';
    const loudest = Math.max(...this.#held.map(loudestLevel), 1e-5);
    this.#gain = Math.min(Math.max(targetLevel / loudest, gainLimits.min), gainLimits.max);
    const held = this.#held.map((samples) => this.#scaled(samples));
    this.#held = [];
    this.#heldSamples = 0;
    return held;
  }

  #scaled(samples: Float32Array): Float32Array {
    for (let i = 0; i < samples.length; i++) samples[i]! *= this.#gain;
    return samples;
  }
}

/** Of all stretches of 20 ms. */
function loudestLevel(samples: Float32Array): number {
  const stretch = 320;
  let loudest = 0;
  for (let from = 0; from < samples.length; from += stretch) {
    const to = Math.min(from + stretch, samples.length);
    let energy = 0;
    for (let i = from; i < to; i++) energy += samples[i]! * samples[i]!;
    // A short rest counts as if it were followed by silence.
    loudest = Math.max(loudest, energy / stretch);
  }
  return Math.sqrt(loudest);
}
