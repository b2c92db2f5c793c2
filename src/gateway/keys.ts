import { createHash, timingSafeEqual } from 'node:crypto';
import type { RealtimeSessionUpdate } from '../wire/openai/index.js';
import type { AuthToken } from './gemini/tokens.js';

/** Message of `invalid_api_key` where none was shown at all. */
export const noKey = 'No API key was given.';

/** What a key that was let in brings along. */
export interface Grant {
  /** The configuration that was stored with a client secret. */
  session?: RealtimeSessionUpdate;
  /** An ephemeral token of Gemini's wire, which judges the session that it begins. */
  token?: AuthToken;
}

interface Secret extends Grant {
  expiresAtMs: number;
}

/** Secrets that are remembered at the same time. */
const maxSecrets = 10_000;
/** An expired secret is known as such for a while: at a door without keys it would pass as any other word. */
const rememberMs = 3_600_000;

/** Who may come in: the keys of the options, and client secrets until they expire. No keys = everybody. */
export class Keys {
  readonly #digests: Buffer[];
  readonly #secrets = new Map<string, Secret>();

  constructor(keys: readonly string[]) {
    this.#digests = keys.map(digest);
  }

  get open(): boolean {
    return this.#digests.length === 0;
  }

  /** Undefined: not let in. */
  check(key: string | undefined, wallMs: number): Grant | undefined {
    const secret = key === undefined ? undefined : this.#secrets.get(key);
    if (secret !== undefined) return secret.expiresAtMs > wallMs ? secret : undefined;
    return this.open || this.isKey(key) ? {} : undefined;
  }

  /** One of the keys themselves: a client secret does not make others. */
  isKey(key: string | undefined): boolean {
    if (key === undefined) return false;
    const shown = digest(key);
    let found = false;
    // All are compared, so that the time says nothing.
    for (const known of this.#digests) found = timingSafeEqual(known, shown) || found;
    return found;
  }

  /** False: too many are out. */
  addSecret(value: string, expiresAtMs: number, grant: Grant, wallMs: number): boolean {
    for (const [old, secret] of this.#secrets) {
      if (secret.expiresAtMs + rememberMs <= wallMs) this.#secrets.delete(old);
    }
    if (this.#secrets.size >= maxSecrets) return false;
    this.#secrets.set(value, { ...grant, expiresAtMs });
    return true;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
