import { ConfigError } from '../../core/index.js';
import { baseUrlOf, environment, type KeySource, keySource } from '../dialling.js';
import { bareName, type Surface } from './models.js';
import { defaultModel, provider } from './names.js';
import type { RealtimeModelOptions } from './options.js';

const geminiHost = 'https://generativelanguage.googleapis.com';
/** Keys of this form are ephemeral: they open another method, under another header. */
const tokenPrefix = 'auth_tokens/';
const multiRegions = ['us', 'eu'];

/** Where a model's connections go, and who shows what to be let in. */
export interface Endpoint {
  surface: Surface;
  /** As `setup.model` wants it there. */
  model: string;
  /** The key or access token; undefined = none, on this machine. */
  credential: KeySource | undefined;
  /** The credential is never part of it: URLs end up in logs. */
  url(credential: string | undefined): URL;
  headers(credential: string | undefined): Record<string, string>;
}

/** ConfigError `option_invalid`, `options_conflict`, `api_key_missing`. */
export function endpointOf(options: RealtimeModelOptions, needsAlpha: boolean): Endpoint {
  return options.vertex === undefined ? geminiApi(options, needsAlpha) : vertex(options, options.vertex);
}

function geminiApi(options: RealtimeModelOptions, needsAlpha: boolean): Endpoint {
  const { apiVersion, apiKey, model = defaultModel } = options;
  if (apiVersion === 'v1beta1') conflict('apiVersion', 'v1beta1 is of Vertex AI.');
  if (needsAlpha && apiVersion !== undefined && apiVersion !== 'v1alpha') {
    conflict('apiVersion', 'Affective dialog and proactivity need apiVersion v1alpha.');
  }
  const base = baseUrlOf(provider, options.baseUrl, 'GOOGLE_GEMINI_BASE_URL', geminiHost);
  const variables = ['GOOGLE_API_KEY', 'GEMINI_API_KEY'];
  return {
    surface: 'gemini',
    model: model.includes('/') ? model : `models/${model}`,
    credential: keySource({ provider, apiKey, variables }, base),
    url(key) {
      const token = isToken(key);
      const version = apiVersion ?? (token || needsAlpha ? 'v1alpha' : 'v1beta');
      const method = token ? 'BidiGenerateContentConstrained' : 'BidiGenerateContent';
      return below(base, `ws/google.ai.generativelanguage.${version}.GenerativeService.${method}`);
    },
    headers(key) {
      if (key === undefined) return { ...options.headers };
      const auth: Record<string, string> = isToken(key)
        ? { Authorization: `Token ${key}` }
        : { 'x-goog-api-key': key };
      return { ...auth, ...options.headers };
    },
  };
}

function vertex(options: RealtimeModelOptions, given: NonNullable<RealtimeModelOptions['vertex']>): Endpoint {
  const { apiKey, apiVersion = 'v1beta1', model = defaultModel, baseUrl } = options;
  if (apiVersion !== 'v1' && apiVersion !== 'v1beta1') {
    conflict('apiVersion', 'Vertex AI has v1 and v1beta1.');
  }
  const { accessToken } = given;
  // A key beside a project of the environment still means the key.
  const project = given.project ?? (apiKey === undefined ? environment('GOOGLE_CLOUD_PROJECT') : undefined);
  if (project !== undefined && apiKey !== undefined) {
    conflict(
      'apiKey',
      'apiKey is for express mode, which has no project; with vertex.project give vertex.accessToken.',
    );
  }
  if (project === undefined && (accessToken !== undefined || given.location !== undefined)) {
    conflict('vertex.project', 'vertex.accessToken and vertex.location need vertex.project.');
  }
  const location = given.location ?? environment('GOOGLE_CLOUD_LOCATION') ?? 'global';
  const host = project === undefined ? hostOf('global') : hostOf(location);
  const base = baseUrlOf(provider, baseUrl, 'GOOGLE_VERTEX_BASE_URL', host);
  const isExpress = project === undefined;
  const publisher = `publishers/google/models/${bareName(model)}`;
  return {
    surface: 'vertex',
    model: model.startsWith('projects/')
      ? model
      : isExpress
        ? publisher
        : `projects/${project}/locations/${location}/${publisher}`,
    credential: isExpress
      ? keySource({ provider, apiKey, variables: ['GOOGLE_API_KEY'] }, base)
      : keySource({ provider, apiKey: accessToken, variables: [], option: 'vertex.accessToken' }, base),
    url: () => below(base, `ws/google.cloud.aiplatform.${apiVersion}.LlmBidiService/BidiGenerateContent`),
    headers(credential) {
      if (credential === undefined) return { ...options.headers };
      const auth: Record<string, string> = isExpress
        ? { 'x-goog-api-key': credential }
        : { Authorization: `Bearer ${credential}` };
      return { ...auth, ...options.headers };
    },
  };
}

function hostOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (multiRegions.includes(location)) return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

function isToken(key: string | undefined): boolean {
  return key?.startsWith(tokenPrefix) === true;
}

function conflict(param: string, message: string): never {
  throw new ConfigError('options_conflict', message, { param, provider });
}
