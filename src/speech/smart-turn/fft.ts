/** Points of the transform: 25 ms at 16 kHz, as Whisper looks at speech. */
export const points = 400;
const factors = [4, 4, 5, 5];

const cosine = Float64Array.from({ length: points }, (_, n) => Math.cos((2 * Math.PI * n) / points));
const sine = Float64Array.from({ length: points }, (_, n) => -Math.sin((2 * Math.PI * n) / points));
const scratchRe = factors.map((_, depth) => new Float64Array(lengthAt(depth)));
const scratchIm = factors.map((_, depth) => new Float64Array(lengthAt(depth)));

/** Discrete Fourier transform of 400 complex numbers, into `outRe` and `outIm`. */
export function transform(
  re: Float64Array,
  im: Float64Array,
  outRe: Float64Array,
  outIm: Float64Array,
): void {
  descend(re, im, 0, 1, 0, outRe, outIm, 0);
}

/** Of every `stride`-th number from `from`: the transforms of its interleaved parts, put together. */
function descend(
  re: Float64Array,
  im: Float64Array,
  from: number,
  stride: number,
  depth: number,
  outRe: Float64Array,
  outIm: Float64Array,
  to: number,
): void {
  const length = points / stride;
  const factor = factors[depth];
  if (factor === undefined) {
    outRe[to] = re[from]!;
    outIm[to] = im[from]!;
    return;
  }
  const part = length / factor;
  const partRe = scratchRe[depth]!;
  const partIm = scratchIm[depth]!;
  for (let r = 0; r < factor; r++) {
    descend(re, im, from + r * stride, stride * factor, depth + 1, partRe, partIm, r * part);
  }
  for (let k = 0; k < length; k++) {
    let sumRe = 0;
    let sumIm = 0;
    for (let r = 0; r < factor; r++) {
      const at = r * part + (k % part);
      const turn = (r * k * stride) % points;
      sumRe += partRe[at]! * cosine[turn]! - partIm[at]! * sine[turn]!;
      sumIm += partRe[at]! * sine[turn]! + partIm[at]! * cosine[turn]!;
    }
    outRe[to + k] = sumRe;
    outIm[to + k] = sumIm;
  }
}

function lengthAt(depth: number): number {
  return factors.slice(0, depth).reduce((length, factor) => length / factor, points);
}
