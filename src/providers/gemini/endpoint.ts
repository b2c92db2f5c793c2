import { ConfigError, ConnectionError } from '../../core/index.js';
import type { RealtimeModelOptions } from './options.js';

const google = 'https://generativelanguage.googleapis.com';
/** Keys of this form are ephemeral: they open another method, under another header. */
const tokenPrefix = 'auth_tokens/';

/** Base of the service, as ws or wss. */
export function baseOf(baseUrl: string | undefined): URL {
  const base = baseUrl ?? environment('GOOGLE_GEMINI_BASE_URL') ?? google;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
    const message =
      'GOOGLE_GEMINI_BASE_URL must be a URL that begins with http://, https://, ws:// or wss://.';
    throw new ConfigError('option_invalid', message, { param: 'baseUrl', provider: 'gemini' });
  }
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  return url;
}

/** Where the socket goes. The key is never part of it: URLs end up in logs. */
export function endpointOf(base: URL, version: string | undefined, key: string | undefined): URL {
  const token = key?.startsWith(tokenPrefix) === true;
  const method = token ? 'BidiGenerateContentConstrained' : 'BidiGenerateContent';
  const service = `google.ai.generativelanguage.${version ?? (token ? 'v1alpha' : 'v1beta')}.GenerativeService`;
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/ws/${service}.${method}`;
  return url;
}

export function headersOf(options: RealtimeModelOptions, key: string | undefined): Record<string, string> {
  const auth: Record<string, string> =
    key === undefined
      ? {}
      : key.startsWith(tokenPrefix)
        ? { Authorization: `Token ${key}` }
        : { 'x-goog-api-key': key };
  return { ...auth, ...options.headers };
}

/** Where a key comes from; `undefined` = this machine's own server, which may want none. */
export function keySource(options: RealtimeModelOptions, base: URL): RealtimeModelOptions['apiKey'] {
  const key = options.apiKey ?? environment('GOOGLE_API_KEY') ?? environment('GEMINI_API_KEY');
  const loopback = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(base.hostname);
  if (key === undefined && !loopback) {
    const message =
      'No API key: set GOOGLE_API_KEY or GEMINI_API_KEY, or give RealtimeModel the option apiKey.';
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider: 'gemini' });
  }
  return key;
}

export async function readKey(source: RealtimeModelOptions['apiKey']): Promise<string | undefined> {
  if (typeof source !== 'function') return source;
  let key: unknown;
  try {
    key = await source();
  } catch (thrown) {
    // Not its message: nobody knows what the application's own function puts there.
    throw new ConnectionError('connect_failed', 'The function given as apiKey threw.', {
      cause: thrown,
      provider: 'gemini',
    });
  }
  if (typeof key === 'string' && key !== '') return key;
  const message = 'The function given as apiKey gave no key.';
  throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider: 'gemini' });
}

/** A browser has no environment. */
function environment(name: string): string | undefined {
  const value = globalThis.process?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}
