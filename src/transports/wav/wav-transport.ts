import { Framer, PlayoutLine, Resampler } from '../../audio/index.js';
import {
  type AudioInput,
  type AudioOutput,
  type Clock,
  ConfigError,
  type Ms,
  msToSamples,
  type PlaybackReport,
  type Played,
  type ReparteeError,
  StateError,
  samplesToMs,
  systemClock,
  type Transport,
  TransportError,
  toReparteeError,
} from '../../core/index.js';
import type { WavTransportOptions } from './options.js';
import { Recorder } from './recorder.js';
import { openWavSource, type WavSource } from './source.js';

/** A reply that is still playing holds the end of the recording back by this at most. */
const drainLimitMs = 600_000;

/**
 * A file in, a recording out. The line begins with the file and ends, by itself, when the file, the trailing silence
 * and what the agent has written by then were played; or with `close`. See `WavTransportOptions`. `start` rejects with
 * ConfigError `file_unreadable`, `file_unwritable`, `option_invalid` or WireError `wav_malformed`.
 */
export function createWavTransport(options: WavTransportOptions): WavTransport {
  return new WavTransport(options);
}

export class WavTransport implements Transport {
  readonly name = 'wav';
  readonly input: AudioInput;
  readonly output: AudioOutput;
  /** Resolves when the transport has closed and the recording is complete; to the error, where one ended it. */
  readonly finished: Promise<ReparteeError | undefined>;

  readonly #options: WavTransportOptions;
  readonly #clock: Clock;
  readonly #frameMs: Ms;
  readonly #outHz: number;
  readonly #line: PlayoutLine;
  #source: WavSource | undefined;
  #recorder: Recorder | undefined;
  #toRecording: Resampler | undefined;
  #onAudio: ((pcm: Int16Array) => void) | undefined;
  #onPlayback: ((report: PlaybackReport) => void) | undefined;
  #onClosed: ((error?: ReparteeError) => void) | undefined;
  #state: 'new' | 'starting' | 'open' | 'closing' | 'closed' = 'new';
  #fault: ReparteeError | undefined;
  #finish!: (error: ReparteeError | undefined) => void;
  /** Wakes a run that waits for the clock. */
  #wake: () => void = () => {};
  #startMs: Ms = 0;
  /** Samples on the input line, and those drawn from the output line for them. */
  #inSamples = 0;
  #outSamples = 0;

