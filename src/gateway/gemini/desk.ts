import type { Clock, Ids } from '../../core/index.js';
import type { Link } from '../../realtime/index.js';
import type { Admission, GeminiFaults, Setup } from '../../wire/gemini/index.js';
import type { Grant } from '../keys.js';
import type { GeminiServing } from './options.js';
import { ResumableLink } from './resumable-link.js';
import { Sessions } from './sessions.js';
import { type AuthToken, AuthTokens, admitByToken } from './tokens.js';

export interface DeskOptions {
  serving: GeminiServing;
  modelNames: readonly string[] | undefined;
  clock: Clock;
  ids: Ids;
}

const handleLifeMs = 2 * 3_600_000;

/** What the gateway keeps for Gemini's wire beyond one connection: tokens, and sessions that can be resumed. */
export class GeminiDesk {
  readonly tokens = new AuthTokens();
  readonly sessions: Sessions;
  readonly serving: GeminiServing;
  readonly #modelNames: readonly string[] | undefined;
  readonly #clock: Clock;
  readonly #ids: Ids;
  #connections = 0;

  constructor({ serving, modelNames, clock, ids }: DeskOptions) {
    this.serving = serving;
    this.#modelNames = modelNames;
    this.#clock = clock;
    this.#ids = ids;
    const lifeMs = serving.handleLifeMs ?? handleLifeMs;
    this.sessions = new Sessions({ clock, ids, lifeMs, most: serving.maxWaitingSessions ?? 100 });
  }

  /** What a token lets in; undefined where the key is none that was made here. `null`: it was, and has expired. */
  grantOf(key: string | undefined, wallMs: number): Grant | null | undefined {
    const token = this.tokens.get(key);
    if (token === undefined) return undefined;
    return token.expiresAtMs > wallMs ? { token } : null;
  }

  resumable(link: Link): ResumableLink {
    return new ResumableLink(link, this.sessions, this.#ids);
  }

  /** Judges a setup: by the client's token, and by the names of models that are served. */
  admit(asked: Setup, token: AuthToken | undefined, version: string): Admission {
    const admission =
      token === undefined ? { setup: asked } : admitByToken(token, asked, this.#clock.wallNow());
    if ('code' in admission || this.#modelNames === undefined) return admission;
    const { model } = admission.setup;
    const name = typeof model === 'string' ? model.slice(model.lastIndexOf('/') + 1) : '';
    if (this.#modelNames.includes(name)) return admission;
    const reason = `models/${name.slice(0, 64)} is not found for API version ${version}, or is not supported for bidiGenerateContent.`;
    return { code: 1008, reason };
  }

  /** Of the next connection. */
  faults(): GeminiFaults | undefined {
    const { faults } = this.serving;
    const connection = this.#connections++;
    return typeof faults === 'function' ? faults(connection) : faults;
  }

  close(): void {
    this.sessions.close();
  }
}
