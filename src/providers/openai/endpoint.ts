import { ConfigError, ConnectionError } from '../../core/index.js';
import type { RealtimeModelOptions } from './options.js';

const openai = 'https://api.openai.com/v1';

/** Where the socket goes: `<base>/realtime?model=<model>`, as ws or wss; the base's own query stays. */
export function endpointOf(baseUrl: string | undefined, model: string): URL {
  const base = baseUrl ?? environment('OPENAI_BASE_URL') ?? openai;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
    const message = 'OPENAI_BASE_URL must be a URL that begins with http://, https://, ws:// or wss://.';
    throw new ConfigError('option_invalid', message, { param: 'baseUrl' });
  }
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/realtime') ? path : `${path}/realtime`;
  url.searchParams.set('model', model);
  return url;
}

/** Where a key comes from; `undefined` = this machine's own server, which may want none. */
export function keySource(options: RealtimeModelOptions, endpoint: URL): RealtimeModelOptions['apiKey'] {
  const key = options.apiKey ?? environment('OPENAI_API_KEY');
  if (key === undefined && !isLoopback(endpoint.hostname)) {
    const message = 'No API key: set OPENAI_API_KEY, or give RealtimeModel the option apiKey.';
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider: 'openai' });
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
      provider: 'openai',
    });
  }
  if (typeof key !== 'string' || key === '') {
    const message = 'The function given as apiKey gave no key.';
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider: 'openai' });
  }
  return key;
}

/** Beta header never: the server refuses the whole session with it. */
export function headersOf(options: RealtimeModelOptions, key: string | undefined): Record<string, string> {
  return {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(options.organization === undefined ? {} : { 'OpenAI-Organization': options.organization }),
    ...(options.project === undefined ? {} : { 'OpenAI-Project': options.project }),
    ...options.headers,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** A browser has no environment. */
function environment(name: string): string | undefined {
  const value = globalThis.process?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}
