import type { SpeechHandle } from '../mouth/speech-handle.js';
import type { SessionHost } from '../session-host.js';

/**
 * Says a line while a tool runs. Undefined: there is no voice for it but that of a model that waits for the tool's result,
 * which would take the request for an end of the waiting.
 */
export function sayBeside(host: SessionHost, text: string): SpeechHandle | undefined {
  const { state, capabilities } = host.model();
  if (state === 'closed' || text.trim() === '') return undefined;
  const hasVoice = capabilities.say || host.engine()?.tts !== undefined;
  return hasVoice || capabilities.toolReply === 'asked' ? host.say(text) : undefined;
}
