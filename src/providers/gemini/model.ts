import { connectWebSocket } from '../../net/index.js';
import {
  type Capabilities,
  type Config,
  type DialContext,
  type Link,
  RealtimeModel as Model,
  wireLink,
} from '../../realtime/index.js';
import { geminiClientMachine, type Setup } from '../../wire/gemini/index.js';
import { readKey } from '../dialling.js';
import { geminiCapabilities } from './capabilities.js';
import { checkConfig, type Target } from './check.js';
import { type Endpoint, endpointOf } from './endpoint.js';
import { type ModelFacts, modelFacts, modelTraits } from './models.js';
import { defaultModel, provider } from './names.js';
import type { RealtimeModelOptions } from './options.js';
import { settingsOf } from './settings.js';
import { validateOptions } from './validate.js';

export { defaultModel } from './names.js';

const defaultTimeoutMs = 10_000;

/**
 * Google's Gemini Live models over a WebSocket from Node, on the Gemini API or on Vertex AI. Options are checked when
 * given: `ConfigError` `option_invalid`, `options_conflict`, `option_unsupported` (the model does not take it),
 * `api_key_missing`. The wire reports no speech edges: a session needs a `vad`, unless the caller marks the turns, or
 * Vertex is asked for edges (`explicitVadSignal`).
 */
export class RealtimeModel extends Model {
  readonly provider = provider;
  readonly model: string;
  readonly capabilities: Capabilities;
  defaults: Config;
  /** What is known of the model by its name. */
  readonly facts: ModelFacts;
  readonly #options: RealtimeModelOptions;
  readonly #endpoint: Endpoint;
  readonly #target: Target;

  constructor(options: RealtimeModelOptions = {}) {
    super();
    validateOptions(options);
    this.#options = { ...options };
    this.model = options.model ?? defaultModel;
    this.facts = modelFacts(this.model);
    this.defaults = settingsOf(options);
    this.#endpoint = endpointOf(options, needsAlpha(this.defaults));
    const { toolBehavior, toolScheduling } = options;
    const { surface } = this.#endpoint;
    this.#target = { model: this.model, surface, toolBehavior, toolScheduling };
    this.checkConfig(this.defaults);
    if (options.connOptions !== undefined) this.connOptions = options.connOptions;
    if (options.maxSessionDurationMs !== undefined) this.maxSessionDurationMs = options.maxSessionDurationMs;
    this.capabilities = geminiCapabilities(modelTraits(this.model, surface), this.defaults);
  }

  /** Whether the model can be set to that; `ConfigError` `option_unsupported` with the reason, before any I/O. */
  override checkConfig(config: Config): void {
    checkConfig(config, this.#target);
  }

  /**
   * An open connection that has said nothing yet. Rejects with `ConnectionError` `connect_failed` or `connect_timeout`;
   * what the service refuses (a wrong key, an unknown model or field) comes as `closing` after `open`.
   */
  async dial({ clock, ids, signal, tap }: DialContext): Promise<Link> {
    const { ca, connOptions, connect = connectWebSocket, toolBehavior, toolScheduling } = this.#options;
    const { model, surface, credential } = this.#endpoint;
    const key = await readKey(this.provider, credential);
    const socket = await connect(this.#endpoint.url(key).href, {
      headers: this.#endpoint.headers(key),
      timeoutMs: connOptions?.timeoutMs ?? defaultTimeoutMs,
      signal,
      clock,
      ...(ca === undefined ? {} : { ca }),
    });
    const machine = geminiClientMachine({
      model,
      traits: modelTraits(this.model, surface),
      ...(toolBehavior === undefined ? {} : { toolBehavior }),
      ...(toolScheduling === undefined ? {} : { toolScheduling }),
    });
    // The service answers a ping up to half a minute late.
    return wireLink(socket, machine, { clock, ids, tap, deadAfterMs: 30_000 });
  }
}

/** The 2.5 models' affective dialog and proactivity are of the `v1alpha` version of the Gemini API. */
function needsAlpha({ vendor }: Config): boolean {
  const { generationConfig, proactivity } = vendor as Partial<Setup>;
  return generationConfig?.enableAffectiveDialog !== undefined || proactivity !== undefined;
}
