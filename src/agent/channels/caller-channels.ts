import { type ReparteeError, type Transport, toReparteeError } from '../../core/index.js';
import type { RealtimeSession } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import { type DtmfOptions, Keypad, keyRules, keysInWords } from './keypad.js';

/** What the caller sends besides a voice: pictures go to the model, keys are put together and told. */
export class CallerChannels {
  readonly #host: SessionHost;
  readonly #dtmf: DtmfOptions | undefined;
  /** Where the caller's side has keys. */
  #keypad: Keypad | undefined;
  /** A model that takes no pictures says so once. */
  #complained = false;

  /** `dtmf`: see `AgentSessionOptions`; ConfigError `option_invalid`. */
  constructor(host: SessionHost, dtmf: DtmfOptions | undefined) {
    if (dtmf !== undefined) keyRules(dtmf);
    this.#host = host;
    this.#dtmf = dtmf;
  }

  /** `model`: the one that serves at that moment. */
  open(transport: Transport, model: () => RealtimeSession): void {
    if (transport.dtmf !== undefined) {
      const keypad = this.#newKeypad();
      this.#keypad = keypad;
      transport.dtmf.onKey((key) => keypad.press(key));
    }
    transport.video?.onPicture((picture) => {
      const to = model();
      // Pictures that come too soon are dropped by the model's session, by its `fps`.
      if (to.state !== 'closed') to.pushVideo(picture).catch((thrown) => this.#failed(thrown));
    });
  }

  /** The agent is there to be told. */
  begin(): void {
    this.#keypad?.begin();
  }

  close(): void {
    this.#keypad?.close();
  }

  #newKeypad(): Keypad {
    const host = this.#host;
    const dtmf = this.#dtmf ?? {};
    const { terminator, tell = (digits, ended) => keysInWords(digits, ended, terminator) } = dtmf;
    return new Keypad(dtmf, {
      clock: host.clock,
      pressed: (key) => host.emit('dtmf_pressed', { key }),
      collected: (digits, ended) => {
        host.emit('dtmf_received', { digits, ended });
        if (tell === false || ended === 'close' || host.isHeld) return;
        const text = tell(digits, ended);
        if (text !== '') host.sendText(text);
      },
    });
  }

  #failed(thrown: unknown): void {
    const error: ReparteeError = toReparteeError(thrown, 'provider_refused', 'A picture was not taken: ');
    if (this.#complained || error.code === 'closed') return;
    this.#complained = true;
    this.#host.emit('error', error);
  }
}
