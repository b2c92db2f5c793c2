import { ConfigError, type Ms } from '../../core/index.js';
import type { TranscriptSource } from '../ears/transcript.js';
import type { Length } from './kinds/digits.js';
import type { CaptureLines } from './lines.js';

/** What is captured. A regular expression describes a code of letters and digits, as `/[A-Z]{2}\d{4}/`. */
export type CaptureKind = 'phone' | 'digits' | 'email' | 'name' | 'date' | RegExp;

export interface CaptureOptions {
  kind: CaptureKind;
  /** As the caller speaks: "en-US", "nb-NO". English, Norwegian, German, French and Spanish are there. */
  locale: string;
  /** Of the tool. Default `capture_` and the kind. */
  name?: string;
  /** Tells the model when to call it. There is a default. */
  description?: string;
  /** Whose words count: the recogniser's beside the model (`stt`) or the model's own. Default: those that the history keeps. */
  source?: TranscriptSource;
  /** Whether the value is read back to the caller. Default `always`. */
  confirm?: 'always' | 'never';
  /** Failures (not understood, refused, not valid) of each way of asking. Default 2. */
  attempts?: number;
  /** For phones: ISO 3166 of numbers without a country code. Default: the locale's; without one they need their country code. */
  country?: string;
  /** For digits and codes: how many there are. */
  length?: number | { min: number; max: number };
  /** Whether the keypad is the last way of asking, where the caller has one. Default: for phones and digits. */
  keypad?: boolean;
  /** Silence after which a value that could go on is whole. Default 1,500. */
  pauseMs?: Ms;
  /** Silence after which the caller is asked again. Default 8,000. */
  silenceMs?: Ms;
  /** How long the words of a turn may take. Default 3,000. */
  wordsMs?: Ms;
  /** So many turns before the call may hold the value. Default 4. */
  lookBack?: number;
  /** The application's own check of a whole value: a lookup. False: the caller is told that it cannot be, and asked again. */
  validate?: (value: string) => boolean | Promise<boolean>;
  /** In the place of ours. */
  lines?: Partial<CaptureLines>;
}

export function kindName(kind: CaptureKind): keyof CaptureLines['ask'] {
  return kind instanceof RegExp ? 'pattern' : kind;
}

/** ConfigError `option_invalid` or `options_conflict`, with the option's name. */
export function checkCapture(options: CaptureOptions): void {
  const { kind, source, confirm, attempts, country, length, pauseMs, silenceMs, wordsMs, lookBack } = options;
  const fail = (param: string, wants: string): never => {
    throw new ConfigError('option_invalid', `${param} must be ${wants}`, { param });
  };
  const kinds = ['phone', 'digits', 'email', 'name', 'date'];
  if (!(kind instanceof RegExp) && !kinds.includes(kind))
    fail('kind', `one of ${kinds.join(', ')}, or a RegExp`);
  if (source !== undefined && source !== 'stt' && source !== 'model') fail('source', "'stt' or 'model'");
  if (confirm !== undefined && confirm !== 'always' && confirm !== 'never')
    fail('confirm', "'always' or 'never'");
  const isCount = (count: number) => Number.isInteger(count) && count > 0;
  if (attempts !== undefined && !isCount(attempts)) fail('attempts', 'a whole number above 0');
  if (lookBack !== undefined && !isCount(lookBack)) fail('lookBack', 'a whole number above 0');
  for (const [name, ms] of Object.entries({ pauseMs, silenceMs, wordsMs })) {
    if (ms !== undefined && !(Number.isFinite(ms) && ms > 0)) fail(name, 'a number above 0');
  }
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) fail('country', 'two capital letters');
  if (country !== undefined && kind !== 'phone') conflict('country', 'phones');
  if (length === undefined) return;
  if (kind !== 'digits' && !(kind instanceof RegExp)) conflict('length', 'digits and codes');
  const { min, max } = lengthOf(length)!;
  if (!isCount(min) || !isCount(max) || min > max)
    fail('length', 'a whole number above 0, or such a min and max');
}

function conflict(param: string, what: string): never {
  throw new ConfigError('options_conflict', `${param} is for ${what} only`, { param });
}

export function lengthOf(length: CaptureOptions['length']): Length | undefined {
  return typeof length === 'number' ? { min: length, max: length } : length;
}

/** The country of a locale: "nb-NO" -> "NO". */
export function countryOf(locale: string): string | undefined {
  return /[-_]([A-Z]{2})(?:[-_]|$)/.exec(locale)?.[1];
}
