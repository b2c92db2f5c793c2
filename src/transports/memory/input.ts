import { Framer } from '../../audio/index.js';
import {
  type AudioInput,
  type Clock,
  type Ms,
  msToSamples,
  StateError,
  type Timer,
} from '../../core/index.js';

export interface MemoryInputOptions {
  clock: Clock;
  sampleRateHz: number;
  realTime: boolean;
  frameMs: Ms;
  openMic: boolean;
}

interface Line {
  pcm: Int16Array;
  said: () => void;
}

/** The caller's microphone: what `say` is given arrives frame by frame, each when its last sample has been spoken. */
export class MemoryInput implements AudioInput {
  readonly sampleRateHz: number;
  readonly #options: MemoryInputOptions;
  readonly #frameSamples: number;
  #onAudio: ((pcm: Int16Array) => void) | undefined;
  #queue: Line[] = [];
  #offset = 0;
  #dueMs: Ms = 0;
  #timer: Timer | undefined;
  #state: 'idle' | 'live' | 'closed' = 'idle';

  constructor(options: MemoryInputOptions) {
    this.#options = options;
    this.sampleRateHz = options.sampleRateHz;
    this.#frameSamples = msToSamples(options.frameMs, options.sampleRateHz);
  }

  onAudio(listener: (pcm: Int16Array) => void): void {
    this.#onAudio = listener;
  }

  /** As `MemoryTransport.say`. */
  say(pcm: Int16Array): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    if (this.#state === 'idle') throw new StateError('not_started', 'Nobody listens before start().');
    if (!this.#options.realTime) {
      const framer = new Framer(this.#frameSamples, (frame) => this.#onAudio?.(frame));
      framer.push(pcm);
      framer.flush();
      return Promise.resolve();
    }
    return new Promise((said) => {
      this.#queue.push({ pcm, said });
      if (this.#timer === undefined) this.#arm(this.#options.clock.now());
    });
  }

  begin(): void {
    this.#state = 'live';
    if (this.#options.openMic && this.#options.realTime) this.#arm(this.#options.clock.now());
  }

  end(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const line of this.#queue) line.said();
    this.#queue = [];
  }

  /** The next frame is due one frame after `fromMs`; the last one of a line may be shorter. */
  #arm(fromMs: Ms): void {
    let durationMs = this.#options.frameMs;
    if (!this.#options.openMic) {
      const left = this.#queue.reduce((sum, line) => sum + line.pcm.length, -this.#offset);
      durationMs = Math.min(durationMs, (left * 1000) / this.sampleRateHz);
    }
    this.#dueMs = fromMs + durationMs;
    this.#timer = this.#options.clock.at(this.#dueMs, () => this.#tick());
  }

  #tick(): void {
    this.#timer = undefined;
    const frame = new Int16Array(this.#frameSamples);
    const said: (() => void)[] = [];
    let filled = 0;
    while (this.#queue.length > 0) {
      const { pcm, said: done } = this.#queue[0]!;
      const part = pcm.subarray(this.#offset, this.#offset + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset < pcm.length) break;
      said.push(done);
      this.#queue.shift();
      this.#offset = 0;
    }
    const { openMic } = this.#options;
    if (openMic || this.#queue.length > 0) this.#arm(this.#dueMs);
    if (openMic) this.#onAudio?.(frame);
    else if (filled > 0) this.#onAudio?.(filled === frame.length ? frame : frame.slice(0, filled));
    for (const done of said) done();
  }
}
