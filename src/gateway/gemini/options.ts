import { ConfigError, type Ms } from '../../core/index.js';
import type { GeminiFaults } from '../../wire/gemini/index.js';

/** How the gateway behaves on Gemini's wire: like the service, unless told otherwise. */
export interface GeminiServing {
  /** Default `binary`, as the service sends. */
  frames?: 'binary' | 'text';
  /** When `turnComplete` comes. Default `playback`: when the client would have played it all. */
  turnComplete?: 'playback' | 'at-once';
  /** `full` like 3.8 (default), `prompt-first` like 3.1. Vertex' addresses have Vertex' names of it. */
  usage?: 'full' | 'prompt-first';
  /** After this long on one connection a `goAway`. Default: never. */
  goAwayAfterMs?: Ms;
  /** What the client is given then; who stays is closed with 1008. Default 50,000. */
  goAwayLeftMs?: Ms;
  /** How long a session waits for its client to come back with a handle. Default 2 hours. */
  handleLifeMs?: Ms;
  /** Sessions that wait so; the oldest makes room. Default 100. */
  maxWaitingSessions?: number;
  /** What goes wrong on purpose; a function is asked at each connection, counted from 0. */
  faults?: GeminiFaults | ((connection: number) => GeminiFaults);
}

/** Beyond what a timer can wait for. */
const longestMs = 2 ** 31 - 1;

/** ConfigError `option_invalid`. */
export function checkServing(serving: GeminiServing): void {
  for (const name of ['goAwayAfterMs', 'goAwayLeftMs', 'handleLifeMs'] as const) {
    const value = serving[name];
    if (value === undefined || (value >= 0 && value <= longestMs)) continue;
    throw new ConfigError('option_invalid', `gemini.${name} must be milliseconds from 0 to ${longestMs}.`, {
      param: `gemini.${name}`,
    });
  }
  const { maxWaitingSessions: most = 1 } = serving;
  if (!Number.isInteger(most) || most < 0) {
    throw new ConfigError('option_invalid', 'gemini.maxWaitingSessions must be a whole number.', {
      param: 'gemini.maxWaitingSessions',
    });
  }
}
