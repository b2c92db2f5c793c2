import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../peers/', import.meta.url));

/**
 * Installs the heavy peers beside the bench on the first run. Their install scripts are not run: what is measured needs
 * none, and some of them fetch binaries from elsewhere. Gives the reason where it could not be done.
 */
export function installPeers(say: (line: string) => void): string | undefined {
  if (existsSync(`${folder}node_modules/@livekit/agents-plugin-openai`)) return undefined;
  say('Installing the LiveKit peers into bench/peers (once, about 300 MB) ...');
  const options = [
    'ci',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = spawnSync('npm', options, { cwd: folder, encoding: 'utf8', timeout: 600_000 });
  if (npm.status === 0) return undefined;
  const lines = `${npm.error?.message ?? ''}\n${npm.stderr ?? ''}`
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines[0] ?? `npm ended with ${npm.status}`;
}
