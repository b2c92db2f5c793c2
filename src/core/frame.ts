/**
 * A stretch of 16-bit linear PCM. Whoever receives it may keep it; whoever sent it never writes to it again.
 * `pcm.length` is samples times channels; channels are interleaved.
 */
export interface AudioFrame {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** Duration of `samples` samples per channel, in milliseconds (with a fraction). */
export function samplesToMs(samples: number, sampleRateHz: number): number {
  return (samples * 1000) / sampleRateHz;
}

/** Whole samples nearest to `ms`. */
export function msToSamples(ms: number, sampleRateHz: number): number {
  return Math.round((ms * sampleRateHz) / 1000);
}
