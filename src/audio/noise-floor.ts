const blockWindows = 15;
const blocks = 5;
/** What is softer is silence, however quiet the line is. */
const leastDb = -66;
/** The softest window of a noise is somewhat softer than the noise. */
const biasDb = 2;

/**
 * Level of the noise: the softest that was heard in the last second and a half, because speech has pauses and noise has
 * none.
 */
export class NoiseFloor {
  readonly #minima: number[] = [];
  #block = Infinity;
  #windows = 0;

  /** A window of 20 ms; gives the level of the noise. */
  add(levelDb: number): number {
    this.#block = Math.min(this.#block, levelDb);
    this.#windows += 1;
    if (this.#windows === blockWindows) {
      this.#minima.push(this.#block);
      if (this.#minima.length > blocks) this.#minima.shift();
      this.#block = Infinity;
      this.#windows = 0;
    }
    return Math.max(leastDb, Math.min(this.#block, ...this.#minima) + biasDb);
  }
}
