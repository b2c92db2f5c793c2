import type { Capabilities } from './capabilities.js';
import type { Config, Link } from './contract.js';
import type { DialContext, Dialler } from './model.js';
import { RealtimeSession } from './session.js';
import type { SessionOptions } from './session-options.js';

/** A speech-to-speech model: what a provider implements and an agent is given. One model serves any number of sessions at once. */
export abstract class RealtimeModel implements Dialler {
  abstract readonly provider: string;
  abstract readonly model: string;
  abstract readonly capabilities: Capabilities;
  abstract readonly defaults: Config;

  abstract dial(context: DialContext): Promise<Link>;

  /** A new conversation; it begins to connect at once. */
  session(options: SessionOptions = {}): RealtimeSession {
    return new RealtimeSession(this, options);
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
  readonly defaults: Config;
  readonly #dialler: Dialler;

  constructor(dialler: Dialler) {
    super();
    this.#dialler = dialler;
    this.provider = dialler.provider;
    this.model = dialler.model;
    this.capabilities = dialler.capabilities;
    this.defaults = dialler.defaults;
  }

  dial(context: DialContext): Promise<Link> {
    return this.#dialler.dial(context);
  }
}
