import { ConfigError, ConnectionError } from '../core/index.js';

/** A key, or what gives one at each connection. */
export type KeySource = string | (() => string | Promise<string>);

export interface Credentials {
  provider: string;
  /** The option `apiKey`, or the one named by `option`. */
  apiKey: KeySource | undefined;
  /** Default `apiKey`. */
  option?: string;
  /** Environment variables that may hold a key, in order. */
  variables: readonly string[];
}

/** A service's address as ws or wss: the option, else the variable, else the vendor's own. ConfigError `option_invalid`. */
export function baseUrlOf(
  provider: string,
  option: string | undefined,
  variable: string,
  vendor: string,
): URL {
  const base = option ?? environment(variable) ?? vendor;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
    const message = `${variable} must be a URL that begins with http://, https://, ws:// or wss://.`;
    throw new ConfigError('option_invalid', message, { param: 'baseUrl', provider });
  }
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  return url;
}

/** Where a key comes from; `undefined` = this machine's own server, which may want none. ConfigError `api_key_missing`. */
export function keySource(
  { provider, apiKey, option = 'apiKey', variables }: Credentials,
  endpoint: URL,
): KeySource | undefined {
  const key = apiKey ?? variables.map(environment).find((value) => value !== undefined);
  if (key === undefined && !isLoopback(endpoint.hostname)) {
    const set = variables.length === 0 ? '' : `set ${variables.join(' or ')}, or `;
    const message = `No ${option === 'apiKey' ? 'API key' : option}: ${set}give RealtimeModel the option ${option}.`;
    throw new ConfigError('api_key_missing', message, { param: option, provider });
  }
  return key;
}

/** The key itself. ConnectionError `connect_failed` where the application's function threw, ConfigError where it gave none. */
export async function readKey(
  provider: string,
  source: KeySource | undefined,
  option = 'apiKey',
): Promise<string | undefined> {
  if (typeof source !== 'function') return source;
  let key: unknown;
  try {
    key = await source();
  } catch (cause) {
    // Not its message: nobody knows what the application's own function puts there.
    const message = `The function given as ${option} threw.`;
    throw new ConnectionError('connect_failed', message, { cause, provider });
  }
  if (typeof key === 'string' && key !== '') return key;
  const message = `The function given as ${option} gave no key.`;
  throw new ConfigError('api_key_missing', message, { param: option, provider });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** A browser has no environment. */
export function environment(name: string): string | undefined {
  const value = globalThis.process?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}
