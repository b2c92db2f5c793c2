import { ConfigError } from '../core/errors.js';

/**
 * Cuts a stream of samples into frames of exactly `frameSamples`: any chunking in, `onFrame` called for each full frame.
 * Holds less than one frame, whatever comes in. The receiver may keep a frame; one that lies whole in a pushed
 * chunk is a view of that chunk, so the pusher must not change it afterwards.
 */
export class Framer {
  readonly frameSamples: number;
  readonly #onFrame: (frame: Int16Array) => void;
  /** The frame being filled; given away when full. Whoever pushes whole frames never has one. */
  #pending: Int16Array | undefined;
  #filled = 0;

  /** `frameSamples`: a whole number above 0, else ConfigError `option_invalid`. */
  constructor(frameSamples: number, onFrame: (frame: Int16Array) => void) {
    if (!Number.isInteger(frameSamples) || frameSamples < 1) {
      throw new ConfigError('option_invalid', `A frame has a whole number of samples, not ${frameSamples}.`, {
        param: 'frameSamples',
      });
    }
    this.frameSamples = frameSamples;
    this.#onFrame = onFrame;
  }

  /** Samples held that do not fill a frame yet. */
  get pendingSamples(): number {
    return this.#filled;
  }

  push(pcm: Int16Array): void {
    const size = this.frameSamples;
    // As most sources push it: nothing to cut and nothing to make.
    if (pcm.length === size && this.#filled === 0) return this.#onFrame(pcm);
    let at = 0;
    const frame = this.#pending;
    if (this.#filled > 0 && frame !== undefined) {
      at = Math.min(size - this.#filled, pcm.length);
      frame.set(pcm.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < size) return;
      this.#pending = undefined;
      this.#filled = 0;
      this.#onFrame(frame);
    }
    for (; at + size <= pcm.length; at += size) this.#onFrame(pcm.subarray(at, at + size));
    if (at < pcm.length) {
      this.#pending ??= new Int16Array(size);
      this.#pending.set(pcm.subarray(at));
      this.#filled = pcm.length - at;
    }
  }

  /** Gives the rest, if any, to `onFrame` as one shorter frame. */
  flush(): void {
    if (this.#filled === 0 || this.#pending === undefined) return;
    const rest = this.#pending.slice(0, this.#filled);
    this.#filled = 0;
    this.#onFrame(rest);
  }

  /** Drops the rest. */
  reset(): void {
    this.#filled = 0;
  }
}
