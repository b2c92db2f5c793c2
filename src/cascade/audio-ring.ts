/**
 * The last samples of a line, in a fixed ring. Positions count samples from the beginning of the line. What was read may
 * be kept by the reader.
 */
export class AudioRing {
  readonly #ring: Int16Array;
  #end = 0;

  constructor(capacity: number) {
    this.#ring = new Int16Array(Math.max(1, capacity));
  }

  /** Position after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** Position of the oldest sample that is still there. */
  get start(): number {
    return Math.max(0, this.#end - this.#ring.length);
  }

  write(pcm: Int16Array): void {
    const size = this.#ring.length;
    const kept = pcm.length > size ? pcm.subarray(pcm.length - size) : pcm;
    const at = (this.#end + pcm.length - kept.length) % size;
    const head = Math.min(kept.length, size - at);
    this.#ring.set(kept.subarray(0, head), at);
    this.#ring.set(kept.subarray(head), 0);
    this.#end += pcm.length;
  }

  /** From a position (or the oldest there is) to the newest sample. */
  readFrom(position: number): Int16Array<ArrayBuffer> {
    const from = Math.min(this.#end, Math.max(this.start, Math.floor(position)));
    const out = new Int16Array(this.#end - from);
    const size = this.#ring.length;
    const at = from % size;
    const head = Math.min(out.length, size - at);
    out.set(this.#ring.subarray(at, at + head), 0);
    out.set(this.#ring.subarray(0, out.length - head), head);
    return out;
  }
}
