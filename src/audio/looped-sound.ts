import { type Ms, msToSamples } from '../core/index.js';
import { clip } from './pcm.js';

/** How long a change of loudness takes from silence to full, so that none is heard as a click. */
const fadeMs: Ms = 250;

/**
 * A sound that repeats without end, mixed under others. Its loudness moves smoothly to what was asked for last. The seam is
 * the sound's own: one that shall not be heard must end as it begins.
 */
export class LoopedSound {
  readonly #pcm: Int16Array;
  readonly #step: number;
  #at = 0;
  #gain = 0;
  #target = 0;

  /** Mono, at the rate of what it is mixed into. It begins silent. */
  constructor(pcm: Int16Array, sampleRateHz: number) {
    this.#pcm = pcm;
    this.#step = 1 / msToSamples(fadeMs, sampleRateHz);
  }

  /** It is not heard, and will not be before `fadeTo`. */
  get isSilent(): boolean {
    return this.#pcm.length === 0 || (this.#gain === 0 && this.#target === 0);
  }

  /** A factor: 0 is silence, 1 as loud as it is. From silence it begins at its beginning where `anew`. */
  fadeTo(gain: number, { anew = false }: { anew?: boolean } = {}): void {
    if (anew && this.isSilent) this.#at = 0;
    this.#target = gain;
  }

  /** Adds the next stretch of it to `into`, clipped at full scale. */
  addTo(into: Int16Array): void {
    if (this.isSilent) return;
    const pcm = this.#pcm;
    const target = this.#target;
    let at = this.#at;
    let gain = this.#gain;
    for (let i = 0; i < into.length; i++) {
      if (gain < target) gain = Math.min(target, gain + this.#step);
      else if (gain > target) gain = Math.max(target, gain - this.#step);
      into[i] = clip(into[i]! + pcm[at]! * gain);
      at += 1;
      if (at === pcm.length) at = 0;
    }
    this.#at = at;
    this.#gain = gain;
  }
}
