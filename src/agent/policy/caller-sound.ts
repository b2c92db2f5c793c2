import { levelOf } from '../../audio/index.js';
import { NoiseFloor } from '../../audio/noise-floor.js';
import { type Ms, msToSamples } from '../../core/index.js';
import type { PausableOutput } from '../mouth/pausable-output.js';
import { comparedMs, EchoDetector, latestMs } from './echo.js';
import { analysisHz, periodicity, pitchSamples } from './pitch.js';
import { SlidingWindow } from './sliding.js';

/** What a stretch of the caller's sound is like. */
export interface SoundWindow {
  levelDb: number;
  floorDb: number;
  /** `null`: too soft to be looked at. */
  periodicity: number | null;
  /** `null`: the agent has said nothing for it to be an echo of, or it was not looked at. */
  echo: number | null;
  durationMs: Ms;
}

export const windowMs: Ms = 20;
/** So far above the noise it is worth a look. */
const lookDb = 6;
/** Echo is looked for in every third window, and holds for those between. */
const echoEvery = 3;

/**
 * Looks at the caller's audio in windows of 20 ms: how loud, how much like a voice, and how much like what was just
 * played. The last two cost something, and are asked only of what is louder than the noise, while the agent speaks.
 */
export class CallerSound {
  readonly #onWindow: (window: SoundWindow) => void;
  readonly #sampleRateHz: number;
  readonly #window: Int16Array;
  readonly #floor = new NoiseFloor();
  readonly #recent: SlidingWindow;
  readonly #recentHz: number;
  readonly #echo: { detector: EchoDetector; output: PausableOutput; played: Int16Array } | undefined;
  #filled = 0;
  #sinceEcho = 0;
  #lastEcho: number | null = null;

  /** `output`: what it may be an echo of. */
  constructor(
    sampleRateHz: number,
    output: PausableOutput | undefined,
    onWindow: (window: SoundWindow) => void,
  ) {
    this.#onWindow = onWindow;
    this.#sampleRateHz = sampleRateHz;
    this.#window = new Int16Array(msToSamples(windowMs, sampleRateHz));
    const factor = Math.max(1, Math.round(sampleRateHz / analysisHz));
    this.#recentHz = sampleRateHz / factor;
    const length = Math.max(pitchSamples + 1, msToSamples(comparedMs, this.#recentHz));
    this.#recent = new SlidingWindow(length, factor);
    if (output !== undefined) {
      const played = new Int16Array(msToSamples(comparedMs + latestMs, output.sampleRateHz));
      this.#echo = { detector: new EchoDetector(), output, played };
    }
  }

  get sampleRateHz(): number {
    return this.#sampleRateHz;
  }

  /** `atMs`: the clock at its last sample; `isWeighed`: the agent has the floor, or has had it just now. */
  push(pcm: Int16Array, atMs: Ms, isWeighed: boolean): void {
    for (let at = 0; at < pcm.length; ) {
      const count = Math.min(pcm.length - at, this.#window.length - this.#filled);
      this.#window.set(pcm.subarray(at, at + count), this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled < this.#window.length) return;
      this.#filled = 0;
      this.#recent.push(this.#window);
      const behindMs = ((pcm.length - at) * 1_000) / this.#sampleRateHz;
      this.#judge(atMs - behindMs, isWeighed);
    }
  }

  #judge(atMs: Ms, isWeighed: boolean): void {
    const levelDb = levelOf(this.#window).rmsDbfs;
    const floorDb = this.#floor.add(levelDb);
    const isHeard = levelDb >= floorDb + lookDb;
    const pitched = isHeard ? periodicity(this.#recent.samples) : null;
    const echo = isHeard && isWeighed ? this.#echoOf(atMs) : null;
    this.#onWindow({ levelDb, floorDb, periodicity: pitched, echo, durationMs: windowMs });
  }

  #echoOf(atMs: Ms): number | null {
    if (this.#echo === undefined) return null;
    this.#sinceEcho = (this.#sinceEcho + 1) % echoEvery;
    if (this.#sinceEcho !== 1) return this.#lastEcho;
    const { detector, output, played } = this.#echo;
    const any = output.playedUntil(atMs, played);
    const { samples } = this.#recent;
    this.#lastEcho = any ? detector.correlate(samples, this.#recentHz, played, output.sampleRateHz) : null;
    return this.#lastEcho;
  }
}