  constructor(options: WavTransportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#frameMs = options.frameMs ?? 20;
    this.#outHz = options.sampleRateHz ?? 24_000;
    for (const [param, value] of [
      ['frameMs', this.#frameMs],
      ['sampleRateHz', this.#outHz],
    ] as const) {
      if (!(Number.isFinite(value) && value > 0)) {
        throw new ConfigError('option_invalid', `${param} is a number above 0, not ${value}.`, { param });
      }
    }
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#line = new PlayoutLine(this.#outHz, (report) => this.#onPlayback?.(report));
    this.input = this.#makeInput();
    this.output = this.#makeOutput();
  }

  /** Opens both files; audio flows from then on. StateError `already_started` the second time, `closed` after `close`. */
  async start(): Promise<void> {
    if (this.#state === 'closing' || this.#state === 'closed') {
      throw new StateError('closed', 'The transport is closed.');
    }
    if (this.#state !== 'new') throw new StateError('already_started', 'The transport was started before.');
    this.#state = 'starting';
    const { input, output, inputSampleRateHz } = this.#options;
    try {
      this.#source = await openWavSource(input, inputSampleRateHz);
      const inHz = this.#source.sampleRateHz;
      if (output !== undefined) {
        this.#toRecording = new Resampler(inHz, this.#outHz);
        this.#recorder = await Recorder.open(output, this.#outHz);
      }
    } catch (thrown) {
      this.#fault = toReparteeError(thrown, 'file_unreadable');
      await this.#end();
      throw this.#fault;
    }
    if (!this.#is('starting')) {
      await this.#end();
      throw new StateError('closed', 'The transport was closed while it started.');
    }
    this.#state = 'open';
    this.#startMs = this.#clock.now();
    // Whoever awaits `start` goes on before the first frame.
    setImmediate(() => void this.#run());
  }

  /** Resolves when the recording is complete. */
  async close(): Promise<void> {
    if (this.#state === 'new') await this.#end();
    else if (this.#state === 'open' || this.#state === 'starting') {
      this.#state = 'closing';
      this.#wake();
    }
    await this.finished;
  }

  onClosed(listener: (error?: ReparteeError) => void): void {
    this.#onClosed = listener;
  }

  #makeInput(): AudioInput {
    const rate = () => {
      const rateHz = this.#source?.sampleRateHz ?? this.#options.inputSampleRateHz;
      if (rateHz === undefined)
        throw new StateError('not_started', 'The rate is known once the file is open.');
      return rateHz;
    };
    return {
      get sampleRateHz() {
        return rate();
      },
      onAudio: (listener) => {
        this.#onAudio = listener;
      },
    };
  }

  #makeOutput(): AudioOutput {
    return {
      sampleRateHz: this.#outHz,
      write: (pcm) => {
        if (!this.#is('open') || this.#line.write(pcm)) return;
        this.#fault = new TransportError(
          'transport_overflow',
          'More than ten minutes of audio wait to be played.',
        );
        void this.close();
      },
      flush: () => this.#line.flush(),
      clear: async (): Promise<Played> => ({ playedMs: this.#line.clear(), estimated: false }),
      onPlayback: (listener) => {
        this.#onPlayback = listener;
      },
    };
  }

  async #run(): Promise<void> {
    const source = this.#source!;
    const frameSamples = msToSamples(this.#frameMs, source.sampleRateHz);
    const frames: Int16Array[] = [];
    const framer = new Framer(frameSamples, (frame) => frames.push(frame));
    const hand = async () => {
      for (const frame of frames.splice(0)) await this.#step(frame);
    };
    try {
      for await (const pcm of source.chunks()) {
        framer.push(pcm);
        await hand();
        if (!this.#is('open')) break;
      }
      framer.push(new Int16Array(msToSamples(this.#options.trailingSilenceMs ?? 2000, source.sampleRateHz)));
      framer.flush();
      await hand();
      const silence = new Int16Array(frameSamples);
      const limit = this.#inSamples + msToSamples(drainLimitMs, source.sampleRateHz);
      while (this.#is('open') && this.#line.untilReport !== undefined && this.#inSamples < limit) {
        await this.#step(silence);
      }
    } catch (thrown) {
      this.#fault ??= toReparteeError(thrown, 'transport_lost');
    }
    await this.#end();
  }

  /** One frame's time passes: the agent is played, the caller is heard. */
  async #step(frame: Int16Array): Promise<void> {
    if (!this.#is('open')) return;
    const inHz = this.#source!.sampleRateHz;
    const inSamples = this.#inSamples + frame.length;
    await this.#wait(samplesToMs(inSamples, inHz));
    if (!this.#is('open')) return;
    this.#inSamples = inSamples;
    // Whole samples of the output line up to the same time; the division never drifts.
    const until = Math.floor((inSamples * this.#outHz) / inHz);
    const right = new Int16Array(until - this.#outSamples);
    this.#outSamples = until;
    // First: what the agent does about this frame can only sound after it.
    this.#line.play(right.length, right);
    this.#onAudio?.(frame);
    if (this.#recorder === undefined) return;
    this.#recorder.push(this.#toRecording!.process(frame), right);
    await this.#recorder.drain();
  }

  #wait(positionMs: Ms): void | Promise<void> {
    if (this.#options.speed === 'max') {
      if (this.#options.pace !== undefined) return this.#options.pace(positionMs);
      return new Promise((resolve) => setImmediate(resolve));
    }
    return new Promise((resolve) => {
      const timer = this.#clock.at(this.#startMs + positionMs, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #end(): Promise<void> {
    if (this.#is('closed')) return;
    this.#state = 'closed';
    this.#source?.close();
    this.#line.clear();
    const recorder = this.#recorder;
    if (recorder !== undefined) {
      try {
        recorder.push(this.#toRecording!.flush(), new Int16Array(0));
        await recorder.close();
      } catch (thrown) {
        this.#fault ??= toReparteeError(thrown, 'file_unwritable');
      }
    }
    this.#finish(this.#fault);
    this.#onClosed?.(this.#fault);
  }

  /** A call, because the state changes behind every `await`. */
  #is(state: 'starting' | 'open' | 'closed'): boolean {
    return this.#state === state;
  }
}
