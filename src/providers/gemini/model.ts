import { connectWebSocket } from '../../net/index.js';
import {
  type Capabilities,
  type Config,
  type DialContext,
  type Link,
  RealtimeModel as Model,
  wireLink,
} from '../../realtime/index.js';
import { geminiClientMachine, traitsOf } from '../../wire/gemini/index.js';
import { keySource, readKey } from '../dialling.js';
import { geminiCapabilities } from './capabilities.js';
import { baseOf, endpointOf, headersOf } from './endpoint.js';
import type { RealtimeModelOptions } from './options.js';
import { settingsOf } from './settings.js';
import { validateOptions } from './validate.js';

const defaultTimeoutMs = 10_000;
export const defaultModel = 'gemini-3.8-live';

/**
 * Google's Gemini Live models over a WebSocket from Node, on the Gemini API. Options are checked when given:
 * `ConfigError` `option_invalid`, `api_key_missing`. The wire reports no speech edges: a session needs a `vad`, unless
 * the caller marks the turns.
 */
export class RealtimeModel extends Model {
  readonly provider = 'gemini';
  readonly model: string;
  readonly capabilities: Capabilities;
  readonly defaults: Config;
  readonly #options: RealtimeModelOptions;
  readonly #base: URL;
  readonly #key: RealtimeModelOptions['apiKey'];

  constructor(options: RealtimeModelOptions = {}) {
    super();
    validateOptions(options);
    this.#options = { ...options };
    this.model = options.model ?? defaultModel;
    this.defaults = settingsOf(options);
    this.capabilities = geminiCapabilities(traitsOf(this.model), this.defaults);
    this.#base = baseOf(options.baseUrl);
    this.#key = keySource(
      { provider: this.provider, apiKey: options.apiKey, variables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'] },
      this.#base,
    );
  }

  /**
   * An open connection that has said nothing yet. Rejects with `ConnectionError` `connect_failed` or `connect_timeout`;
   * what the service refuses (a wrong key, an unknown model or field) comes as `closing` after `open`.
   */
  async dial({ clock, ids, signal, tap }: DialContext): Promise<Link> {
    const { ca, connOptions, apiVersion, connect = connectWebSocket } = this.#options;
    const key = await readKey(this.provider, this.#key);
    const socket = await connect(endpointOf(this.#base, apiVersion, key).href, {
      headers: headersOf(this.#options, key),
      timeoutMs: connOptions?.timeoutMs ?? defaultTimeoutMs,
      signal,
      clock,
      ...(ca === undefined ? {} : { ca }),
    });
    return wireLink(socket, geminiClientMachine({ model: this.model }), { clock, ids, tap });
  }
}
