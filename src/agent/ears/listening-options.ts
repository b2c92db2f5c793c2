import type { Ms } from '../../core/index.js';
import type { TranscriptRecord } from './transcript.js';
import { type TurnDetection, type TurnPreset, turnPresets } from './turn-rule.js';
import type { TurnTakingOptions } from './turn-taking.js';

/** Where an edge does not include what comes before the first loud sound, so much is taken with it. */
export const prefixMs: Ms = 300;

export interface TranscriptOptions {
  /** Which words the history keeps. Default `both`, or `model` without an `stt`. */
  record?: TranscriptRecord;
  /** For the `stt`: the language spoken, as its vendor calls it. */
  language?: string;
  /** For the `stt`: what it may expect to hear. */
  prompt?: string;
  /** How long the words of the `stt` may take after the end of a turn, before the history does without. Default 10,000. */
  timeoutMs?: Ms;
}

export interface ListeningOptions {
  transcripts?: TranscriptOptions;
  /** Who ends the user's turns. Default: the model's wire; where it was told not to, pauses of the voice, or of the words. */
  turnDetection?: TurnDetection;
  /** How sure a voice must be and how long a silence: of the wire's VAD (which is then `server_vad`) or the local one. */
  preset?: TurnPreset;
  /** Where this side ends the turns: how long after the last sound, at least. Default 500, or the preset's silence. */
  minEndpointingDelayMs?: Ms;
  /** And at most, where words or a detector expect more. Default 3,000. */
  maxEndpointingDelayMs?: Ms;
  endpointing?: EndpointingOptions;
  /** With `turnDetection: 'manual'`: nothing is for the model but what is said between `startUserTurn` and `commitUserTurn`. */
  pushToTalk?: boolean;
}

export interface EndpointingOptions {
  /** Of the rules on words, as `en` or `nb-NO`; en, no, de, fr, es have some. Default: that of `transcripts`, else `en`. */
  language?: string;
  /** False: words do not matter. Default true. */
  rules?: boolean;
  /** After the last sound, while digits are being dictated. Default 1,500. */
  digitsDelayMs?: Ms;
  /** How many digits the user was asked for: with the last of them the turn is finished, before it is not. */
  expectDigits?: number;
}

/** What of them is for the one who ends the turns here. */
export function turnTakingOptions(options: ListeningOptions): TurnTakingOptions {
  const { preset, endpointing = {}, transcripts = {}, pushToTalk = false } = options;
  const numbers = preset === undefined ? undefined : turnPresets[preset];
  const { minEndpointingDelayMs = numbers?.silenceMs ?? 500, maxEndpointingDelayMs = 3_000 } = options;
  const {
    language = transcripts.language ?? 'en',
    rules = true,
    digitsDelayMs = 1_500,
    expectDigits,
  } = endpointing;
  return {
    rules: {
      minDelayMs: minEndpointingDelayMs,
      maxDelayMs: Math.max(minEndpointingDelayMs, maxEndpointingDelayMs),
      digitsDelayMs,
      ...(expectDigits === undefined ? {} : { expectDigits }),
      language: rules ? language : '',
      threshold: null,
    },
    threshold: numbers?.threshold,
    prefixMs: numbers?.prefixMs ?? prefixMs,
    pushToTalk,
  };
}
