import { systemClock } from '../core/index.js';
import { openBrowserAudio } from './browser-audio.js';
import { openBrowserSocket } from './browser-socket.js';
import type { VoicePlatform } from './platform.js';

export function browserPlatform(): VoicePlatform {
  return {
    clock: systemClock(),
    random: () => Math.random(),
    openAudio: openBrowserAudio,
    openSocket: openBrowserSocket,
    onOnline(listener) {
      globalThis.addEventListener('online', listener);
      return () => globalThis.removeEventListener('online', listener);
    },
  };
}
