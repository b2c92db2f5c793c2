import type { Dialler } from '../realtime/index.js';
import {
  betaServerDialect,
  errorBody,
  type Problem,
  problem,
  type RealtimeSession,
  type RealtimeSessionUpdate,
  readSession,
  shownSession,
  startSession,
} from '../wire/openai/index.js';
import type { Keys } from './keys.js';

export interface SecretAnswer {
  status: number;
  body: unknown;
}

const defaultSeconds = 600;
const minSeconds = 10;
const maxSeconds = 7200;

/** Makes a secret of a request's body, or says what is wrong with it. */
export type SecretMaker = (
  body: unknown,
  keys: Keys,
  model: Dialler,
  ids: (kind: string) => string,
  wallMs: number,
) => SecretAnswer;

/**
 * `POST /v1/realtime/client_secrets`: a key for a browser, good for 10 seconds to 2 hours, with the configuration that its
 * sessions start from. It may be used again until it expires; a running session outlives it.
 */
export const createClientSecret: SecretMaker = (body, keys, model, ids, wallMs) => {
  const { expires_after: after, session: asked, ...rest } = (body ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    return refused(problem('unknown_parameter', `Unknown parameter: '${unknown.slice(0, 64)}'.`, unknown));
  }
  const seconds = secondsOf(after);
  if (seconds === undefined) return refused(expiryProblem('expires_after'));
  const read = readSession(asked ?? { type: 'realtime' });
  if ('problem' in read) return refused(read.problem);

  const made = makeSecret(read.session, seconds, keys, model, ids, wallMs);
  if ('status' in made) return made;
  return { status: 200, body: { value: made.value, expires_at: made.expiresAt, session: made.session } };
};

/** `POST /v1/realtime/sessions`: the same in the beta dialect, where session and secret are one object. */
export const createBetaSession: SecretMaker = (body, keys, model, ids, wallMs) => {
  const { client_secret: wished, ...flat } = (body ?? {}) as Record<string, unknown>;
  const { expires_after: after = undefined } = (wished ?? {}) as Record<string, unknown>;
  const seconds = secondsOf(after);
  if (seconds === undefined) return refused(expiryProblem('client_secret.expires_after'));
  const dialect = betaServerDialect();
  const translated = dialect.read({ type: 'session.update', session: flat });
  if ('problem' in translated) return refused(rootless(translated.problem));
  const read = readSession((translated.event as { session: unknown }).session);
  if ('problem' in read) {
    const event = { type: 'error', event_id: '', error: errorBody(read.problem, null) };
    const { error } = dialect.write(event) as { error: Problem };
    return refused(rootless(error));
  }

  const made = makeSecret(read.session, seconds, keys, model, ids, wallMs);
  if ('status' in made) return made;
  const told = { type: 'session.updated', event_id: '', session: made.session };
  const { session } = dialect.write(told) as { session: object };
  const { value, expiresAt } = made;
  return { status: 200, body: { ...session, client_secret: { value, expires_at: expiresAt } } };
};

interface Made {
  value: string;
  /** Unix seconds. */
  expiresAt: number;
  session: RealtimeSession;
}

function makeSecret(
  session: RealtimeSessionUpdate,
  seconds: number,
  keys: Keys,
  model: Dialler,
  ids: (kind: string) => string,
  wallMs: number,
): Made | SecretAnswer {
  const value = ids('ek');
  const expiresAt = Math.floor(wallMs / 1000) + seconds;
  if (!keys.addSecret(value, expiresAt * 1000, { session }, wallMs)) {
    return refused(problem('rate_limit_exceeded', 'Too many client secrets are in use.'), 429);
  }
  const name = typeof session.model === 'string' ? session.model : model.model;
  const start = { model: name, defaults: model.defaults, expiresAt: 0, session };
  return { value, expiresAt, session: shownSession(startSession(start, ids('sess'))) };
}

/** The session is the body itself: its fields stand at the root. */
function rootless({ param, message, ...rest }: Problem): Problem {
  return {
    ...rest,
    message: message.replaceAll("'session.", "'"),
    param: param === null ? null : param.replace(/^session\./, ''),
  };
}

function expiryProblem(param: string): Problem {
  const message = `Invalid '${param}': expected {anchor: 'created_at', seconds: ${minSeconds}..${maxSeconds}}.`;
  return problem('invalid_value', message, param);
}

/** `undefined`: not what may be asked for. */
function secondsOf(after: unknown): number | undefined {
  if (after === undefined || after === null) return defaultSeconds;
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
