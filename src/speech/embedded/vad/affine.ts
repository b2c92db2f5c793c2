/**
 * `out[oi + r] = bias[r] + weight[r] . x[xi ..]` for `rows` rows of `n` values each. Four rows share each read of `x`;
 * `rows` is a multiple of 4. The sums do not wait for each other, which is what makes this fast in plain JavaScript.
 */
export function affine(
  weight: Float32Array,
  bias: Float32Array,
  x: Float32Array,
  xi: number,
  n: number,
  out: Float32Array,
  oi: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row += 4) {
    const a = row * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let s0 = bias[row]!;
    let s1 = bias[row + 1]!;
    let s2 = bias[row + 2]!;
    let s3 = bias[row + 3]!;
    for (let i = 0; i < n; i++) {
      const v = x[xi + i]!;
      s0 += weight[a + i]! * v;
      s1 += weight[b + i]! * v;
      s2 += weight[c + i]! * v;
      s3 += weight[d + i]! * v;
    }
    const o = oi + row;
    out[o] = s0;
    out[o + 1] = s1;
    out[o + 2] = s2;
    out[o + 3] = s3;
  }
}

/** The same for two vectors, `x` from `xi` and from `xi + step`, the second result following the first: each weight is read once for both. */
export function affineTwice(
  weight: Float32Array,
  bias: Float32Array,
  x: Float32Array,
  xi: number,
  step: number,
  n: number,
  out: Float32Array,
  oi: number,
  rows: number,
): void {
  const xj = xi + step;
  for (let row = 0; row < rows; row += 4) {
    const a = row * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let s0 = bias[row]!;
    let s1 = bias[row + 1]!;
    let s2 = bias[row + 2]!;
    let s3 = bias[row + 3]!;
    let t0 = s0;
    let t1 = s1;
    let t2 = s2;
    let t3 = s3;
    for (let i = 0; i < n; i++) {
      const v = x[xi + i]!;
      const u = x[xj + i]!;
      const wa = weight[a + i]!;
      const wb = weight[b + i]!;
      const wc = weight[c + i]!;
      const wd = weight[d + i]!;
      s0 += wa * v;
      s1 += wb * v;
      s2 += wc * v;
      s3 += wd * v;
      t0 += wa * u;
      t1 += wb * u;
      t2 += wc * u;
      t3 += wd * u;
    }
    const o = oi + row;
    out[o] = s0;
    out[o + 1] = s1;
    out[o + 2] = s2;
    out[o + 3] = s3;
    out[o + rows] = t0;
    out[o + rows + 1] = t1;
    out[o + rows + 2] = t2;
    out[o + rows + 3] = t3;
  }
}
