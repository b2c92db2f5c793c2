import { ConfigError } from './errors.js';

/**
 * Loads an optional peer. `load` is the one `import()` of it. Rejects with ConfigError `peer_missing`, which says what needs it and
 * names the command that installs it; what else goes wrong in loading is its cause.
 */
export async function loadPeer<Peer>(
  name: string,
  purpose: string,
  load: () => Promise<Peer>,
): Promise<Peer> {
  try {
    return await load();
  } catch (cause) {
    throw new ConfigError('peer_missing', `${purpose} needs the package ${name}: npm install ${name}`, {
      cause,
    });
  }
}
