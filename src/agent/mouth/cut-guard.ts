import { type ReparteeError, UnsupportedError } from '../../core/index.js';
import type { RealtimeSession } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import type { SpeechHandle } from './speech-handle.js';

/** While a reply is under way that the caller's voice shall not stop, the model does not stop by itself either. */
export class CutGuard {
  readonly #host: SessionHost;
  /** Replies that are under way. */
  #count = 0;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** UnsupportedError `unsupported` for a model that stops at any voice. */
  check(model: RealtimeSession): void {
    const { turns, capabilities } = model;
    if (turns.owner !== 'wire' || !turns.autoCut) return;
    if (capabilities.autoCut === 'switchable' && capabilities.configure.turns === 'live') return;
    const { provider } = model.model;
    const message = `${provider} stops by itself when the caller speaks: a reply of it cannot forbid interruptions; say with a tts can`;
    throw new UnsupportedError('unsupported', message, { provider, param: 'allowInterruptions' });
  }

  /** From now until the speech is over. */
  guard(speech: SpeechHandle, model: RealtimeSession): void {
    const { turns } = model;
    if (this.#count === 0 && (turns.owner !== 'wire' || !turns.autoCut)) return;
    this.#count += 1;
    if (this.#count === 1) this.#set(model, false);
    void speech.finished.then(() => {
      this.#count -= 1;
      if (this.#count === 0) this.#set(model, true);
    });
  }

  #set(model: RealtimeSession, autoCut: boolean): void {
    const { turns } = model;
    if (model.state === 'closed' || turns.owner !== 'wire') return;
    model.updateOptions({ turns: { ...turns, autoCut } }).catch((error: ReparteeError) => {
      if (model.state !== 'closed') this.#host.emit('error', error);
    });
  }
}
