/** A second-order filter over a stream of samples; keeps its state between calls. */
export class Biquad {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  #z1 = 0;
  #z2 = 0;

  private constructor(b: readonly [number, number, number], a: readonly [number, number]) {
    this.#b = b;
    this.#a = a;
  }

  /** Butterworth by default; `q` above 0.71 peaks at the corner. */
  static lowPass(hz: number, sampleRateHz: number, q = Math.SQRT1_2): Biquad {
    const { cos, alpha, scale } = parts(hz, sampleRateHz, q);
    const side = ((1 - cos) / 2) * scale;
    return new Biquad([side, 2 * side, side], [-2 * cos * scale, (1 - alpha) * scale]);
  }

  static highPass(hz: number, sampleRateHz: number, q = Math.SQRT1_2): Biquad {
    const { cos, alpha, scale } = parts(hz, sampleRateHz, q);
    const side = ((1 + cos) / 2) * scale;
    return new Biquad([side, -2 * side, side], [-2 * cos * scale, (1 - alpha) * scale]);
  }

  /** A resonance of gain 1 at `hz`; the higher `q`, the narrower. */
  static bandPass(hz: number, sampleRateHz: number, q: number): Biquad {
    const { cos, alpha, scale } = parts(hz, sampleRateHz, q);
    return new Biquad([alpha * scale, 0, -alpha * scale], [-2 * cos * scale, (1 - alpha) * scale]);
  }

  process(x: number): number {
    const y = this.#b[0] * x + this.#z1;
    this.#z1 = this.#b[1] * x - this.#a[0] * y + this.#z2;
    this.#z2 = this.#b[2] * x - this.#a[1] * y;
    return y;
  }
}

/** The audio-EQ cookbook's intermediate values; a corner too near Nyquist is moved below it. */
function parts(hz: number, sampleRateHz: number, q: number) {
  const angle = (2 * Math.PI * Math.min(hz, 0.49 * sampleRateHz)) / sampleRateHz;
  const alpha = Math.sin(angle) / (2 * q);
  return { cos: Math.cos(angle), alpha, scale: 1 / (1 + alpha) };
}
