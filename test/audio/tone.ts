/** A sine of `amplitude` (of 32768) at `hz`. */
export function tone(hz: number, rateHz: number, samples: number, amplitude = 20_000): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz)),
  );
}

/** Least-squares fit of a sine of known frequency: its amplitude, its phase, and what is left over against it in dB. */
export function fitSine(pcm: Int16Array, hz: number, rateHz: number) {
  const step = (2 * Math.PI * hz) / rateHz;
  let ss = 0;
  let cc = 0;
  let sc = 0;
  let ys = 0;
  let yc = 0;
  for (let i = 0; i < pcm.length; i++) {
    const s = Math.sin(step * i);
    const c = Math.cos(step * i);
    ss += s * s;
    cc += c * c;
    sc += s * c;
    ys += pcm[i]! * s;
    yc += pcm[i]! * c;
  }
  const determinant = ss * cc - sc * sc;
  const a = (ys * cc - yc * sc) / determinant;
  const b = (yc * ss - ys * sc) / determinant;
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < pcm.length; i++) {
    const fit = a * Math.sin(step * i) + b * Math.cos(step * i);
    signal += fit * fit;
    noise += (pcm[i]! - fit) ** 2;
  }
  return { amplitude: Math.hypot(a, b), phase: Math.atan2(b, a), snrDb: 10 * Math.log10(signal / noise) };
}

/** Cuts `pcm` into chunks of the given lengths, over and over. */
export function chunked(pcm: Int16Array, sizes: readonly number[]): Int16Array[] {
  const chunks: Int16Array[] = [];
  for (let at = 0, i = 0; at < pcm.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(pcm.slice(at, at + size));
    at += size;
  }
  return chunks;
}
