import { pcmToBytes } from '../../../audio/index.js';
import {
  browserProtocolVersion,
  type Frame,
  isDtmfKey,
  type PageMessage,
  type PlaybackReport,
  parsePcmFrame,
  parseServerMessage,
  type Socket,
  toReparteeError,
} from '../../../core/index.js';
import type { Phone } from '../phone/phone.js';
import type { Fields } from '../scenario/scenario.js';
import type { CallerLine } from './caller.js';

export interface ServerLineOptions {
  /** The server is ready to talk: audio may flow. */
  onWelcome: () => void;
  onMessage: (message: Fields) => void;
  /** The server does not take the caller's keys. */
  onKeyRefused: () => void;
  onClosed: (reason: string) => void;
}

/** The page's half of the browser protocol, with a telephone in place of a page. */
export class ServerLine implements CallerLine {
  readonly #socket: Socket;
  readonly #phone: Phone;
  readonly #options: ServerLineOptions;
  #isWelcome = false;
  #takesKeys = false;
  /** The flush that the next `finished` answers. */
  #flush: number | undefined;

  /** Says hello at once; the socket must just have been opened. */
  constructor(socket: Socket, phone: Phone, options: ServerLineOptions) {
    this.#socket = socket;
    this.#phone = phone;
    this.#options = options;
    socket.onFrame((frame) => this.#frame(frame));
    socket.onClose(({ code, reason }) => options.onClosed(reason === '' ? `close code ${code}` : reason));
    this.#send({
      type: 'hello',
      version: browserProtocolVersion,
      inputSampleRateHz: phone.sampleRateHz,
      outputSampleRateHz: phone.sampleRateHz,
      offers: ['dtmf'],
    });
  }

  audio(pcm: Int16Array): void {
    if (this.#isWelcome) this.#socket.send(pcmToBytes(pcm));
  }

  playback({ phase, playedMs }: PlaybackReport): void {
    const playedSamples = this.#samples(playedMs);
    if (phase !== 'finished') this.#send({ type: 'played', phase, playedSamples });
    else if (this.#flush !== undefined) {
      this.#send({ type: 'played', phase, playedSamples, flush: this.#flush });
      this.#flush = undefined;
    }
  }

  key(key: string): void {
    if (this.#takesKeys && isDtmfKey(key)) this.#send({ type: 'dtmf', key });
    else this.#options.onKeyRefused();
  }

  message(message: Fields): void {
    this.#send({ type: 'data', message });
  }

  hangUp(reason: string): void {
    this.#socket.close(1000, reason);
  }

  #frame(frame: Frame): void {
    try {
      if (typeof frame === 'string') this.#text(frame);
      else this.#phone.write(parsePcmFrame(frame));
    } catch (thrown) {
      const { message } = toReparteeError(thrown, 'frame_malformed');
      this.#socket.close(1002, 'protocol error');
      this.#options.onClosed(message);
    }
  }

  #text(text: string): void {
    const message = parseServerMessage(text);
    switch (message.type) {
      case 'welcome':
        this.#isWelcome = true;
        this.#takesKeys = message.accepts?.includes('dtmf') === true;
        return this.#options.onWelcome();
      case 'clear': {
        this.#flush = undefined;
        const playedSamples = this.#samples(this.#phone.clear());
        return this.#send({ type: 'cleared', id: message.id, playedSamples });
      }
      case 'flush':
        this.#flush = message.id;
        return this.#phone.flush();
      case 'data':
        return this.#options.onMessage(message.message);
      case 'error':
        return this.#options.onMessage({ ...message });
      case 'pong':
        return;
    }
  }

  #samples(ms: number): number {
    return Math.round((ms * this.#phone.sampleRateHz) / 1000);
  }

  #send(message: PageMessage): void {
    this.#socket.send(JSON.stringify(message));
  }
}
