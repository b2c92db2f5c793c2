import { applyGain, levelOf } from '../../../audio/index.js';
import { ConfigError, type Ms, msToSamples } from '../../../core/index.js';
import { type Random, seededRandom } from '../../faults/random.js';
import { Biquad } from './biquad.js';
import { atLevel } from './level.js';
import { whiteSample } from './noise.js';

/** Short sounds of a caller's world that are no speech. */
export const ticKinds = ['cough', 'throat', 'slam', 'click'] as const;
export type TicKind = (typeof ticKinds)[number];

export interface BurstOptions {
  /** Default 24000. */
  sampleRateHz?: number;
  /** Peak, dBFS. Default -6. */
  peakDb?: number;
}

/** A cough: one to three hits of breath, each with a short voiced tail; 200 to 700 ms. Same seed, same samples. */
export function coughBurst(seed: number, options: BurstOptions = {}): Int16Array<ArrayBuffer> {
  return ticBurst('cough', seed, options);
}

/** Any of `ticKinds`, 20 to 700 ms long. Same seed, same samples. ConfigError `option_invalid` for an unknown kind. */
export function ticBurst(kind: TicKind, seed: number, options: BurstOptions = {}): Int16Array<ArrayBuffer> {
  const { sampleRateHz = 24_000, peakDb = -6 } = options;
  const make = makers[kind];
  if (make === undefined) {
    throw new ConfigError('option_invalid', `There is no tic '${kind}': use ${ticKinds.join(', ')}.`, {
      param: 'kind',
    });
  }
  // Made softly, so that the gain brings up what no clipping has cut.
  const soft = atLevel(make(seededRandom(seed), sampleRateHz), -30);
  return applyGain(soft, peakDb - levelOf(soft).peakDbfs);
}

const makers: Record<TicKind, (random: Random, sampleRateHz: number) => Float64Array> = {
  cough(random, sampleRateHz) {
    const hits = random.weighted([
      [3, 1],
      [4, 2],
      [1, 3],
    ]);
    const out = silence(180 + 170 * hits, sampleRateHz);
    for (let hit = 0; hit < hits; hit++) {
      const fromMs = 170 * hit + 20 * random.next();
      breath(out, random, sampleRateHz, {
        fromMs,
        hitMs: 30 + 20 * random.next(),
        tailMs: 35 + 35 * random.next(),
      });
    }
    return out;
  },
  throat(random, sampleRateHz) {
    const out = silence(380, sampleRateHz);
    for (let pulse = 0; pulse < 4; pulse++) {
      const fromMs = 75 * pulse + 15 * random.next();
      breath(out, random, sampleRateHz, { fromMs, hitMs: 12, tailMs: 25 + 20 * random.next() });
    }
    return out;
  },
  slam(random, sampleRateHz) {
    const out = silence(350, sampleRateHz);
    const body = Biquad.lowPass(180 + 120 * random.next(), sampleRateHz, 1.5);
    const rattle = Biquad.bandPass(900 + 600 * random.next(), sampleRateHz, 1);
    for (let i = 0; i < out.length; i++) {
      const ms = (i * 1000) / sampleRateHz;
      const hit = whiteSample(random);
      out[i] = 5 * Math.exp(-ms / 50) * body.process(hit) + Math.exp(-ms / 18) * rattle.process(hit);
    }
    return out;
  },
  click(random, sampleRateHz) {
    const out = silence(25, sampleRateHz);
    const tone = Biquad.bandPass(1500 + 1500 * random.next(), sampleRateHz, 3);
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.exp((-i * 1000) / (sampleRateHz * 4)) * tone.process(whiteSample(random));
    }
    return out;
  },
};

/** Air that bursts out, then the vocal folds swinging out: noise with a rough low tone in it. */
function breath(
  out: Float64Array,
  random: Random,
  sampleRateHz: number,
  { fromMs, hitMs, tailMs }: { fromMs: Ms; hitMs: Ms; tailMs: Ms },
): void {
  const from = msToSamples(fromMs, sampleRateHz);
  const throat = Biquad.bandPass(700 + 600 * random.next(), sampleRateHz, 1.2);
  const mouth = Biquad.bandPass(1800 + 900 * random.next(), sampleRateHz, 1.5);
  const foldsHz = 110 + 80 * random.next();
  const strength = 0.7 + 0.6 * random.next();
  for (let i = 0; from + i < out.length; i++) {
    const ms = (i * 1000) / sampleRateHz;
    const envelope = ms < hitMs ? (ms / hitMs) ** 0.3 : Math.exp((hitMs - ms) / tailMs);
    if (envelope < 1e-4 && ms > hitMs) return;
    const air = whiteSample(random);
    const folds =
      ms < hitMs ? 0 : 0.5 * (1 - 2 * ((ms * foldsHz) / 1000 - Math.floor((ms * foldsHz) / 1000)));
    const source = air + folds * (1 + 0.5 * air);
    out[from + i]! += strength * envelope * (throat.process(source) + 0.7 * mouth.process(source));
  }
}

function silence(durationMs: Ms, sampleRateHz: number): Float64Array {
  return new Float64Array(msToSamples(durationMs, sampleRateHz));
}
