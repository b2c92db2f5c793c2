/** Level of digital silence, and the least that `levelOf` tells. */
export const silenceDbfs = -100;

/** Decibels relative to full scale, where 0 is the loudest sample there is (a full-scale sine has an RMS of -3.01). */
export interface Level {
  rmsDbfs: number;
  peakDbfs: number;
}

/** Level of a stretch of samples; of none it is `silenceDbfs`. */
export function levelOf(pcm: Int16Array): Level {
  let squares = 0;
  let peak = 0;
  for (let i = 0; i < pcm.length; i++) {
    const sample = pcm[i]!;
    squares += sample * sample;
    const magnitude = sample < 0 ? -sample : sample;
    if (magnitude > peak) peak = magnitude;
  }
  const rms = pcm.length === 0 ? 0 : Math.sqrt(squares / pcm.length);
  return { rmsDbfs: toDbfs(rms), peakDbfs: toDbfs(peak) };
}

function toDbfs(amplitude: number): number {
  return amplitude === 0 ? silenceDbfs : Math.max(silenceDbfs, 20 * Math.log10(amplitude / 32768));
}
