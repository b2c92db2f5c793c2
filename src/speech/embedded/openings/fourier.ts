/** Points of the transform. */
export const points = 512;

const cosine = Float64Array.from({ length: points / 2 }, (_, n) => Math.cos((2 * Math.PI * n) / points));
const sine = Float64Array.from({ length: points / 2 }, (_, n) => -Math.sin((2 * Math.PI * n) / points));
const reversed = Uint16Array.from({ length: points }, (_, n) => {
  let to = 0;
  for (let bit = 1; bit < points; bit <<= 1) to = (to << 1) | (n & bit ? 1 : 0);
  return to;
});

/** The discrete Fourier transform of 512 complex values, in place. Backwards: the same with `re` and `im` exchanged, over 512. */
export function transform(re: Float64Array, im: Float64Array): void {
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
