import { levelOf } from '../../../audio/index.js';
import { type Ms, msToSamples, samplesToMs } from '../../../core/index.js';

/** Quieter than this is no speech of an agent, whose audio comes clean; dBFS. */
const audibleDb = -50;
const windowMs: Ms = 10;
/** Between two syllables somebody is still speaking. */
const syllablePauseMs: Ms = 150;
/** The agent has stopped when nothing was heard for so long: longer than between two sentences. */
export const agentQuietMs: Ms = 700;

export type EarEvent =
  | { t: 'started'; fromMs: Ms }
  /** `toMs`: where the last sound ended, `agentQuietMs` ago. */
  | { t: 'stopped'; fromMs: Ms; toMs: Ms };

/** Hears when the agent begins and stops to sound, on the call's sample clock. */
export class Ear {
  readonly #rateHz: number;
  readonly #size: number;
  readonly #tell: (event: EarEvent) => void;
  #fromMs: Ms | undefined;
  #lastMs: Ms = 0;

  constructor(sampleRateHz: number, tell: (event: EarEvent) => void) {
    this.#rateHz = sampleRateHz;
    this.#size = msToSamples(windowMs, sampleRateHz);
    this.#tell = tell;
  }

  /** Whether there was a sound within the pause of a syllable. */
  isHearing(nowMs: Ms): boolean {
    return this.#fromMs !== undefined && nowMs - this.#lastMs <= syllablePauseMs;
  }

  /** The next frame, whose first sample has this place. */
  frame(pcm: Int16Array, at: number): void {
    for (let from = 0; from < pcm.length; from += this.#size) {
      const window = pcm.subarray(from, from + this.#size);
      const fromMs = samplesToMs(at + from, this.#rateHz);
      const toMs = samplesToMs(at + from + window.length, this.#rateHz);
      if (levelOf(window).rmsDbfs >= audibleDb) {
        this.#lastMs = toMs;
        if (this.#fromMs !== undefined) continue;
        this.#fromMs = fromMs;
        this.#tell({ t: 'started', fromMs });
      } else if (this.#fromMs !== undefined && toMs - this.#lastMs >= agentQuietMs) this.end();
    }
  }

  /** The call is over. */
  end(): void {
    if (this.#fromMs === undefined) return;
    const fromMs = this.#fromMs;
    this.#fromMs = undefined;
    this.#tell({ t: 'stopped', fromMs, toMs: this.#lastMs });
  }
}
