import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const linuxFolders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome', '/usr/lib/chromium'];
const macApps = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Where Chromium may be on this machine, best first. */
export function usualPlaces(platform, env, home) {
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')];
  if (platform !== 'darwin') folders.push(...linuxFolders.filter((folder) => !folders.includes(folder)));
  const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  if (platform !== 'darwin') return places;
  const apps = ['/Applications', path.join(home, 'Applications')];
  return [...apps.flatMap((folder) => macApps.map((app) => path.join(folder, app))), ...places];
}

/** Path of Chromium; '' when there is none. `CHROMIUM_PATH` decides alone where it is set. */
export function findChromium({
  platform = process.platform,
  env = process.env,
  home = os.homedir(),
  exists = existsSync,
} = {}) {
  if (env.CHROMIUM_PATH !== undefined) return exists(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : '';
  return usualPlaces(platform, env, home).find((place) => exists(place)) ?? '';
}

/** Root on Debian may install it. */
export function mayInstall() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/os-release'))
    return false;
  return /^ID=["']?debian["']?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Debian's own package; false when it could not be had. */
export function installChromium() {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 600_000 };
  if (run('apt-get', ['update', '-qq'], options) !== 0) return false;
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options) === 0;
}

/** The line that says why browser tests are skipped and what to do. */
export function missingLine(platform = process.platform, env = process.env) {
  if (env.CHROMIUM_PATH)
    return `Browser tests are skipped: CHROMIUM_PATH is ${env.CHROMIUM_PATH}, and there is no such file.`;
  const command = platform === 'darwin' ? 'brew install --cask chromium' : 'sudo apt-get install -y chromium';
  return `Browser tests are skipped: no Chromium was found. To run them: ${command} (or set CHROMIUM_PATH).`;
}
