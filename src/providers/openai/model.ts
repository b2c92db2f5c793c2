import { ConfigError } from '../../core/index.js';
import { connectWebSocket } from '../../net/index.js';
import {
  type Capabilities,
  type Config,
  type DialContext,
  type Link,
  RealtimeModel as Model,
  wireLink,
} from '../../realtime/index.js';
import { openaiClientMachine } from '../../wire/openai/client/index.js';
import { betaRefusal } from '../../wire/openai/dialects/index.js';
import { readKey } from '../dialling.js';
import { azureTarget, isAzure } from './azure.js';
import type { AzureOptions } from './azure-options.js';
import { openaiCapabilities } from './capabilities.js';
import { checkConfig } from './check-config.js';
import { classedByStatus } from './dial-error.js';
import { type ModelFacts, modelFacts } from './models.js';
import type { RealtimeModelOptions } from './options.js';
import { settingsOf } from './settings.js';
import { openaiTarget, type Target } from './target.js';
import { type OptionsUpdate, patchOfUpdate } from './update.js';
import { validateOptions } from './validate.js';

// One for all models, of which a server may hold many.
const defaultConnOptions = Object.freeze({ maxRetries: 3, intervalMs: 2000, timeoutMs: 10_000 });
const ofTheWire: Capabilities = Object.freeze(openaiCapabilities());

/**
 * OpenAI's Realtime models over a WebSocket from Node, and every server that speaks the same wire. Options are checked
 * when given: `ConfigError` `option_invalid`, `option_unsupported` (this model does not take it), `options_conflict`, `api_key_missing`.
 */
export class RealtimeModel extends Model {
  readonly provider: string;
  readonly model: string;
  readonly capabilities: Capabilities;
  defaults: Config;
  /** What is known of the model by its name. */
  readonly facts: ModelFacts;
  readonly #options: RealtimeModelOptions;
  readonly #target: Target;

  constructor(options: RealtimeModelOptions = {}) {
    super();
    validateOptions(options);
    this.#options = { ...options };
    this.#target = isAzure(options) ? azureTarget(options) : openaiTarget(options);
    this.provider = this.#target.provider;
    this.model = this.#target.model;
    this.facts = modelFacts(this.model);
    this.defaults = settingsOf(this.#target.defaults?.(options) ?? options);
    const { capabilities } = this.#target;
    this.capabilities = capabilities === undefined ? ofTheWire : { ...ofTheWire, ...capabilities };
    const { connOptions } = options;
    this.connOptions =
      connOptions === undefined ? defaultConnOptions : { ...defaultConnOptions, ...connOptions };
    // Its own name: `null` is no limit of ours.
    if (typeof options.maxSessionDurationMs === 'number') {
      this.maxSessionDurationMs = options.maxSessionDurationMs;
    }
    this.checkConfig(this.defaults);
  }

  /**
   * The model behind a deployment at Azure. Endpoint and key, or Entra token, come by option or environment. ConfigError
   * `option_invalid`, `options_conflict`, `option_unsupported` or `api_key_missing`.
   */
  static withAzure(
    options: RealtimeModelOptions & Required<Pick<AzureOptions, 'azureDeployment'>>,
  ): RealtimeModel {
    return new RealtimeModel(options);
  }

  override checkConfig(config: Config): void {
    const { ownNames, dialect } = this.#target;
    checkConfig(config, { model: this.model, facts: this.facts, ownNames });
    const param = dialect === undefined ? null : betaRefusal(config);
    if (param !== null) {
      const message = `${param} has no place in the beta dialect: the GA wire has one (dialect, apiVersion).`;
      throw new ConfigError('option_unsupported', message, { param, provider: this.provider });
    }
  }

  /**
   * Changes the settings of sessions to come and of every live one, by the names of the options here or by the contract's.
   * Throws `ConfigError` for what cannot be; nothing has changed then. What one session cannot take any more is told by its
   * own `error` event.
   */
  override updateOptions(update: OptionsUpdate): void {
    super.updateOptions(patchOfUpdate(this.#target.named?.(update) ?? update));
  }

  /**
   * An open connection that has said nothing yet. Rejects with `ConnectionError` `connect_failed`, `connect_timeout` or
   * `auth_refused`, or by the HTTP status with `model_not_found`, `rate_limited`, `provider_failed` or `provider_refused`;
   * what the server refuses after the upgrade (a wrong key, an unknown model) comes as `closing`.
   */
  async dial({ clock, ids, signal, tap }: DialContext): Promise<Link> {
    const { ca, connOptions, connect = connectWebSocket } = this.#options;
    const { timeoutMs } = { ...defaultConnOptions, ...connOptions };
    const target = this.#target;
    const key = await readKey(this.provider, target.key, target.keyOption);
    const socket = await connect(target.url, {
      headers: target.headers(key),
      timeoutMs,
      signal,
      clock,
      ...(ca === undefined ? {} : { ca }),
    }).catch((thrown: unknown) => {
      throw classedByStatus(thrown, this.provider);
    });
    const dialect = target.dialect?.();
    return wireLink(socket, openaiClientMachine(dialect === undefined ? {} : { dialect }), {
      clock,
      ids,
      tap,
    });
  }
}
