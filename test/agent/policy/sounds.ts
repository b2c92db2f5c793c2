import { msToSamples } from '../../../src/core/index.js';

const rateHz = 24_000;

/** Something that is spoken, as far as pitch and loudness go: syllables of a buzz whose pitch wanders. */
export function speechLike(ms: number, { peak = 9_000, pitchHz = 120 } = {}): Int16Array {
  const pcm = new Int16Array(msToSamples(ms, rateHz));
  let phase = 0;
  for (let i = 0; i < pcm.length; i++) {
    const at = i / rateHz;
    phase = (phase + (pitchHz * (1 + 0.1 * Math.sin(3 * at))) / rateHz) % 1;
    const syllable = 0.03 + 0.97 * Math.abs(Math.sin(Math.PI * 4.5 * at + 0.4));
    pcm[i] = peak * syllable * (1 - 2 * phase);
  }
  return pcm;
}

/** Air without a pitch. The same each time. */
export function hissing(ms: number, peak = 9_000): Int16Array {
  const pcm = new Int16Array(msToSamples(ms, rateHz));
  let state = 1;
  for (let i = 0; i < pcm.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pcm[i] = peak * (state / 2 ** 31 - 1);
  }
  return pcm;
}
