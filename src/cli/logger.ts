import type { Logger } from '../core/index.js';
import { loadPeer } from '../core/load-peer.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What we use of pino. Ours, so that no emitted declaration needs the package. */
type Pino = (options: { level: string; base: null }, destination: { write(line: string): void }) => Logger;

/** One line of JSON for each thing worth knowing, by the optional peer pino. Rejects with `peer_missing`. */
export async function openLogger(level: LogLevel, write: (line: string) => void): Promise<Logger> {
  const loaded = await loadPeer('pino', '--log', () => import('pino'));
  const pino = loaded.pino as Pino;
  return pino({ level, base: null }, { write: (line) => write(line.trimEnd()) });
}
