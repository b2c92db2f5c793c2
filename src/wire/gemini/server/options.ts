import type { Config, Ms } from '../../../realtime/contract.js';
import type { Setup } from '../messages.js';

export interface GeminiServerOptions {
  /** What the model behind is set to; a client's setup goes over it. */
  defaults: Config;
  /** Rate of the `audio` commands that the link takes. */
  inputRateHz: number;
  /** Rate of the `audio` events that the link gives. */
  outputRateHz: number;
  /** `asked`: the link goes on after its calls were answered only when told so. */
  toolReply: 'auto' | 'asked';
  /** Whose service it is: Vertex knows other fields of the setup, gives calls no ids and counts candidates. Default `gemini`. */
  surface?: 'gemini' | 'vertex';
  /** Looks at the setup before anything else does: what is served instead of it, or why the client is sent away. */
  admit?: (setup: Setup) => Admission;
  /** When `turnComplete` comes. Default `playback`: when all audio sent would have been played. */
  turnComplete?: 'playback' | 'at-once';
  /** Default `binary`, as the service sends them. */
  frames?: 'binary' | 'text';
  /**
   * How tokens are told. `full`: all at the end of the turn, as 3.8 does. `prompt-first`: those of the prompt when the
   * answer begins, and an empty count at its end, as 3.1 does. Default `full`.
   */
  usage?: 'full' | 'prompt-first';
  /** Time for the model to become ready. Default 30,000. */
  readyMs?: Ms;
  /** After this long a `goAway` tells the client to leave. Default: never. */
  goAwayAfterMs?: Ms;
  /** What the client is given then; who stays longer is closed with 1008. Default 50,000. */
  goAwayLeftMs?: Ms;
  faults?: GeminiFaults;
}

export type Admission = { setup: Setup } | { code: number; reason: string };

/** What goes wrong on purpose, as it was seen at the real service (protocol page, sections 4 to 6). */
export interface GeminiFaults {
  /** The setup is never answered. */
  hangBeforeSetup?: boolean;
  /** The setup is answered by this close. */
  closeBeforeSetup?: { code: number; reason: string };
  /** Audio of the cut turn that still comes after `interrupted`. */
  lateAudioMs?: Ms;
  /** Comes before each transcript of the user. */
  junkTranscription?: string;
  /** `generationComplete` is never sent. */
  noGenerationComplete?: boolean;
  /** Each message with audio has it in so many parts. */
  partsPerMessage?: number;
  /** Closed with 1011 at this message with audio, counted from 1 over the connection. */
  failAtAudioMessage?: number;
}
