import { ConfigError } from '../core/index.js';

/**
 * Loads an optional peer. `load` is the one `import()` of it. Rejects with ConfigError `peer_missing`, which names the command
 * that installs it; what else goes wrong in loading is its cause.
 */
export async function loadPeer(
  name: string,
  purpose: string,
  load: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await load();
  } catch (cause) {
    throw new ConfigError('peer_missing', `${purpose} needs the package ${name}: npm install ${name}`, {
      cause,
    });
  }
}

/** The option, else the environment's. ConfigError `api_key_missing`. */
export function apiKeyOf(given: string | undefined, variable: string, provider: string): string {
  const key = given ?? (globalThis.process?.env?.[variable] || undefined);
  if (key === undefined || key === '') {
    const message = `No API key for ${provider}: give 'apiKey' or set ${variable}.`;
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider });
  }
  return key;
}
