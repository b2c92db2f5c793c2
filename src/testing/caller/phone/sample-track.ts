/** Samples from the beginning of a call, in memory; what was never set is silent. */
export class SampleTrack {
  #samples = new Int16Array(48_000);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Puts samples at a place, also beyond the end. */
  set(pcm: Int16Array, at: number): void {
    const end = at + pcm.length;
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, 2 * this.#samples.length));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(pcm, at);
    this.#length = Math.max(this.#length, end);
  }

  /** 0 before the beginning and after the end. */
  at(index: number): number {
    return index < 0 ? 0 : (this.#samples[index] ?? 0);
  }

  /** A copy, silent where nothing was set. */
  slice(from: number, to: number): Int16Array<ArrayBuffer> {
    const out = new Int16Array(Math.max(0, to - from));
    const first = Math.max(0, from);
    const end = Math.min(to, this.#length);
    if (end > first) out.set(this.#samples.subarray(first, end), first - from);
    return out;
  }
}
