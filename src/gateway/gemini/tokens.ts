import type { Ids, Ms } from '../../core/index.js';
import { type Admission, type Setup, type SetupRequest, setupFromRequest } from '../../wire/gemini/index.js';

/** A key for a browser: for so many sessions, begun and ended in time, set as its maker says. */
export interface AuthToken {
  expiresAtMs: number;
  newSessionUntilMs: number;
  /** Sessions that it may still begin. */
  usesLeft: number;
  setup: Partial<Setup> | undefined;
  mask: readonly string[] | undefined;
}

export interface TokenAnswer {
  status: number;
  body: unknown;
}

/** Defaults and limits of the service (protocol page, section 1.1). */
const lifeMs: Ms = 30 * 60_000;
const longestLifeMs: Ms = 20 * 3_600_000;
const beginMs: Ms = 60_000;
/** Tokens that are remembered at the same time. */
const maxTokens = 10_000;
const prefix = 'auth_tokens/';

export class AuthTokens {
  readonly #tokens = new Map<string, AuthToken>();

  /** `POST /{version}/auth_tokens`. Only the name comes back. */
  create(json: unknown, ids: Ids, wallMs: number): TokenAnswer {
    const request = setupFromRequest(json);
    if ('problem' in request) return invalid(request.problem);
    const token = tokenOf(request, wallMs);
    if (token.expiresAtMs <= wallMs || token.expiresAtMs > wallMs + longestLifeMs) {
      return invalid('expire_time must be in the future, and less than 20 hours from now.');
    }
    for (const [name, { expiresAtMs }] of this.#tokens) {
      if (expiresAtMs + longestLifeMs <= wallMs) this.#tokens.delete(name);
    }
    if (this.#tokens.size >= maxTokens)
      return failed(429, 'RESOURCE_EXHAUSTED', 'Too many tokens are in use.');
    const name = `${prefix}${ids('token')}`;
    this.#tokens.set(name, token);
    return { status: 200, body: { name } };
  }

  /** Undefined: not one that was made here. */
  get(name: string | undefined): AuthToken | undefined {
    return name === undefined ? undefined : this.#tokens.get(name);
  }
}

function tokenOf(request: SetupRequest, wallMs: number): AuthToken {
  const { expireTime, newSessionExpireTime, uses = 1, setup, mask } = request;
  return {
    expiresAtMs: expireTime === undefined ? wallMs + lifeMs : Date.parse(expireTime),
    newSessionUntilMs:
      newSessionExpireTime === undefined ? wallMs + beginMs : Date.parse(newSessionExpireTime),
    usesLeft: uses === 0 ? Number.POSITIVE_INFINITY : uses,
    setup,
    mask,
  };
}

const expired = 'The ephemeral token has expired or has been used up.';

/**
 * A session that a token begins: counted, and set as the token says. Without a mask the whole setup is the token's; with
 * one its fields are, and absent ones are absent. Who resumes begins nothing.
 */
export function admitByToken(token: AuthToken, asked: Setup, wallMs: number): Admission {
  const handle = asked.sessionResumption?.handle;
  if (handle === undefined) {
    if (token.usesLeft <= 0 || token.newSessionUntilMs <= wallMs) return { code: 1008, reason: expired };
    token.usesLeft -= 1;
  }
  const { setup: locked, mask } = token;
  if (locked === undefined) return { setup: asked };
  if (mask === undefined) {
    const setup: Setup = { ...locked, model: locked.model ?? asked.model };
    if (handle !== undefined) setup.sessionResumption = { ...setup.sessionResumption, handle };
    return { setup };
  }
  const setup = structuredClone(asked);
  for (const path of mask) lock(setup, locked, path.split('.'));
  return { setup };
}

function lock(target: object, source: object | undefined, [name, ...rest]: readonly string[]): void {
  if (name === undefined) return;
  const into = target as Record<string, unknown>;
  const value = source === undefined ? undefined : (source as Record<string, unknown>)[name];
  if (rest.length === 0) {
    if (value === undefined) delete into[name];
    else into[name] = structuredClone(value);
    return;
  }
  const inner = into[name];
  if (isObject(inner)) lock(inner, isObject(value) ? value : undefined, rest);
  else if (isObject(value)) {
    const made = {};
    lock(made, value, rest);
    if (Object.keys(made).length > 0) into[name] = made;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): TokenAnswer {
  return failed(400, 'INVALID_ARGUMENT', message);
}

/** An error as Google's REST services say it. */
export function failed(code: number, status: string, message: string): TokenAnswer {
  return { status: code, body: { error: { code, message, status } } };
}
