import { UnsupportedError } from '../../core/index.js';
import type { SpeechHandle } from '../mouth/speech-handle.js';
import type { SessionHost } from '../session-host.js';

/** Says a line beside what the model says by itself. Undefined: there is no voice for it. */
export function sayBeside(host: SessionHost, text: string): SpeechHandle | undefined {
  try {
    return host.say(text, { strict: true });
  } catch (thrown) {
    if (thrown instanceof UnsupportedError) return undefined;
    throw thrown;
  }
}
