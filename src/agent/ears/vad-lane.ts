import { levelOf, Resampler } from '../../audio/index.js';
import type { Ms } from '../../core/index.js';
import type { VAD, VadOptions, VadStream } from '../../speech/contracts.js';
import type { InputFrame, InputPath } from './input-path.js';

export interface VadListener {
  /** An edge; `lineMs`: where it is on the input line. */
  voice(edge: 'start' | 'stop', lineMs: Ms): void;
  /** Each window; `levelDb`: dBFS of the loudest frame in it. */
  window(probability: number, levelDb: number): void;
}

/** A voice activity detector on the session's input line. */
export class VadLane {
  readonly #stream: VadStream;
  readonly #resampler: Resampler | undefined;
  readonly #untap: () => void;
  #levelDb = -Infinity;

  constructor(vad: VAD, path: InputPath, options: VadOptions, to: VadListener) {
    this.#stream = vad.stream(options);
    const { sampleRateHz, positionMs: beganMs } = path;
    this.#resampler =
      sampleRateHz === vad.sampleRateHz ? undefined : new Resampler(sampleRateHz, vad.sampleRateHz);
    this.#stream.onEvent((event) => {
      if (event.t === 'speech_started') to.voice('start', beganMs + event.atMs);
      else if (event.t === 'speech_stopped') to.voice('stop', beganMs + event.atMs);
      else {
        to.window(event.probability, this.#levelDb);
        this.#levelDb = -Infinity;
      }
    });
    this.#untap = path.tap((frame) => this.#hear(frame));
  }

  update(options: VadOptions): void {
    this.#stream.update(options);
  }

  /** The speech under way has been dealt with: the next edge is a start. */
  forget(): void {
    this.#stream.reset();
  }

  close(): void {
    this.#untap();
    this.#stream.close();
  }

  #hear({ pcm }: InputFrame): void {
    this.#levelDb = Math.max(this.#levelDb, levelOf(pcm).rmsDbfs);
    this.#stream.push(this.#resampler === undefined ? pcm : this.#resampler.process(pcm));
  }
}
