import type { Config, Ms } from '../../../realtime/contract.js';

export interface GeminiServerOptions {
  /** What the model behind is set to; a client's setup goes over it. */
  defaults: Config;
  /** Rate of the `audio` commands that the link takes. */
  inputRateHz: number;
  /** Rate of the `audio` events that the link gives. */
  outputRateHz: number;
  /** `asked`: the link goes on after its calls were answered only when told so. */
  toolReply: 'auto' | 'asked';
  /** When `turnComplete` comes. Default `playback`: when all audio sent would have been played. */
  turnComplete?: 'playback' | 'at-once';
  /** Default `binary`, as the service sends them. */
  frames?: 'binary' | 'text';
  /** Time for the model to become ready. Default 30,000. */
  readyMs?: Ms;
}
