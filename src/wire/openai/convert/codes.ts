import type { ErrorCode } from '../../../core/index.js';

/** Errors of races that change nothing: clients must not treat them as failures. */
export const benignCodes: ReadonlySet<string> = new Set([
  'response_cancel_not_active',
  'conversation_already_has_active_response',
  'input_audio_buffer_commit_empty',
  'item_truncate_invalid_item_id',
  'rate_limit_exceeded',
]);

/** Errors after which the session is over and trying again does not help. */
export const fatalCodes: ReadonlySet<string> = new Set([
  'invalid_api_key',
  'insufficient_quota',
  'credit_balance_exhausted',
  'model_not_found',
  'beta_api_shape_disabled',
]);

/** A cut beyond the audio has the code of any wrong value, a late cancel sometimes none: only the words tell that it is a race. */
const wordsOfRaces = /already shorter than|^Cancellation failed/;

export function isBenign(code: string | null, message = ''): boolean {
  return (code !== null && benignCodes.has(code)) || wordsOfRaces.test(message);
}

/** OpenAI has no resumption, so nothing maps to `resume`. */
export type Disposition = 'fatal' | 'retry' | 'done';

const closes: Readonly<Record<number, { code: string; disposition: Disposition }>> = {
  1000: { code: 'closed', disposition: 'done' },
  1001: { code: 'session_expired', disposition: 'retry' },
  1002: { code: 'protocol_error', disposition: 'retry' },
  1003: { code: 'frame_malformed', disposition: 'fatal' },
  1005: { code: 'connection_lost', disposition: 'retry' },
  1006: { code: 'connection_lost', disposition: 'retry' },
  1007: { code: 'frame_malformed', disposition: 'fatal' },
  1008: { code: 'policy_violation', disposition: 'retry' },
  1009: { code: 'frame_too_large', disposition: 'retry' },
  1011: { code: 'server_error', disposition: 'retry' },
  1012: { code: 'server_restart', disposition: 'retry' },
  1013: { code: 'try_again_later', disposition: 'retry' },
  1014: { code: 'server_error', disposition: 'retry' },
  1015: { code: 'connection_lost', disposition: 'retry' },
  3000: { code: 'invalid_api_key', disposition: 'fatal' },
  4000: { code: 'beta_api_shape_disabled', disposition: 'fatal' },
  4004: { code: 'model_not_found', disposition: 'fatal' },
};

/**
 * What a close means. The reason is `<error.type>.<error.code>` where the vendor gives one, and its code wins; unknown
 * codes of the 4000s are fatal, others are worth another try.
 */
export function readClose(closeCode: number, reason: string): { code: string; disposition: Disposition } {
  const row = closes[closeCode];
  const dot = reason.lastIndexOf('.');
  const named = /^[a-z_]+\.[a-z_]+$/.test(reason) ? reason.slice(dot + 1) : undefined;
  const code = named ?? row?.code ?? `close_${closeCode}`;
  if (fatalCodes.has(code)) return { code, disposition: 'fatal' };
  if (code === 'session_expired') return { code, disposition: 'retry' };
  return { code, disposition: row?.disposition ?? (closeCode >= 4000 ? 'fatal' : 'retry') };
}

const statuses: Readonly<Record<number, { code: string; disposition: Disposition }>> = {
  400: { code: 'bad_request', disposition: 'fatal' },
  401: { code: 'invalid_api_key', disposition: 'fatal' },
  403: { code: 'invalid_api_key', disposition: 'fatal' },
  404: { code: 'model_not_found', disposition: 'fatal' },
  408: { code: 'connection_lost', disposition: 'retry' },
  409: { code: 'try_again_later', disposition: 'retry' },
  425: { code: 'try_again_later', disposition: 'retry' },
  429: { code: 'rate_limit_exceeded', disposition: 'retry' },
};

/** What an HTTP status means with which a server, or what stands before it, refuses the upgrade. */
export function readStatus(status: number): { code: string; disposition: Disposition } {
  const row = statuses[status];
  if (row !== undefined) return row;
  return status >= 500
    ? { code: 'server_error', disposition: 'retry' }
    : { code: `http_${status}`, disposition: 'fatal' };
}

const houseCodes: Readonly<Record<string, ErrorCode>> = {
  invalid_api_key: 'auth_refused',
  insufficient_quota: 'quota_exhausted',
  credit_balance_exhausted: 'quota_exhausted',
  model_not_found: 'model_not_found',
  session_expired: 'session_expired',
  rate_limit_exceeded: 'rate_limited',
  inference_rate_limit_exceeded: 'rate_limited',
  server_error: 'provider_failed',
  server_restart: 'connection_lost',
  connection_lost: 'connection_lost',
  try_again_later: 'connection_lost',
  frame_malformed: 'frame_malformed',
  protocol_error: 'connection_lost',
  frame_too_large: 'frame_too_large',
};

/** The house's code for a code of this vendor. */
export function houseCode(vendorCode: string): ErrorCode {
  return houseCodes[vendorCode] ?? 'provider_refused';
}
