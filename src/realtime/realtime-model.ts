import { type Listeners, toReparteeError } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import { withPatch } from './config.js';
import type { Config, Link, Ms, Patch } from './contract.js';
import type { RealtimeEvents } from './events.js';
import type { ConnOptions, DialContext, Dialler } from './model.js';
import { type RealtimeCapabilities, realtimeCapabilities } from './realtime-capabilities.js';
import { RealtimeSession } from './session.js';
import type { SessionOptions } from './session-options.js';

/** A speech-to-speech model: what a provider implements and an agent is given. One model serves any number of sessions at once. */
export abstract class RealtimeModel implements Dialler {
  abstract readonly provider: string;
  abstract readonly model: string;
  abstract readonly capabilities: Capabilities;
  abstract defaults: Config;
  connOptions?: ConnOptions;
  maxSessionDurationMs?: Ms;
  /** From `session()` to their `closed`. */
  readonly #live = new Set<RealtimeSession>();

  abstract dial(context: DialContext): Promise<Link>;

  /** Throws `ConfigError` for what the model does not take. */
  checkConfig?(config: Config): void;

  /** What it can do by the names that the ecosystem knows, with its own settings. */
  get realtimeCapabilities(): RealtimeCapabilities {
    return realtimeCapabilities(this.capabilities, this.defaults);
  }

  /** A new conversation; it begins to connect at once. Throws `ConfigError` for settings that the model does not take. */
  session(options: SessionOptions = {}): RealtimeSession {
    if (options.config !== undefined) this.checkConfig?.(withPatch(this.defaults, options.config));
    const session = new RealtimeSession(this, options);
    this.#live.add(session);
    session.attach(new Leaving(session, this.#live));
    return session;
  }

  /** Sessions that this model has opened and that have not ended. */
  get liveSessions(): ReadonlySet<RealtimeSession> {
    return this.#live;
  }

  /**
   * Changes the settings of sessions to come and of every live one. Throws `ConfigError` for what the model does not take;
   * nothing has changed then. What one session cannot take any more (a voice that has spoken) is told by its own `error`
   * event, and holds for the others.
   */
  updateOptions(patch: Patch): void {
    const defaults = withPatch(this.defaults, patch);
    this.checkConfig?.(defaults);
    this.defaults = defaults;
    for (const session of [...this.#live]) {
      session.updateOptions(patch).catch((thrown: unknown) => {
        if (this.#live.has(session)) session.emit('error', toReparteeError(thrown, 'provider_refused'));
      });
    }
  }

  /** Any dialler (a cascade, a script) as a model. */
  static of(dialler: Dialler): RealtimeModel {
    return dialler instanceof RealtimeModel ? dialler : new DialledModel(dialler);
  }
}

class DialledModel extends RealtimeModel {
  readonly provider: string;
  readonly model: string;
  readonly capabilities: Capabilities;
  defaults: Config;
  readonly #dialler: Dialler;

  constructor(dialler: Dialler) {
    super();
    this.#dialler = dialler;
    this.provider = dialler.provider;
    this.model = dialler.model;
    this.capabilities = dialler.capabilities;
    this.defaults = dialler.defaults;
    if (dialler.connOptions !== undefined) this.connOptions = dialler.connOptions;
    if (dialler.maxSessionDurationMs !== undefined) {
      this.maxSessionDurationMs = dialler.maxSessionDurationMs;
    }
  }

  override checkConfig(config: Config): void {
    this.#dialler.checkConfig?.(config);
  }

  dial(context: DialContext): Promise<Link> {
    return this.#dialler.dial(context);
  }
}

/** A session that has ended is live no longer. */
class Leaving implements Listeners<RealtimeEvents> {
  readonly #session: RealtimeSession;
  readonly #live: Set<RealtimeSession>;

  constructor(session: RealtimeSession, live: Set<RealtimeSession>) {
    this.#session = session;
    this.#live = live;
  }

  closed(): void {
    this.#live.delete(this.#session);
  }
}
