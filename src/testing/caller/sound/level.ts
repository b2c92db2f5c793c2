import { applyGain, levelOf, silenceDbfs } from '../../../audio/index.js';
import { type Ms, msToSamples } from '../../../core/index.js';

const windowMs: Ms = 10;
/** Windows this far below the loudest are pauses. */
const pauseDb = 30;

/**
 * Level of the speech in a recording, dBFS: the RMS of its voiced windows only, so that pauses do not make it softer.
 * `silenceDbfs` where there is none.
 */
export function speechLevelDb(pcm: Int16Array, sampleRateHz: number): number {
  const size = Math.max(1, msToSamples(windowMs, sampleRateHz));
  const levels: number[] = [];
  for (let at = 0; at < pcm.length; at += size) levels.push(levelOf(pcm.subarray(at, at + size)).rmsDbfs);
  const loudest = levels.reduce((most, level) => Math.max(most, level), silenceDbfs);
  if (loudest <= silenceDbfs) return silenceDbfs;
  const voiced = levels.filter((level) => level > loudest - pauseDb);
  const power = voiced.reduce((sum, level) => sum + 10 ** (level / 10), 0) / voiced.length;
  return 10 * Math.log10(power);
}

/** A copy whose speech has that level, dBFS; silence stays silence. */
export function atSpeechLevel(
  pcm: Int16Array,
  sampleRateHz: number,
  levelDb: number,
): Int16Array<ArrayBuffer> {
  const now = speechLevelDb(pcm, sampleRateHz);
  return applyGain(pcm, now <= silenceDbfs ? 0 : levelDb - now);
}

/** Floats of any scale as samples whose RMS over all is `levelDb` dBFS. */
export function atLevel(samples: Float64Array, levelDb: number): Int16Array<ArrayBuffer> {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  const rms = Math.sqrt(squares / Math.max(1, samples.length));
  const factor = rms === 0 ? 0 : (32_768 * 10 ** (levelDb / 20)) / rms;
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))),
  );
}
