import type { Ms } from './clock.js';
import type { DtmfKey } from './dtmf.js';
import type { ReparteeError } from './errors.js';

/**
 * The caller's side: a microphone and a loudspeaker somewhere. `start` resolves when audio may flow; `close` is safe to
 * call twice and resolves when the far end is let go. After `closed`, writes do nothing and nothing more arrives.
 */
export interface Transport {
  readonly name: string;
  readonly input: AudioInput;
  readonly output: AudioOutput;
  /** JSON messages beside the audio (captions, typed text), where the medium has such a channel. */
  readonly data?: DataChannel;
  /** Pictures of the caller's camera or screen, where the medium has them. */
  readonly video?: PictureInput;
  /** Keys that the caller presses, where the medium has them. */
  readonly dtmf?: KeyInput;
  start(): Promise<void>;
  close(reason?: string): Promise<void>;
  /** Called once when the medium ended, by either side; `error` where it broke. */
  onClosed(listener: (error?: ReparteeError) => void): void;
}

export interface AudioInput {
  /** Rate of what `onAudio` delivers; known once `start` has resolved. Mono. */
  readonly sampleRateHz: number;
  /** One listener; audio before it is set is dropped. The receiver may keep the samples. */
  onAudio(listener: (pcm: Int16Array) => void): void;
}

/** What the far end has played, as a position on the output line. */
export interface Played {
  /** Milliseconds of written audio that have been played since `start`; silence of an empty buffer does not count. */
  playedMs: Ms;
  /** True where the far end did not answer in time and this is a guess from clocks. */
  estimated: boolean;
}

/**
 * The output line: every sample written, end to end, from the start of the transport. Positions are milliseconds on that
 * line. `clear` cuts the line: what was not yet played never is, and the next `write` goes on at the position that
 * `clear` resolved to.
 */
export interface AudioOutput {
  /** Rate that `write` takes; known once `start` has resolved. Mono. */
  readonly sampleRateHz: number;
  /** Appends to the line. The samples must not be changed afterwards. */
  write(pcm: Int16Array): void;
  /** Marks the end of an utterance: `finished` is reported when all written so far has been played. */
  flush(): void;
  /** Silences the far end now and tells what it had played, exactly where it answers in time. */
  clear(): Promise<Played>;
  onPlayback(listener: (report: PlaybackReport) => void): void;
}

/**
 * `started`: the first sample after silence is being played; `position`: at least five times a second while
 * playing, where the medium can; `finished`: everything up to the last `flush` was played.
 */
export interface PlaybackReport {
  phase: 'started' | 'position' | 'finished';
  playedMs: Ms;
}

export interface DataChannel {
  send(message: Record<string, unknown>): void;
  onMessage(listener: (message: Record<string, unknown>) => void): void;
}

/** An encoded picture; whoever receives it may keep the bytes. */
export interface Picture {
  readonly data: Uint8Array;
  readonly mime: 'image/jpeg' | 'image/png';
}

/** One listener; pictures before it is set are dropped. */
export interface PictureInput {
  onPicture(listener: (picture: Picture) => void): void;
}

/** One key at a time, in the order of pressing. One listener; keys before it is set are dropped. */
export interface KeyInput {
  onKey(listener: (key: DtmfKey) => void): void;
}
