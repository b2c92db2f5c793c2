import { ConfigError, type Logger } from '../core/index.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What we use of pino. Ours, so that no emitted declaration needs the package. */
type Pino = (options: { level: string; base: null }, destination: { write(line: string): void }) => Logger;

/** One line of JSON for each thing worth knowing, by the optional peer pino. Rejects with `peer_missing`. */
export async function openLogger(level: LogLevel, write: (line: string) => void): Promise<Logger> {
  let pino: Pino;
  try {
    const loaded = await import('pino');
    pino = loaded.pino as Pino;
  } catch (cause) {
    throw new ConfigError('peer_missing', '--log needs the package pino: npm install pino', { cause });
  }
  return pino({ level, base: null }, { write: (line) => write(line.trimEnd()) });
}
