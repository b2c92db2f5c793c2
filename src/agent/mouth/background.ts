import { mixToMono, parseWav, Resampler } from '../../audio/index.js';
import { type AudioFrame, ConfigError, type Ms, WireError } from '../../core/index.js';

/** Something to be heard beneath the agent: samples, or the bytes of a WAV file. */
export interface Sound {
  audio: AudioFrame | Uint8Array;
  /** Default 0: as loud as it is. */
  gainDb?: number;
}

/** What the caller hears beneath and between the agent's words. Sounds repeat; their positions are none of the agent's. */
export interface BackgroundOptions {
  /** The room that the agent is in: always there, softer under speech. */
  ambient?: Sound;
  /** While the agent thinks. */
  thinking?: Sound;
  /** How much softer `ambient` is under speech. Default -12. */
  duckDb?: number;
  /** The agent must think so long before it is heard to. Default 300. */
  thinkingAfterMs?: Ms;
  /**
   * How much is written ahead of what is played. More outlasts a longer stall of this process or of the network; all of it is
   * added to the time of an answer. Default 100.
   */
  leadMs?: Ms;
}

/** ConfigError `option_invalid`. */
export function checkBackground(options: BackgroundOptions): void {
  const { ambient, thinking, duckDb = 0, thinkingAfterMs = 0, leadMs = 100 } = options;
  if (ambient === undefined && thinking === undefined) {
    throw new ConfigError('option_invalid', 'background has neither ambient nor thinking', {
      param: 'background',
    });
  }
  if (ambient !== undefined) samplesOf(ambient, 24_000, 'background.ambient');
  if (thinking !== undefined) samplesOf(thinking, 24_000, 'background.thinking');
  for (const [name, value, isGood] of [
    ['duckDb', duckDb, duckDb <= 0],
    ['thinkingAfterMs', thinkingAfterMs, thinkingAfterMs >= 0],
    ['leadMs', leadMs, leadMs >= 20 && leadMs <= 2_000],
  ] as const) {
    if (Number.isFinite(value) && isGood) continue;
    throw new ConfigError('option_invalid', `background.${name} cannot be ${value}`, {
      param: `background.${name}`,
    });
  }
}

/** Mono, at that rate. ConfigError `option_invalid` for what is no sound. */
export function samplesOf({ audio }: Sound, sampleRateHz: number, param: string): Int16Array {
  try {
    const { pcm, sampleRateHz: rateHz, channels } = 'pcm' in audio ? audio : parseWav(audio);
    const resampler = new Resampler(rateHz, sampleRateHz);
    const mono = mixToMono(pcm, channels);
    const head = resampler.process(mono);
    const tail = resampler.flush();
    const samples = new Int16Array(head.length + tail.length);
    samples.set(head);
    samples.set(tail, head.length);
    if (samples.length > 0) return samples;
  } catch (cause) {
    if (!(cause instanceof WireError || cause instanceof ConfigError)) throw cause;
    throw new ConfigError('option_invalid', `${param}: ${cause.message}`, { param, cause });
  }
  throw new ConfigError('option_invalid', `${param} has no samples`, { param });
}
