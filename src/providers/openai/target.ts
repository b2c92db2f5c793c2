import { ConfigError } from '../../core/index.js';
import type { Capabilities } from '../../realtime/index.js';
import { betaClientDialect, type ClientDialect } from '../../wire/openai/dialects/index.js';
import { type KeySource, keySource } from '../dialling.js';
import type { DialectOptions } from './azure-options.js';
import { endpointOf, headersOf } from './endpoint.js';
import { defaultModel } from './models.js';
import type { RealtimeModelOptions } from './options.js';

/** Options that name what each service calls by its own names. */
export type Named = Pick<RealtimeModelOptions, 'inputAudioTranscription'>;

/** The service that a model is at: where its socket goes, and what is different there. */
export interface Target {
  provider: string;
  /** By whose facts the options are judged. */
  model: string;
  url: string;
  /** `undefined`: none is shown. A function is asked anew at each connection. */
  key: KeySource | undefined;
  /** The option that the key comes by, for errors. */
  keyOption: string;
  headers(key: string | undefined): Record<string, string>;
  /** Voices and transcription models have the names that are known. */
  ownNames: boolean;
  /** The options with the service's own defaults. Absent: it has none. */
  defaults?(options: RealtimeModelOptions): RealtimeModelOptions;
  /** The options with the service's own names where they are left open. Absent: they need none. */
  named?<T extends object>(options: T): T;
  /** What differs from the wire's own. Absent: nothing. */
  capabilities?: Partial<Capabilities>;
  /** One per connection. Absent: the GA wire as it is. */
  dialect?(): ClientDialect;
}

const betaHeader = { 'OpenAI-Beta': 'realtime=v1' };

/** OpenAI's own service, or any server that speaks its wire. */
export function openaiTarget(options: RealtimeModelOptions): Target {
  const { model = defaultModel, dialect = 'ga' } = options;
  const endpoint = endpointOf(options.baseUrl, model);
  return {
    provider: 'openai',
    model,
    url: endpoint.href,
    key: keySource({ provider: 'openai', apiKey: options.apiKey, variables: ['OPENAI_API_KEY'] }, endpoint),
    keyOption: 'apiKey',
    headers: (key) => ({ ...(dialect === 'beta' ? betaHeader : {}), ...headersOf(options, key) }),
    ownNames: /(^|\.)openai\.com$/.test(endpoint.hostname),
    ...dialectOf(dialect, options, 'openai'),
  };
}

/** Beta has neither images nor tool servers. */
const betaCapabilities: Partial<Capabilities> = { video: false, hostedTools: false };

/** What a model at such a server has by its dialect. ConfigError `option_unsupported`: a temperature on the GA wire. */
export function dialectOf(
  dialect: 'ga' | 'beta',
  { temperature }: DialectOptions,
  provider: string,
): Pick<Target, 'capabilities' | 'defaults' | 'dialect'> {
  if (dialect === 'beta') {
    const options = temperature === undefined ? {} : { temperature };
    return {
      capabilities: betaCapabilities,
      defaults: withBetaVoice,
      dialect: () => betaClientDialect(options),
    };
  }
  if (temperature === undefined) return {};
  const message = 'temperature is an option of the beta dialect only: the GA wire has none.';
  throw new ConfigError('option_unsupported', message, { param: 'temperature', provider });
}

/** The GA wire's default voice came after beta. */
function withBetaVoice(options: RealtimeModelOptions): RealtimeModelOptions {
  return options.voice === undefined ? { ...options, voice: 'alloy' } : options;
}
