import {
  type Clock,
  ConfigError,
  type DtmfKey,
  type KeyInput,
  type Ms,
  type Picture,
  type PictureInput,
  type ReparteeError,
  StateError,
  systemClock,
  type Transport,
  TransportError,
} from '../../core/index.js';
import { MemoryData } from './data.js';
import { MemoryInput } from './input.js';
import { MemoryOutput } from './output.js';

export interface MemoryTransportOptions {
  /** Rate of the output line; 24000 by default. */
  sampleRateHz?: number;
  /** Rate of the caller's audio; that of the output by default. */
  inputSampleRateHz?: number;
  /** What time is; the system's clock by default. */
  clock?: Clock;
  /**
   * True (default): audio takes its time, by the clock, both ways. False: what the caller says arrives at once, and
   * what is written counts as played at once; reports come in a microtask. For load tests.
   */
  realTime?: boolean;
  /** Length of the frames that the caller's audio arrives in; 20 by default. */
  frameMs?: Ms;
  /** Silence arrives as frames while the caller says nothing; off by default. Only in real time. */
  openMic?: boolean;
  /**
   * When the far end obeys a `clear`, after the call; 0 by default. Above 300, or 'never' (it falls silent, but its answer
   * is lost), `clear` resolves after 300 ms to an estimate. Only in real time.
   */
  clearAfterMs?: Ms | 'never';
  /** Keep what was played for `heard()`; true by default. */
  keepHeard?: boolean;
}

/**
 * A transport without a medium: the test says what the caller says and hears what the caller hears. ConfigError
 * `option_invalid` for a rate, frame or delay that is none.
 */
export class MemoryTransport implements Transport {
  readonly name = 'memory';
  readonly input: MemoryInput;
  readonly output: MemoryOutput;
  readonly data = new MemoryData();
  readonly video: PictureInput = {
    onPicture: (listener) => {
      this.#onPicture = listener;
    },
  };
  readonly dtmf: KeyInput = {
    onKey: (listener) => {
      this.#onKey = listener;
    },
  };
  #onPicture: ((picture: Picture) => void) | undefined;
  #onKey: ((key: DtmfKey) => void) | undefined;
  #state: 'new' | 'open' | 'closed' = 'new';
  #onClosed: ((error?: ReparteeError) => void) | undefined;

  constructor(options: MemoryTransportOptions = {}) {
    const { clock = systemClock(), sampleRateHz = 24_000, realTime = true, frameMs = 20 } = options;
    const { inputSampleRateHz = sampleRateHz, openMic = false, clearAfterMs = 0, keepHeard = true } = options;
    requirePositive('sampleRateHz', sampleRateHz);
    requirePositive('inputSampleRateHz', inputSampleRateHz);
    requirePositive('frameMs', frameMs);
    if (clearAfterMs !== 'never' && !(clearAfterMs >= 0)) {
      throw new ConfigError('option_invalid', `clearAfterMs is 0 or more, or 'never', not ${clearAfterMs}.`, {
        param: 'clearAfterMs',
      });
    }
    this.input = new MemoryInput({ clock, sampleRateHz: inputSampleRateHz, realTime, frameMs, openMic });
    const onOverflow = () =>
      this.hangUp(
        new TransportError('transport_overflow', 'More than ten minutes of audio wait to be played.'),
      );
    this.output = new MemoryOutput({ clock, sampleRateHz, realTime, clearAfterMs, keepHeard, onOverflow });
  }

  /** Resolves at once. StateError `already_started` the second time, `closed` after `close`. */
  async start(): Promise<void> {
    if (this.#state === 'open') throw new StateError('already_started', 'The transport was started before.');
    if (this.#state === 'closed') throw new StateError('closed', 'The transport is closed.');
    this.#state = 'open';
    this.input.begin();
    this.output.begin();
  }

  async close(): Promise<void> {
    this.hangUp();
  }

  onClosed(listener: (error?: ReparteeError) => void): void {
    this.#onClosed = listener;
  }

  /**
   * The caller speaks: `pcm` arrives after all that was said before, in frames, and the promise resolves with the last of
   * them. StateError `not_started` before `start`; resolves without being heard after the close.
   */
  say(pcm: Int16Array): Promise<void> {
    return this.input.say(pcm);
  }

  /** The caller says nothing, audibly, for `durationMs`. */
  pause(durationMs: Ms): Promise<void> {
    return this.say(new Int16Array(Math.round((durationMs * this.input.sampleRateHz) / 1000)));
  }

  /** The caller's camera sees this. Lost before `start`, after the close, and where nobody looks. */
  show(picture: Picture): void {
    if (this.#state === 'open') this.#onPicture?.(picture);
  }

  /** The caller presses keys, all at once. Lost before `start`, after the close, and where nobody listens. */
  press(...keys: DtmfKey[]): void {
    for (const key of keys) if (this.#state === 'open') this.#onKey?.(key);
  }

  /** The samples that were really played, end to end, without the silence between. */
  heard(): Int16Array {
    return this.output.heard();
  }

  /** The far end goes away; with `error` where the medium broke. */
  hangUp(error?: ReparteeError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.input.end();
    this.output.end();
    this.data.end();
    this.#onClosed?.(error);
  }
}

function requirePositive(param: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new ConfigError('option_invalid', `${param} is a number above 0, not ${value}.`, { param });
}
