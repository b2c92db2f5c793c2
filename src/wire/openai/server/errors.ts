import type { ErrorBody } from '../events.js';

/** What is wrong with a client event, in the vendor's words. */
export interface Problem {
  code: string | null;
  message: string;
  /** Path of the field at fault; `null` where none is. */
  param: string | null;
  /** `invalid_request_error` where absent. */
  type?: string;
}

export function problem(code: string | null, message: string, param: string | null = null): Problem {
  return { code, message, param };
}

export function errorBody(found: Problem, eventId: string | null): ErrorBody {
  return {
    type: found.type ?? 'invalid_request_error',
    code: found.code,
    message: found.message,
    param: found.param,
    event_id: eventId,
  };
}

/** How a session ends that must not go on: an `error` event first (where `body` is there), then this close frame. */
export interface Ending {
  body: Problem | null;
  closeCode: number;
  reason: string;
}

interface Row {
  closeCode: number;
  type: string;
  code: string;
}

const server: Row = { closeCode: 1011, type: 'server_error', code: 'server_error' };
const rows: Readonly<Record<string, Row>> = {
  invalid_api_key: { closeCode: 3000, type: 'invalid_request_error', code: 'invalid_api_key' },
  beta_api_shape_disabled: {
    closeCode: 4000,
    type: 'invalid_request_error',
    code: 'beta_api_shape_disabled',
  },
  unsupported_session: { closeCode: 4000, type: 'invalid_request_error', code: 'unsupported_session' },
  model_not_found: { closeCode: 4004, type: 'invalid_request_error', code: 'model_not_found' },
  insufficient_quota: { closeCode: 1013, type: 'insufficient_quota', code: 'insufficient_quota' },
  session_expired: { closeCode: 1001, type: 'invalid_request_error', code: 'session_expired' },
  policy_violation: { closeCode: 1008, type: 'invalid_request_error', code: 'policy_violation' },
};
/** The house's codes for the same. */
const synonyms: Readonly<Record<string, string>> = {
  auth_refused: 'invalid_api_key',
  api_key_missing: 'invalid_api_key',
  quota_exhausted: 'insufficient_quota',
  credit_balance_exhausted: 'insufficient_quota',
};

/**
 * The vendor refuses after the upgrade, not by an HTTP status: `error`, then a close frame whose reason is
 * `<error.type>.<error.code>`. A code without a row of its own ends as 1011.
 */
export function ending(code: string, message: string): Ending {
  const row = rows[synonyms[code] ?? code] ?? server;
  return {
    body: { type: row.type, code: row.code, message, param: null },
    closeCode: row.closeCode,
    reason: `${row.type}.${row.code}`,
  };
}

/** An `error` event as a frame, for those who refuse before there is a machine. */
export function errorFrame(found: Problem, errorEventId: string, eventId: string | null = null): string {
  return JSON.stringify({ type: 'error', event_id: errorEventId, error: errorBody(found, eventId) });
}
