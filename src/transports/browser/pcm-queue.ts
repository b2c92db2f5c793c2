/** Samples waiting to be sent, in the chunks they were written in. `take` copies only where chunk borders do not fit. */
export class PcmQueue {
  #chunks: Int16Array[] = [];
  #head = 0;

  push(pcm: Int16Array): void {
    this.#chunks.push(pcm);
  }

  /** Removes `samples` samples and gives them in frames of at most `frameSamples`. */
  *take(samples: number, frameSamples: number): Generator<Int16Array> {
    let left = samples;
    while (left > 0) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return;
      const n = Math.min(left, frameSamples, chunk.length);
      yield n === chunk.length ? chunk : chunk.subarray(0, n);
      left -= n;
      if (n < chunk.length) this.#chunks[this.#head] = chunk.subarray(n);
      else this.#drop();
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
  }

  #drop(): void {
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
    }
  }
}
