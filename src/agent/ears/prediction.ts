import { concatPcm, Resampler } from '../../audio/index.js';
import { type Ms, type ReparteeError, toReparteeError } from '../../core/index.js';
import type { TurnDetector } from '../../speech/contracts.js';
import type { InputPath } from './input-path.js';

const defaultAudioMs: Ms = 8_000;

/** Puts the pause of a turn before a detector. One question at a time: the next one aborts it. */
export class Prediction {
  readonly #detector: TurnDetector;
  readonly #path: InputPath;
  readonly #failed: (error: ReparteeError) => void;
  #asking: AbortController | undefined;

  constructor(detector: TurnDetector, path: InputPath, failed: (error: ReparteeError) => void) {
    this.#detector = detector;
    this.#path = path;
    this.#failed = failed;
    if (detector.sampleRateHz !== undefined) path.keep(detector.audioMs ?? defaultAudioMs);
    detector.warmUp().catch((thrown) => failed(toReparteeError(thrown, 'turn_detector_failed')));
  }

  /** `answer` gets the probability, or null where it failed; nothing once it was overtaken. */
  async ask(fromMs: Ms, text: string, answer: (probability: number | null) => void): Promise<void> {
    this.stop();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const pcm = this.#audio(fromMs);
      const probability = await this.#detector.predict({ pcm, text, signal: asking.signal });
      if (!asking.signal.aborted) answer(probability);
    } catch (thrown) {
      if (asking.signal.aborted) return;
      this.#failed(toReparteeError(thrown, 'turn_detector_failed'));
      answer(null);
    }
  }

  /** The user speaks on, or it is over: the answer is not wanted. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #audio(fromMs: Ms): Int16Array {
    const { sampleRateHz, audioMs = defaultAudioMs } = this.#detector;
    if (sampleRateHz === undefined) return new Int16Array(0);
    const frames = this.#path.since(Math.max(fromMs, this.#path.positionMs - audioMs));
    const pcm = concatPcm(frames.map((frame) => frame.pcm));
    if (sampleRateHz === this.#path.sampleRateHz) return pcm;
    const resampler = new Resampler(this.#path.sampleRateHz, sampleRateHz);
    return concatPcm([resampler.process(pcm), resampler.flush()]);
  }
}
