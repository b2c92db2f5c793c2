import type { Event } from '../../realtime/contract.js';

type Closing = Extract<Event, { t: 'closing' }>;
type Disposition = Closing['disposition'];

interface Row {
  code: number;
  reason?: RegExp;
  /** Code of `src/core/errors.ts`. */
  means: string;
  disposition: Disposition;
  hint?: string;
}

/**
 * A close frame is the only error of this wire; its reason tells the causes apart. The first row that fits holds.
 * Source: protocol page, section 6.
 */
const rows: readonly Row[] = [
  { code: 1007, reason: /API key/i, means: 'auth_refused', disposition: 'fatal' },
  {
    code: 1007,
    reason: /Unknown name/i,
    means: 'provider_refused',
    disposition: 'fatal',
    hint: 'a field of the setup is not known to this model or API version',
  },
  // Of the audio, not of the setup: the conversation itself is sound.
  {
    code: 1007,
    reason: /Precondition check failed|No turn to complete/i,
    means: 'provider_refused',
    disposition: 'resume',
  },
  {
    code: 1007,
    means: 'provider_refused',
    disposition: 'fatal',
    hint: 'the model refuses an option or a message, or its context is full',
  },
  {
    code: 1008,
    reason: /unregistered callers|API key|permission/i,
    means: 'auth_refused',
    disposition: 'fatal',
  },
  {
    code: 1008,
    reason: /is not found for API version|not supported for bidi/i,
    means: 'model_not_found',
    disposition: 'fatal',
  },
  // The handle is dead: only a fresh session helps.
  { code: 1008, reason: /session not found/i, means: 'session_expired', disposition: 'retry' },
  { code: 1008, reason: /GoAway/i, means: 'session_expired', disposition: 'resume' },
  {
    code: 1008,
    reason: /Requested entity was not found/i,
    means: 'provider_refused',
    disposition: 'resume',
    hint: 'a tool was answered that the server no longer waits for',
  },
  {
    code: 1008,
    reason: /not implemented, or supported, or enabled/i,
    means: 'provider_refused',
    disposition: 'retry',
    hint: 'input was sent while a tool call was open, or a feature is not enabled for this model, region or version',
  },
  { code: 1008, reason: /current quota|billing/i, means: 'quota_exhausted', disposition: 'fatal' },
  { code: 1008, reason: /quota|exhausted|rate/i, means: 'rate_limited', disposition: 'retry' },
  { code: 1008, means: 'provider_refused', disposition: 'fatal' },
  { code: 1011, reason: /current quota|billing/i, means: 'quota_exhausted', disposition: 'fatal' },
  { code: 1011, reason: /Deadline expired/i, means: 'session_expired', disposition: 'resume' },
  { code: 1011, reason: /quota|exhausted/i, means: 'rate_limited', disposition: 'retry' },
  { code: 1011, means: 'provider_failed', disposition: 'resume' },
  { code: 1013, means: 'provider_failed', disposition: 'retry' },
];

/** What a close means. `live`: the session had been set up, so that there may be something to resume. */
export function closingOf(code: number, reason: string, live: boolean): Closing {
  const row = rows.find((row) => row.code === code && (row.reason?.test(reason) ?? true));
  const means = row?.means ?? 'connection_lost';
  const disposition = row?.disposition ?? 'resume';
  const said = reason === '' ? `closed with code ${code}` : `closed with code ${code}: ${reason}`;
  return {
    t: 'closing',
    code: means,
    disposition: disposition === 'resume' && !live ? 'retry' : disposition,
    message: `The Gemini Live connection was ${said}${row?.hint === undefined ? '' : ` (${row.hint})`}`,
  };
}
