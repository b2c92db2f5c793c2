import { pcmToBytes } from '../../audio/index.js';
import {
  type AudioOutput,
  type Clock,
  type PlaybackReport,
  type Played,
  type ReparteeError,
  type ServerMessage,
  StateError,
  type Timer,
  TransportError,
  toReparteeError,
} from '../../core/index.js';
import type { BrowserTransportSettings } from './options.js';
import { PcmQueue } from './pcm-queue.js';
import { playoutStep } from './playout-machine.js';
import { type PlayoutEffect, type PlayoutInput, type PlayoutState, playoutState } from './playout-state.js';

/** Frames of 100 ms: short enough that a `clear` does not wait behind one, long enough to be few. */
const frameMs = 100;

/** The runner of the playout machine: holds the samples, performs the effects. */
export class PageOutput implements AudioOutput {
  readonly #clock: Clock;
  readonly #settings: BrowserTransportSettings;
  readonly #send: (frame: Uint8Array | ServerMessage) => void;
  #state: PlayoutState | undefined;
  readonly #queue = new PcmQueue();
  readonly #clears = new Map<number, (played: Played) => void>();
  #listener: ((report: PlaybackReport) => void) | undefined;
  #timer: Timer | undefined;
  #nextId = 1;
  #ended = false;
  #overflowing = false;
  #lastPlayed: Played = { playedMs: 0, estimated: false };

  constructor(settings: BrowserTransportSettings, send: (frame: Uint8Array | ServerMessage) => void) {
    this.#clock = settings.clock;
    this.#settings = settings;
    this.#send = send;
  }

  get sampleRateHz(): number {
    return this.#opened().sampleRateHz;
  }

  open(sampleRateHz: number): void {
    const { leadMs, maxQueuedMs, clearTimeoutMs } = this.#settings;
    this.#state = playoutState({ sampleRateHz, leadMs, maxQueuedMs, clearTimeoutMs });
  }

  write(pcm: Int16Array): void {
    if (this.#ended || pcm.length === 0) return;
    this.#opened();
    // Queued before the machine decides: it may send these very samples.
    this.#run({ t: 'write', samples: pcm.length, atMs: this.#clock.now() }, pcm);
  }

  flush(): void {
    if (this.#ended) return;
    this.#opened();
    this.#run({ t: 'flush', id: this.#nextId++, atMs: this.#clock.now() });
  }

  /** Once the page is gone it resolves to the last known position. */
  clear(): Promise<Played> {
    if (this.#ended) return Promise.resolve(this.#lastPlayed);
    this.#opened();
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#clears.set(id, resolve);
      this.#run({ t: 'clear', id, atMs: this.#clock.now() });
    });
  }

  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#listener = listener;
  }

  /** What the page says about its playing. */
  page(input: PlayoutInput & { t: 'played' | 'cleared' }): void {
    if (!this.#ended && this.#state !== undefined) this.#run(input);
  }

  /** The page is gone: open clears resolve by estimate. */
  end(): void {
    if (this.#ended) return;
    if (this.#state !== undefined) this.#run({ t: 'end', atMs: this.#clock.now() });
    this.#ended = true;
    this.#timer?.cancel();
    this.#queue.clear();
  }

  #opened(): PlayoutState {
    if (this.#state !== undefined) return this.#state;
    throw new StateError('not_started', 'Call start() and wait for it before using the output.');
  }

  #run(input: PlayoutInput, pcm?: Int16Array): void {
    const effects: PlayoutEffect[] = [];
    playoutStep(this.#opened(), input, effects);
    if (pcm !== undefined && effects[0]?.t !== 'refuse') {
      this.#queue.push(pcm);
      this.#overflowing = false;
    }
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: PlayoutEffect): void {
    switch (effect.t) {
      case 'send': {
        const frameSamples = (this.sampleRateHz * frameMs) / 1000;
        for (const pcm of this.#queue.take(effect.samples, Math.floor(frameSamples))) {
          this.#send(pcmToBytes(pcm));
        }
        break;
      }
      case 'send_flush':
        this.#send({ type: 'flush', id: effect.id });
        break;
      case 'send_clear':
        this.#send({ type: 'clear', id: effect.id });
        break;
      case 'discard':
        this.#queue.clear();
        break;
      case 'refuse':
        this.#complain();
        break;
      case 'report': {
        const { phase, playedMs } = effect;
        this.#lastPlayed = { playedMs, estimated: false };
        // Never inside the call of `write` or `flush` that brought it about.
        queueMicrotask(() => this.#tell({ phase, playedMs }));
        break;
      }
      case 'settled': {
        const { playedMs, estimated } = effect;
        this.#lastPlayed = { playedMs, estimated };
        this.#clears.get(effect.id)?.({ playedMs, estimated });
        this.#clears.delete(effect.id);
        break;
      }
      case 'wake':
        this.#timer?.cancel();
        this.#timer =
          effect.atMs === null
            ? undefined
            : this.#clock.at(effect.atMs, () => this.#run({ t: 'tick', atMs: this.#clock.now() }));
        break;
    }
  }

  #tell(report: PlaybackReport): void {
    try {
      this.#listener?.(report);
    } catch (thrown) {
      this.#settings.onNotice(toReparteeError(thrown, 'listener_threw'));
    }
  }

  /** Once for each run of refused writes. */
  #complain(): void {
    if (this.#overflowing) return;
    this.#overflowing = true;
    const error: ReparteeError = new TransportError(
      'transport_overflow',
      `More than ${this.#settings.maxQueuedMs} ms of audio wait to be played; what came last is dropped.`,
    );
    this.#settings.onNotice(error);
  }
}
