/** The last samples of a line at a lower rate: `factor` samples become their mean. */
export class SlidingWindow {
  readonly samples: Float32Array;
  readonly #factor: number;
  #sum = 0;
  #count = 0;

  constructor(length: number, factor: number) {
    this.samples = new Float32Array(length);
    this.#factor = factor;
  }

  push(pcm: Int16Array): void {
    const { samples } = this;
    const more = Math.floor((this.#count + pcm.length) / this.#factor);
    if (more > 0) samples.copyWithin(0, more);
    let at = samples.length - more;
    for (let i = 0; i < pcm.length; i++) {
      this.#sum += pcm[i]!;
      this.#count += 1;
      if (this.#count < this.#factor) continue;
      if (at >= 0) samples[at] = this.#sum / (this.#factor * 32_768);
      at += 1;
      this.#sum = 0;
      this.#count = 0;
    }
  }
}
