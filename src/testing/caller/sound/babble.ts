import type { Random } from '../../faults/random.js';
import { Biquad } from './biquad.js';

const talkers = 7;
/** First and second resonance of some vowels, Hz. */
const vowels: readonly (readonly [number, number])[] = [
  [730, 1090],
  [530, 1840],
  [390, 1990],
  [570, 840],
  [300, 870],
  [660, 1720],
  [440, 1020],
];

/** Voices without words: pulses of several pitches through changing vowels, in syllables and pauses. */
export function babble(out: Float64Array, random: Random, sampleRateHz: number): void {
  for (let talker = 0; talker < talkers; talker++) talk(out, random, sampleRateHz);
}

function talk(out: Float64Array, random: Random, sampleRateHz: number): void {
  const pitchHz = 90 + 130 * random.next();
  const loudness = 0.5 + random.next();
  let phase = 0;
  // Somewhere within a syllable already, so that not all begin at once.
  for (let at = -Math.floor(0.2 * random.next() * sampleRateHz); at < out.length; ) {
    if (random.chance(0.12)) {
      at += Math.floor((0.15 + 0.5 * random.next()) * sampleRateHz);
      continue;
    }
    const length = Math.floor((0.1 + 0.16 * random.next()) * sampleRateHz);
    const [first, second] = random.pick(vowels);
    const low = Biquad.bandPass(first * (0.9 + 0.2 * random.next()), sampleRateHz, 6);
    const high = Biquad.bandPass(second * (0.9 + 0.2 * random.next()), sampleRateHz, 8);
    const step = (pitchHz * (0.9 + 0.25 * random.next())) / sampleRateHz;
    const strength = loudness * (0.5 + random.next());
    for (let i = 0; i < length; i++) {
      phase = (phase + step) % 1;
      const pulse = 1 - 2 * phase;
      const sound = low.process(pulse) + 0.6 * high.process(pulse);
      const place = at + i;
      if (place >= 0 && place < out.length)
        out[place]! += strength * Math.sin((Math.PI * i) / length) * sound;
    }
    at += length;
  }
}
