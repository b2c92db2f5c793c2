import type { Clock, Ms } from '../../core/index.js';

export interface WavTransportOptions {
  /** The caller: path of a WAV, any format that `WavReader` reads; more channels are mixed to one. */
  input: string;
  /** Path of the recording: two channels, left the caller, right the agent as played. None is made without it. */
  output?: string;
  /**
   * 'real': as fast as people speak, by `clock`. 'max': as fast as frames can be handed over. Either way time on the
   * line is the input's audio time: while a frame of the caller goes in, as much of the agent is played.
   */
  speed: 'real' | 'max';
  /** Frame length; 20 by default. */
  frameMs?: Ms;
  /** Silence after the file's end, so that a voice detector can end the turn and the agent begin; 2000 by default. */
  trailingSilenceMs?: Ms;
  /** Rate of the caller's audio as delivered; the file's own by default. */
  inputSampleRateHz?: number;
  /** Rate of the output line and of the recording; 24000 by default. */
  sampleRateHz?: number;
  /** For 'real'; the system's clock by default. */
  clock?: Clock;
  /**
   * For 'max': awaited before each frame, with the position that the line will have after it. Here a test moves its
   * clock to that position, so that all timers of the session live in audio time, or waits until a model of
   * real-time latency has answered. It must not await `close`. By default it lets pending I/O run once.
   */
  pace?: (positionMs: Ms) => void | Promise<void>;
}
