import type { AudioInput, AudioOutput, PlaybackReport, Played, Transport } from 'repartee';

const sampleRateHz = 24_000;
/** Far ends report their position at least five times a second while they play. */
const reportMs = 200;

/**
 * A caller without a medium: frames go in as they are pushed; what is written counts as played at once, with the
 * reports that a real far end would send. It costs next to nothing, so that the session is what is measured.
 */
export class InstantTransport implements Transport {
  readonly name = 'instant';
  readonly input: AudioInput;
  readonly output: AudioOutput;
  #hear: (pcm: Int16Array) => void = () => {};
  #report: (report: PlaybackReport) => void = () => {};
  #playing = false;
  #playedMs = 0;
  #reportedMs = 0;

  constructor(onAudio: (samples: number) => void) {
    this.input = {
      sampleRateHz,
      onAudio: (listener) => {
        this.#hear = listener;
      },
    };
    this.output = {
      sampleRateHz,
      write: (pcm) => {
        onAudio(pcm.length);
        this.#played((pcm.length * 1000) / sampleRateHz);
      },
      flush: () => {
        if (!this.#playing) return;
        this.#playing = false;
        queueMicrotask(() => this.#report({ phase: 'finished', playedMs: this.#playedMs }));
      },
      clear: (): Promise<Played> => {
        this.#playing = false;
        return Promise.resolve({ playedMs: this.#playedMs, estimated: false });
      },
      onPlayback: (listener) => {
        this.#report = listener;
      },
    };
  }

  hear(pcm: Int16Array): void {
    this.#hear(pcm);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  onClosed(): void {}

  #played(durationMs: number): void {
    this.#playedMs += durationMs;
    if (!this.#playing) {
      this.#playing = true;
      this.#tell('started');
    } else if (this.#playedMs - this.#reportedMs >= reportMs) {
      this.#tell('position');
    }
  }

  #tell(phase: 'started' | 'position'): void {
    this.#reportedMs = this.#playedMs;
    // Never inside the write that it answers.
    queueMicrotask(() => this.#report({ phase, playedMs: this.#playedMs }));
  }
}
