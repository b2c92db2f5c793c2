/** The discrete Fourier transform of so many complex values, a power of two. */
export class Fourier {
  readonly #points: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint16Array;

  constructor(points: number) {
    this.#points = points;
    const angles = Float64Array.from({ length: points / 2 }, (_, n) => (2 * Math.PI * n) / points);
    this.#cosine = angles.map(Math.cos);
    this.#sine = angles.map((angle) => -Math.sin(angle));
    this.#reversed = Uint16Array.from({ length: points }, (_, n) => {
      let to = 0;
      for (let bit = 1; bit < points; bit <<= 1) to = (to << 1) | (n & bit ? 1 : 0);
      return to;
    });
  }

  /** In place. Backwards: the same with `re` and `im` exchanged, over the number of points. */
  transform(re: Float64Array, im: Float64Array): void {
    const [points, cosine, sine, reversed] = [this.#points, this.#cosine, this.#sine, this.#reversed];
    for (let n = 0; n < points; n++) {
      const p = reversed[n]!;
      if (p <= n) continue;
      const [r, i] = [re[n]!, im[n]!];
      re[n] = re[p]!;
      im[n] = im[p]!;
      re[p] = r;
      im[p] = i;
    }
    for (let size = 1; size < points; size *= 2) {
      const turn = points / (2 * size);
      for (let start = 0; start < points; start += 2 * size) {
        for (let k = 0; k < size; k++) {
          const c = cosine[k * turn]!;
          const s = sine[k * turn]!;
          const a = start + k;
          const b = a + size;
          const tr = re[b]! * c - im[b]! * s;
          const ti = re[b]! * s + im[b]! * c;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a] = re[a]! + tr;
          im[a] = im[a]! + ti;
        }
      }
    }
  }
}
