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
import { keySource, readKey } from '../dialling.js';
import { openaiCapabilities } from './capabilities.js';
import { endpointOf, headersOf } from './endpoint.js';
import { defaultModel, type ModelFacts, modelFacts } from './models.js';
import type { RealtimeModelOptions } from './options.js';
import { settingsOf } from './settings.js';
import { validateOptions } from './validate.js';

const defaultTimeoutMs = 10_000;

/**
 * OpenAI's Realtime models over a WebSocket from Node, and every server that speaks the same wire. Options are checked
 * when given: `ConfigError` `option_invalid`, `options_conflict`, `api_key_missing`.
 */
export class RealtimeModel extends Model {
  readonly provider = 'openai';
  readonly model: string;
  readonly capabilities: Capabilities;
  readonly defaults: Config;
  /** What is known of the model by its name. */
  readonly facts: ModelFacts;
  readonly #options: RealtimeModelOptions;
  readonly #endpoint: string;
  readonly #key: RealtimeModelOptions['apiKey'];

  constructor(options: RealtimeModelOptions = {}) {
    super();
    validateOptions(options);
    this.#options = { ...options };
    this.model = options.model ?? defaultModel;
    this.facts = modelFacts(this.model);
    this.defaults = settingsOf(options);
    this.capabilities = openaiCapabilities({ transcribes: this.defaults.transcription !== null });
    const endpoint = endpointOf(options.baseUrl, this.model);
    this.#endpoint = endpoint.href;
    this.#key = keySource(
      { provider: this.provider, apiKey: options.apiKey, variables: ['OPENAI_API_KEY'] },
      endpoint,
    );
  }

  /**
   * An open connection that has said nothing yet. Rejects with `ConnectionError` `connect_failed`, `connect_timeout` or
   * `auth_refused`; what the server refuses after the upgrade (a wrong key, an unknown model) comes as `closing`.
   */
  async dial({ clock, ids, signal, tap }: DialContext): Promise<Link> {
    const { ca, connOptions, connect = connectWebSocket } = this.#options;
    const key = await readKey(this.provider, this.#key);
    const socket = await connect(this.#endpoint, {
      headers: headersOf(this.#options, key),
      timeoutMs: connOptions?.timeoutMs ?? defaultTimeoutMs,
      signal,
      clock,
      ...(ca === undefined ? {} : { ca }),
    });
    return wireLink(socket, openaiClientMachine(), { clock, ids, tap });
  }
}
