import { ConfigError, type Ms, msToSamples } from '../../../core/index.js';
import { seededRandom } from '../../faults/random.js';

export interface LossOptions {
  /** Share of the frames that is lost in the long run, 0 to below 1. */
  rate: number;
  /** Mean length of a loss. Default 100. */
  burstMs?: Ms;
  /** Default 20. */
  frameMs?: Ms;
}

/**
 * The Gilbert-Elliott model of a network: a good state that loses nothing, a bad one that loses all, and a chance to change at
 * each frame. The function given back says of one frame after the other whether it is lost. ConfigError `option_invalid` for a
 * rate or burst that cannot be.
 */
export function burstLoss({ rate, burstMs = 100, frameMs = 20 }: LossOptions, seed: number): () => boolean {
  if (!(rate >= 0 && rate < 1)) fault('rate', `is from 0 to below 1, not ${rate}`);
  if (!(frameMs > 0)) fault('frameMs', `is above 0, not ${frameMs}`);
  if (!(burstMs >= frameMs)) fault('burstMs', `is at least one frame (${frameMs} ms), not ${burstMs}`);
  const recovers = frameMs / burstMs;
  const breaks = (rate * recovers) / (1 - rate);
  const random = seededRandom(seed);
  let bad = random.chance(rate);
  return () => {
    const lost = bad;
    bad = random.chance(bad ? 1 - recovers : breaks);
    return lost;
  };
}

/** A copy in which the lost frames are silent. */
export function dropFrames(
  pcm: Int16Array,
  sampleRateHz: number,
  options: LossOptions,
  seed: number,
): Int16Array<ArrayBuffer> {
  const isLost = burstLoss(options, seed);
  const size = msToSamples(options.frameMs ?? 20, sampleRateHz);
  const out = pcm.slice();
  for (let at = 0; at < out.length; at += size) if (isLost()) out.fill(0, at, at + size);
  return out;
}

function fault(param: string, problem: string): never {
  throw new ConfigError('option_invalid', `A frame loss's ${param} ${problem}.`, { param });
}
