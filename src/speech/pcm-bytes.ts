/** Puts bytes that arrive in any pieces together to 16-bit samples, little-endian. */
export class PcmBytes {
  #odd: number | undefined;

  /** The whole samples that these bytes complete. */
  push(bytes: Uint8Array): Int16Array {
    const before = this.#odd === undefined ? 0 : 1;
    const length = (bytes.length + before) >> 1;
    const even = new Uint8Array(length * 2);
    if (this.#odd !== undefined && length > 0) even[0] = this.#odd;
    even.set(bytes.subarray(0, length * 2 - before), before);
    const rest = bytes.length + before - length * 2;
    if (length > 0 || this.#odd === undefined) this.#odd = rest === 1 ? bytes.at(-1) : undefined;
    return new Int16Array(even.buffer);
  }
}
