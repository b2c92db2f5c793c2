import { baseUrlOf } from '../dialling.js';
import type { RealtimeModelOptions } from './options.js';

const vendor = 'https://generativelanguage.googleapis.com';
/** Keys of this form are ephemeral: they open another method, under another header. */
const tokenPrefix = 'auth_tokens/';

/** Base of the service, as ws or wss. */
export function baseOf(baseUrl: string | undefined): URL {
  return baseUrlOf('gemini', baseUrl, 'GOOGLE_GEMINI_BASE_URL', vendor);
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
