import { type Ms, msToSamples } from '../../../core/index.js';
import { speechLevelDb } from './level.js';

/** One sound of a mixture. */
export interface MixPart {
  pcm: Int16Array;
  /** Where it begins; default 0. */
  atMs?: Ms;
  /** Louder or softer; default 0. */
  gainDb?: number;
}

/** Sounds of one rate laid over one another, clipped at full scale; as long as the one that ends last. */
export function mix(sampleRateHz: number, ...parts: readonly MixPart[]): Int16Array<ArrayBuffer> {
  const placed = parts.map(({ pcm, atMs = 0, gainDb = 0 }) => ({
    pcm,
    from: msToSamples(atMs, sampleRateHz),
    factor: 10 ** (gainDb / 20),
  }));
  const length = placed.reduce((most, { pcm, from }) => Math.max(most, from + pcm.length), 0);
  const sum = new Float64Array(length);
  for (const { pcm, from, factor } of placed) {
    for (let i = 0; i < pcm.length; i++) sum[from + i]! += factor * pcm[i]!;
  }
  return Int16Array.from(sum, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample))));
}

/** The gain that brings `noise` to `snrDb` below the speech, both measured where they sound. */
export function gainForSnr(
  speech: Int16Array,
  noise: Int16Array,
  sampleRateHz: number,
  snrDb: number,
): number {
  return speechLevelDb(speech, sampleRateHz) - snrDb - speechLevelDb(noise, sampleRateHz);
}
