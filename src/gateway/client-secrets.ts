import type { Dialler } from '../realtime/index.js';
import { errorBody, type Problem, problem, readSession, startSession } from '../wire/openai/index.js';
import type { Keys } from './keys.js';

export interface SecretAnswer {
  status: number;
  body: unknown;
}

const defaultSeconds = 600;
const minSeconds = 10;
const maxSeconds = 7200;

/**
 * `POST /v1/realtime/client_secrets`: a key for a browser, good for 10 seconds to 2 hours, with the configuration that its
 * sessions start from. It may be used again until it expires; a running session outlives it.
 */
export function createClientSecret(
  body: unknown,
  keys: Keys,
  model: Dialler,
  ids: (kind: string) => string,
  wallMs: number,
): SecretAnswer {
  const { expires_after: after, session: asked, ...rest } = (body ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    return refused(problem('unknown_parameter', `Unknown parameter: '${unknown.slice(0, 64)}'.`, unknown));
  }
  const seconds = after === undefined || after === null ? defaultSeconds : secondsOf(after);
  if (seconds === undefined) {
    const message = `Invalid 'expires_after': expected {anchor: 'created_at', seconds: ${minSeconds}..${maxSeconds}}.`;
    return refused(problem('invalid_value', message, 'expires_after'));
  }
  const read = readSession(asked ?? { type: 'realtime' });
  if ('problem' in read) return refused(read.problem);

  const { session } = read;
  const value = ids('ek');
  const expiresAt = Math.floor(wallMs / 1000) + seconds;
  if (!keys.addSecret(value, expiresAt * 1000, { session }, wallMs)) {
    return refused(problem('rate_limit_exceeded', 'Too many client secrets are in use.'), 429);
  }
  const name = typeof session.model === 'string' ? session.model : model.model;
  const start = { model: name, defaults: model.defaults, expiresAt: 0, session };
  return {
    status: 200,
    body: { value, expires_at: expiresAt, session: startSession(start, ids('sess')) },
  };
}

function secondsOf(after: unknown): number | undefined {
  if (typeof after !== 'object' || after === null) return undefined;
  const { anchor = 'created_at', seconds = defaultSeconds } = after as Record<string, unknown>;
  const good =
    anchor === 'created_at' &&
    typeof seconds === 'number' &&
    Number.isInteger(seconds) &&
    seconds >= minSeconds &&
    seconds <= maxSeconds;
  return good ? seconds : undefined;
}

export function refused(found: Problem, status = 400): SecretAnswer {
  const { event_id: _eventId, ...error } = errorBody(found, null);
  return { status, body: { error } };
}
