import { StateError } from '../core/index.js';
import { type VoiceOptions, voiceSettings } from './options.js';
import { VoiceClient } from './voice-client.js';

/**
 * Asks for the microphone, opens the loudspeaker, connects, and resolves when both sides can talk. Call it from a click:
 * browsers play no sound before. A connection that is lost later is taken up again by itself, as a new session (see
 * `VoiceStatus`). Rejects with ReparteeError `microphone_denied`, `microphone_missing`, `playback_failed`,
 * `connect_failed`, or ConfigError `option_invalid`; whatever was opened is closed then.
 */
export async function connectVoice(options: VoiceOptions): Promise<VoiceClient> {
  const client = new VoiceClient(voiceSettings(options));
  if (options.onStatus !== undefined) client.on('status', options.onStatus);
  if (options.onData !== undefined) client.on('data', options.onData);
  if (options.onError !== undefined) client.on('error', options.onError);
  const { signal } = options;
  const abort = () => client.close();
  signal?.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      const off = client.on('status', (status) => {
        if (status.phase === 'live') {
          off();
          resolve();
        } else if (status.phase === 'closed') {
          off();
          reject(status.error ?? new StateError('closed', 'The conversation was ended before it began.'));
        }
      });
      client.start();
      if (signal?.aborted) client.close();
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return client;
}
