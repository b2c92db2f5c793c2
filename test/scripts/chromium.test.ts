import { describe, expect, it } from 'vitest';
import { findChromium, missingLine } from '../../scripts/lib/chromium.mjs';

const only = (...files: string[]) => ({ exists: (file: string) => files.includes(file), home: '/home/me' });

describe('findChromium', () => {
  it.each([
    ['linux', { PATH: '/opt/x:/usr/bin' }, '/usr/bin/chromium'],
    ['linux', { PATH: '/opt/x' }, '/usr/bin/chromium-browser'],
    ['linux', { PATH: '/opt/x' }, '/opt/x/google-chrome'],
    ['linux', {}, '/snap/bin/chromium'],
    ['darwin', { PATH: '/bin' }, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['darwin', { PATH: '/bin' }, '/home/me/Applications/Chromium.app/Contents/MacOS/Chromium'],
    ['darwin', { PATH: '/opt/homebrew/bin' }, '/opt/homebrew/bin/chromium'],
  ])('on %s with %o finds %s', (platform, env, place) => {
    expect(findChromium({ platform, env, ...only(place) })).toBe(place);
  });

  it('lets CHROMIUM_PATH decide alone', () => {
    const machine = { platform: 'linux', ...only('/usr/bin/chromium', '/my/chromium') };
    expect(findChromium({ ...machine, env: { CHROMIUM_PATH: '/my/chromium' } })).toBe('/my/chromium');
    expect(findChromium({ ...machine, env: { CHROMIUM_PATH: '/gone' } })).toBe('');
    expect(findChromium({ ...machine, env: { CHROMIUM_PATH: '' } })).toBe('');
  });

  it('finds none where there is none', () => {
    expect(findChromium({ platform: 'linux', env: {}, ...only() })).toBe('');
  });
});

describe('missingLine', () => {
  it.each([
    ['linux', {}, /apt-get install -y chromium/],
    ['darwin', {}, /brew install --cask chromium/],
    ['linux', { CHROMIUM_PATH: '/gone' }, /\/gone, and there is no such file/],
  ])('on %s with %o says what to do in one line', (platform, env, sentence) => {
    expect(missingLine(platform, env)).toMatch(sentence);
    expect(missingLine(platform, env)).not.toContain('\n');
  });
});
