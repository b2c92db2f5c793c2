import { ConfigError } from '../core/index.js';

/** The option, else the environment's. ConfigError `api_key_missing`. */
export function apiKeyOf(given: string | undefined, variable: string, provider: string): string {
  const key = given ?? (globalThis.process?.env?.[variable] || undefined);
  if (key === undefined || key === '') {
    const message = `No API key for ${provider}: give 'apiKey' or set ${variable}.`;
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider });
  }
  return key;
}
