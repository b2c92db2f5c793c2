import { ConfigError } from '../../core/index.js';
import { baseUrlOf, environment, keySource } from '../dialling.js';
import type { AzureOptions } from './azure-options.js';
import type { RealtimeModelOptions } from './options.js';
import { dialectOf, type Named, type Target } from './target.js';

/** Sessions of Azure end after half an hour. */
const maxSessionMs = 30 * 60 * 1000;
const firstGaVersion = '2025-08-28';
const keyVariable = 'AZURE_OPENAI_API_KEY';
const endpointVariable = 'AZURE_OPENAI_ENDPOINT';

export function isAzure(options: AzureOptions): boolean {
  const { azureDeployment, azureEndpoint, entraToken, apiVersion } = options;
  return [azureDeployment, azureEndpoint, entraToken, apiVersion].some((option) => option !== undefined);
}

/** ConfigError: `option_invalid`, `options_conflict`, `option_unsupported`, `api_key_missing`. */
export function azureTarget(options: RealtimeModelOptions): Target {
  refuseConflicts(options);
  const deployment = options.azureDeployment ?? options.model;
  if (deployment === undefined) {
    throw invalid('azureDeployment', 'Azure needs the name of a deployment: give azureDeployment.');
  }
  const version = previewVersion(options.apiVersion ?? environment('OPENAI_API_VERSION'));
  const dialect = dialectOf(version === undefined ? 'ga' : 'beta', options, 'azure');
  const url = addressOf(options, version);
  if (version === undefined) url.searchParams.set('model', deployment);
  else {
    url.searchParams.set('api-version', version);
    url.searchParams.set('deployment', deployment);
  }
  const { entraToken } = options;
  const key =
    entraToken === undefined
      ? keySource({ provider: 'azure', apiKey: options.apiKey, variables: [keyVariable] }, url)
      : entraToken;
  return {
    provider: 'azure',
    model: options.model ?? deployment,
    url: url.href,
    key,
    keyOption: entraToken === undefined ? 'apiKey' : 'entraToken',
    headers: (shown) => ({
      ...(shown === undefined ? {} : entraToken === undefined ? keyHeader(shown) : bearer(shown)),
      ...options.headers,
    }),
    ownNames: false,
    named: withTranscriber,
    ...dialect,
    defaults: (given) => azureDefaults(dialect.defaults?.(given) ?? given),
    capabilities: { ...dialect.capabilities, maxSessionMs },
  };
}

const keyHeader = (key: string) => ({ 'api-key': key });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/**
 * What Azure's sessions have been used with from the first versions on: there a transcription model is a deployment of its
 * own, so that newer ones are not at hand everywhere, and semantic detection failed on early versions.
 */
function azureDefaults(options: RealtimeModelOptions): RealtimeModelOptions {
  const { inputAudioTranscription = {}, turnDetection = azureTurns } = options;
  return { ...options, ...withTranscriber({ inputAudioTranscription }), turnDetection };
}

const azureTurns = {
  type: 'server_vad',
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceDurationMs: 200,
} as const;

/** `null` stays `null`: no transcription, in either dialect. */
function withTranscriber<T extends object>(options: T): T {
  const { inputAudioTranscription: transcription }: Named = options;
  if (!transcription || transcription.model !== undefined) return options;
  return { ...options, inputAudioTranscription: { ...transcription, model: 'whisper-1' } };
}

function refuseConflicts(options: RealtimeModelOptions): void {
  if (options.baseUrl !== undefined && options.azureEndpoint !== undefined) {
    throw conflict('azureEndpoint', 'baseUrl and azureEndpoint exclude each other: give one of them.');
  }
  if (options.apiKey !== undefined && options.entraToken !== undefined) {
    throw conflict('entraToken', 'apiKey and entraToken exclude each other: give one of them.');
  }
  if (options.dialect !== undefined) {
    throw conflict('dialect', 'Azure speaks the dialect that apiVersion asks for: leave dialect out.');
  }
  for (const param of ['organization', 'project'] as const) {
    if (options[param] === undefined) continue;
    const message = `${param} is an option of OpenAI's own service: Azure has none.`;
    throw new ConfigError('option_unsupported', message, { param, provider: 'azure' });
  }
}

function addressOf(options: RealtimeModelOptions, version: string | undefined): URL {
  const { baseUrl } = options;
  const endpoint = options.azureEndpoint ?? environment(endpointVariable);
  if (baseUrl === undefined && endpoint === undefined) {
    const message = `Azure needs an address: set ${endpointVariable}, or give azureEndpoint.`;
    throw invalid('azureEndpoint', message);
  }
  const url = baseUrlOf('azure', baseUrl ?? endpoint, endpointVariable, '');
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/realtime')) return url;
  // A base is the API's own; an endpoint is the resource's, however far somebody has copied it.
  const resource = path.replace(/\/openai(\/v1)?$/, '');
  const api = version === undefined ? '/openai/v1' : '/openai';
  url.pathname = `${baseUrl === undefined ? `${resource}${api}` : path}/realtime`;
  return url;
}

/** The version where it asks for the preview API; `undefined` = GA. */
function previewVersion(version: string | undefined): string | undefined {
  if (version === undefined || ['v1', 'preview', 'latest'].includes(version)) return undefined;
  const date = /^(\d{4}-\d{2}-\d{2})(-preview)?$/.exec(version)?.[1];
  if (date === undefined) {
    throw invalid(
      'apiVersion',
      'apiVersion must be a date as in 2025-04-01-preview, or v1, preview or latest.',
    );
  }
  return date < firstGaVersion ? version : undefined;
}

function invalid(param: string, message: string): ConfigError {
  return new ConfigError('option_invalid', message, { param, provider: 'azure' });
}

function conflict(param: string, message: string): ConfigError {
  return new ConfigError('options_conflict', message, { param, provider: 'azure' });
}
