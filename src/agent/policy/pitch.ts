/** Rate that pitch and echo are looked for at. */
export const analysisHz = 8_000;
/** Samples that `periodicity` looks at: 50 ms. */
export const pitchSamples = 400;

/** 400 Hz and 62 Hz. */
const shortest = 20;
const longest = 128;
const span = pitchSamples - longest;
const slope = 0.9;
const differences = new Float32Array(pitchSamples);

/**
 * How much the last 50 ms of `x` repeat themselves within the range of human pitch, 0..1: the highest normalised
 * autocorrelation. Vowels have 0.8 and more, coughs and hiss less than a half.
 */
export function periodicity(x: Float32Array): number {
  if (x.length <= pitchSamples) return 0;
  // The differences of neighbours: without them the deep rumble of a street would be a voice.
  const d = differences;
  const from = x.length - pitchSamples;
  for (let i = 0; i < pitchSamples; i++) d[i] = x[from + i]! - slope * x[from + i - 1]!;
  return repeats(d);
}

function repeats(x: Float32Array): number {
  const still = longest;
  let energy = 1e-9;
  for (let i = 0; i < span; i++) energy += x[still + i]! * x[still + i]!;
  let best = 0;
  let moved = 1e-9;
  for (let i = 0; i < span; i++) moved += x[still - shortest + i]! * x[still - shortest + i]!;
  for (let lag = shortest; lag <= longest; lag++) {
    const from = still - lag;
    let sum = 0;
    for (let i = 0; i < span; i++) sum += x[still + i]! * x[from + i]!;
    const value = sum / Math.sqrt(energy * moved);
    if (value > best) best = value;
    // One sample earlier: it comes in at the front, and the last one leaves.
    const [front, last] = [x[from - 1] ?? 0, x[from + span - 1]!];
    moved += front * front - last * last;
  }
  return Math.min(1, best);
}
