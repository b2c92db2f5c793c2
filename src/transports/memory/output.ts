import { concatPcm, PlayoutLine } from '../../audio/index.js';
import type { AudioOutput, Clock, Ms, PlaybackReport, Played, Timer } from '../../core/index.js';

/** How long `clear` waits for the far end's exact answer before it resolves to an estimate. */
export const clearDeadlineMs = 300;

export interface MemoryOutputOptions {
  clock: Clock;
  sampleRateHz: number;
  realTime: boolean;
  /** The far end falls silent and answers a `clear` this long after the call; 'never': silent at once, answer lost. */
  clearAfterMs: Ms | 'never';
  keepHeard: boolean;
  onOverflow: () => void;
}

interface Clearing {
  promise: Promise<Played>;
  resolve: (played: Played) => void;
  /** What the far end will be sent after the clear. */
  held: (Int16Array | 'flush')[];
  /** The position that is given when the answer comes too late. */
  estimateMs: Ms;
  /** False once `promise` has resolved. */
  waiting: boolean;
  timers: Timer[];
}

/** The caller's loudspeaker: plays what is written in the clock's time and keeps what was played. */
export class MemoryOutput implements AudioOutput {
  readonly sampleRateHz: number;
  readonly #options: MemoryOutputOptions;
  readonly #line: PlayoutLine;
  #onPlayback: ((report: PlaybackReport) => void) | undefined;
  #heard: Int16Array[] = [];
  #startMs: Ms = 0;
  /** Samples of time drawn from the line since `#startMs`, silence included. */
  #drawn = 0;
  #timer: Timer | undefined;
  #clearing: Clearing | undefined;
  /** Clears whose answers are lost; each gives its estimate when called. */
  readonly #lost = new Set<() => void>();
  #live = false;

  constructor(options: MemoryOutputOptions) {
    this.#options = options;
    this.sampleRateHz = options.sampleRateHz;
    this.#line = new PlayoutLine(options.sampleRateHz, (report) => this.#report(report));
  }

  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#onPlayback = listener;
  }

  /** Milliseconds of the line played by now. */
  get playedMs(): Ms {
    this.#advance();
    return this.#line.playedMs;
  }

  /** Milliseconds written and not yet played. */
  get bufferedMs(): Ms {
    this.#advance();
    return (this.#line.bufferedSamples * 1000) / this.sampleRateHz;
  }

  heard(): Int16Array {
    this.#advance();
    return concatPcm(this.#heard);
  }

  write(pcm: Int16Array): void {
    if (!this.#live || pcm.length === 0) return;
    if (this.#clearing !== undefined) {
      this.#clearing.held.push(pcm);
      return;
    }
    this.#advance();
    if (!this.#line.write(pcm)) {
      this.#options.onOverflow();
      return;
    }
    if (this.#options.realTime) this.#arm();
    else this.#play(pcm.length);
  }

  flush(): void {
    if (!this.#live) return;
    if (this.#clearing !== undefined) {
      this.#clearing.held.push('flush');
      return;
    }
    this.#advance();
    this.#line.flush();
    if (this.#options.realTime) this.#arm();
    // Time passes: the next write comes after silence.
    else this.#line.play(1);
  }

  clear(): Promise<Played> {
    if (this.#clearing !== undefined) {
      // Nothing written since the first call was played: the answer is the same.
      this.#clearing.held = [];
      return this.#clearing.promise;
    }
    this.#advance();
    const { clearAfterMs, clock, realTime } = this.#options;
    if (!this.#live || !realTime || clearAfterMs === 0) {
      return Promise.resolve({ playedMs: this.#cut(), estimated: false });
    }
    const { promise, resolve } = promiseParts<Played>();
    const estimateMs = this.#line.playedMs;
    if (clearAfterMs === 'never') {
      this.#cut();
      const giveUp = () => {
        this.#lost.delete(giveUp);
        timer.cancel();
        resolve({ playedMs: estimateMs, estimated: true });
      };
      const timer = clock.at(clock.now() + clearDeadlineMs, giveUp);
      this.#lost.add(giveUp);
      return promise;
    }
    const clearing: Clearing = { promise, resolve, held: [], estimateMs, waiting: true, timers: [] };
    this.#clearing = clearing;
    const at = clock.now();
    if (clearAfterMs > clearDeadlineMs) {
      clearing.timers.push(clock.at(at + clearDeadlineMs, () => this.#giveEstimate(clearing)));
    }
    clearing.timers.push(clock.at(at + clearAfterMs, () => this.#answer(clearing)));
    return promise;
  }

  begin(): void {
    this.#startMs = this.#options.clock.now();
    this.#live = true;
  }

  end(): void {
    this.#advance();
    this.#live = false;
    this.#cut();
    for (const giveUp of [...this.#lost]) giveUp();
    const clearing = this.#clearing;
    if (clearing === undefined) return;
    for (const timer of clearing.timers) timer.cancel();
    this.#giveEstimate(clearing);
    this.#clearing = undefined;
  }

  #giveEstimate(clearing: Clearing): void {
    clearing.waiting = false;
    clearing.resolve({ playedMs: clearing.estimateMs, estimated: true });
  }

  /** The far end is silent from here on; what was held goes out. */
  #answer(clearing: Clearing): void {
    this.#advance();
    const playedMs = this.#cut();
    this.#clearing = undefined;
    if (clearing.waiting) clearing.resolve({ playedMs, estimated: false });
    else this.#line.moveTo(clearing.estimateMs);
    for (const item of clearing.held) {
      if (item === 'flush') this.flush();
      else this.write(item);
    }
  }

  #cut(): Ms {
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.#line.clear();
  }

  /** Plays up to the clock's present. */
  #advance(): void {
    if (!this.#live || !this.#options.realTime) return;
    const elapsed = this.#elapsedSamples();
    if (elapsed > 0) this.#play(elapsed);
  }

  #elapsedSamples(): number {
    const sinceStartMs = this.#options.clock.now() - this.#startMs;
    // The hair more keeps 20 ms minus a rounding error at 480 samples.
    return Math.floor((sinceStartMs * this.sampleRateHz) / 1000 + 1e-6) - this.#drawn;
  }

  #play(samples: number): void {
    this.#drawn += samples;
    const count = Math.min(samples, this.#line.bufferedSamples);
    if (count === 0 || !this.#options.keepHeard) {
      this.#line.play(samples);
      return;
    }
    const into = new Int16Array(count);
    // First, because a listener of the reports may ask what was heard.
    this.#heard.push(into);
    this.#line.play(samples, into);
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const until = this.#line.untilReport;
    if (until === undefined) return;
    const atMs = this.#startMs + ((this.#drawn + until) * 1000) / this.sampleRateHz;
    this.#timer = this.#options.clock.at(atMs, () => {
      this.#timer = undefined;
      this.#play(Math.max(0, this.#elapsedSamples()));
      if (this.#live && this.#timer === undefined) this.#arm();
    });
  }

  #report(report: PlaybackReport): void {
    // After an estimate was given, the far end's own count is of no use until it has cleared.
    if (this.#clearing?.waiting === false) return;
    if (this.#options.realTime) this.#onPlayback?.(report);
    else {
      queueMicrotask(() => {
        if (this.#live) this.#onPlayback?.(report);
      });
    }
  }
}

function promiseParts<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
