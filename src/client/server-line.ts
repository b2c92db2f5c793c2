import { pcmToBytes } from '../audio/index.js';
import {
  browserProtocolVersion,
  type Clock,
  type PageExtra,
  type PageMessage,
  type Picture,
  pageExtras,
  parsePcmFrame,
  parseServerMessage,
  type ReparteeError,
  type ServerMessage,
  type Socket,
  type SocketClose,
  type Timer,
  toReparteeError,
} from '../core/index.js';
import type { Failure } from './status.js';

export interface ServerLineListener {
  /** Everything but `pong` and `error`, in order with the audio. */
  message(message: ServerMessage): void;
  audio(pcm: Int16Array<ArrayBuffer>): void;
  /** Something went wrong and the line goes on: what the server complained about, or sent wrong. */
  notice(error: ReparteeError): void;
  /** Once, last. */
  ended(closeCode: number, failure: Failure): void;
}

const welcomeTimeoutMs = 10_000;
const pingEveryMs = 5_000;
/** Two pings unanswered and some. */
const silenceLimitMs = 12_000;
/** About five seconds of audio: more waiting than that will never be in time. */
const maxBufferedBytes = 256 * 1024;
const malformedLimit = 20;

/** One socket to a server from hello to its end: speaks the browser protocol, notices when the server is gone. */
export class ServerLine {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #listener: ServerLineListener;
  #timer: Timer | undefined;
  #heardAtMs: number;
  #pings = 0;
  #malformed = 0;
  #welcomed = false;
  /** What the server takes besides audio and data. */
  #accepts: readonly PageExtra[] = [];
  #ended = false;
  #lastComplaint = '';

  constructor(
    socket: Socket,
    clock: Clock,
    rates: { inputSampleRateHz: number; outputSampleRateHz: number },
    listener: ServerLineListener,
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listener = listener;
    this.#heardAtMs = clock.now();
    socket.onFrame((frame) => {
      if (!this.#ended) this.#frame(frame);
    });
    socket.onClose((close) => this.#end(close.code, this.#lost(close)));
    this.send({ type: 'hello', version: browserProtocolVersion, ...rates, offers: [...pageExtras] });
    this.#timer = clock.at(this.#heardAtMs + welcomeTimeoutMs, () =>
      this.#giveUp('The server did not answer in time.'),
    );
  }

  send(message: PageMessage): void {
    if (!this.#ended) this.#socket.send(JSON.stringify(message));
  }

  /** False: dropped, because the network does not keep up. */
  sendAudio(pcm: Int16Array): boolean {
    if (this.#ended || !this.#welcomed) return true;
    if (this.#socket.bufferedBytes > maxBufferedBytes) return false;
    this.#socket.send(pcmToBytes(pcm));
    return true;
  }

  /** Before the welcome, and of what the server is too old for: false. */
  accepts(extra: PageExtra): boolean {
    return this.#accepts.includes(extra);
  }

  /** False: dropped, because the server does not take pictures or the network does not keep up. */
  sendPicture({ data, mime }: Picture): boolean {
    if (this.#ended || !this.accepts('video') || this.#socket.bufferedBytes > maxBufferedBytes) return false;
    this.send({ type: 'video', mime, bytes: data.byteLength });
    this.#socket.send(data);
    return true;
  }

  /** Lets go without `ended`. */
  close(): void {
    this.#ended = true;
    this.#timer?.cancel();
    this.#socket.close(1000);
  }

  #frame(frame: string | Uint8Array): void {
    this.#heardAtMs = this.#clock.now();
    try {
      if (typeof frame !== 'string') this.#listener.audio(parsePcmFrame(frame));
      else this.#message(parseServerMessage(frame));
    } catch (thrown) {
      this.#listener.notice(toReparteeError(thrown, 'frame_malformed'));
      this.#malformed += 1;
      if (this.#malformed > malformedLimit)
        this.#giveUp('The server sends what this page cannot read.', 4400);
    }
  }

  #message(message: ServerMessage): void {
    if (message.type === 'error') {
      this.#lastComplaint = message.message;
      const error = new Error(message.message);
      this.#listener.notice(toReparteeError(error, 'frame_malformed', 'The server complains: '));
      return;
    }
    if (message.type === 'welcome' && !this.#welcomed) {
      this.#welcomed = true;
      this.#accepts = message.accepts ?? [];
      this.#keepAlive();
    }
    if (message.type !== 'pong') this.#listener.message(message);
  }

  #keepAlive(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.at(this.#clock.now() + pingEveryMs, () => {
      if (this.#clock.now() - this.#heardAtMs > silenceLimitMs) {
        this.#giveUp('The server does not answer any more.');
        return;
      }
      this.#pings += 1;
      this.send({ type: 'ping', id: this.#pings });
      this.#keepAlive();
    });
  }

  /** The socket may never close by itself: the line ends here and now. */
  #giveUp(message: string, closeCode = 4000): void {
    this.#end(closeCode, { code: 'transport_lost', message });
    this.#socket.close(closeCode, message);
  }

  #end(closeCode: number, failure: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.cancel();
    this.#listener.ended(closeCode, failure);
  }

  #lost(close: SocketClose): Failure {
    const why = close.reason === '' ? this.#lastComplaint : close.reason;
    const message =
      close.code === 1006 || why === ''
        ? 'The connection to the server was lost.'
        : `The server ended the connection: ${why}`;
    return { code: 'transport_lost', message };
  }
}
