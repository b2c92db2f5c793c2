import {
  type AudioInput,
  type AudioOutput,
  type DataChannel,
  type DtmfKey,
  type KeyInput,
  type PlaybackReport,
  type ReparteeError,
  StateError,
  type Transport,
} from '../../../core/index.js';
import type { Phone } from '../phone/phone.js';
import type { Fields } from '../scenario/scenario.js';

export interface CallerTransportOptions {
  /** What the agent's side sent beside the audio. */
  onMessage?: (message: Fields) => void;
  /** The agent's side has started the transport. */
  onStarted?: () => void;
  /** The agent's side has ended the call. */
  onEnded?: (reason: string) => void;
}

/**
 * A caller's telephone as the transport of a session: audio takes its time both ways, by the telephone's clock; what was played
 * is known to the sample, when it is asked for; keys and messages go beside it.
 */
export class CallerTransport implements Transport {
  readonly name = 'caller';
  readonly input: AudioInput;
  readonly output: AudioOutput;
  readonly data: DataChannel;
  readonly dtmf: KeyInput;
  readonly #options: CallerTransportOptions;
  #state: 'new' | 'open' | 'closed' = 'new';
  #onAudio: ((pcm: Int16Array) => void) | undefined;
  #onPlayback: ((report: PlaybackReport) => void) | undefined;
  #onMessage: ((message: Fields) => void) | undefined;
  #onKey: ((key: DtmfKey) => void) | undefined;
  #onClosed: ((error?: ReparteeError) => void) | undefined;

  /** The telephone's frames and reports must be given to `frame` and `playback`. */
  constructor(phone: Phone, options: CallerTransportOptions = {}) {
    this.#options = options;
    const { sampleRateHz } = phone;
    this.input = { sampleRateHz, onAudio: (listener) => void (this.#onAudio = listener) };
    this.output = {
      sampleRateHz,
      write: (pcm) => phone.write(pcm),
      flush: () => phone.flush(),
      clear: async () => ({ playedMs: phone.clear(), estimated: false }),
      onPlayback: (listener) => void (this.#onPlayback = listener),
    };
    this.data = {
      send: (message) => {
        if (this.#state === 'open') options.onMessage?.(message);
      },
      onMessage: (listener) => void (this.#onMessage = listener),
    };
    this.dtmf = { onKey: (listener) => void (this.#onKey = listener) };
  }

  /** Resolves at once. StateError `already_started` the second time, `closed` after the close. */
  async start(): Promise<void> {
    if (this.#state === 'open') throw new StateError('already_started', 'The transport was started before.');
    if (this.#state === 'closed') throw new StateError('closed', 'The transport is closed.');
    this.#state = 'open';
    this.#options.onStarted?.();
  }

  async close(reason = 'the agent hung up'): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.onEnded?.(reason);
    this.#onClosed?.();
  }

  onClosed(listener: (error?: ReparteeError) => void): void {
    this.#onClosed = listener;
  }

  frame(pcm: Int16Array): void {
    if (this.#state === 'open') this.#onAudio?.(pcm);
  }

  playback(report: PlaybackReport): void {
    if (this.#state === 'open') this.#onPlayback?.(report);
  }

  key(key: DtmfKey): void {
    if (this.#state === 'open') this.#onKey?.(key);
  }

  message(message: Fields): void {
    if (this.#state === 'open') this.#onMessage?.(message);
  }

  /** The caller goes away. */
  hangUp(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#onClosed?.();
  }
}
