import {
  type AudioInput,
  type AudioOutput,
  BoundedQueue,
  browserProtocolVersion,
  type DataChannel,
  type DtmfKey,
  type Frame,
  type JsonObject,
  type KeyInput,
  type PageMessage,
  type Picture,
  type PictureInput,
  parsePageMessage,
  parsePcmFrame,
  ReparteeError,
  type ServerMessage,
  type Socket,
  type SocketClose,
  StateError,
  samplesToMs,
  type Timer,
  type Transport,
  TransportError,
  toReparteeError,
  WireError,
} from '../../core/index.js';
import { type BrowserTransportOptions, browserTransportSettings } from './options.js';
import { type PageGuard, pageGuard } from './page-guard.js';
import { PageOutput } from './page-output.js';

/** Data messages kept for a page that has not been welcomed yet; the oldest are dropped. */
const maxWaitingData = 100;
/** A page that lets this much pile up is not reading. */
const maxBufferedBytes = 8 * 1024 * 1024;
/** How long `close` waits for the page to agree. */
const closeTimeoutMs = 2_000;

type State = 'idle' | 'starting' | 'open' | 'closed';

/**
 * The page at the other end of `socket` as a caller; the page runs `repartee/client`. Hand the socket over as soon as it
 * is accepted. `start` rejects with TransportError `transport_lost` when the page goes away or does not say hello in
 * time. What the page sends wrong is answered with an `error` message and reported to `onNotice`; a page that keeps doing
 * it is closed with 1008, frames over the limits with 1009.
 */
export function browserTransport(socket: Socket, options: BrowserTransportOptions = {}): Transport {
  return new BrowserTransport(socket, options);
}

class BrowserTransport implements Transport {
  readonly name = 'browser';
  readonly input: AudioInput;
  readonly output: AudioOutput;
  readonly data: DataChannel;
  readonly video: PictureInput;
  readonly dtmf: KeyInput;
  readonly #socket: Socket;
  readonly #settings;
  readonly #output: PageOutput;
  readonly #guard: PageGuard;
  readonly #waitingData: BoundedQueue<JsonObject>;
  #state: State = 'idle';
  #hello: (PageMessage & { type: 'hello' }) | undefined;
  #starting: { resolve: () => void; reject: (error: ReparteeError) => void } | undefined;
  #helloTimer: Timer | undefined;
  #silenceTimer: Timer | undefined;
  #heardAtMs: number;
  #onAudio: ((pcm: Int16Array) => void) | undefined;
  #onMessage: ((message: JsonObject) => void) | undefined;
  #onPicture: ((picture: Picture) => void) | undefined;
  #onKey: ((key: DtmfKey) => void) | undefined;
  /** Announced: its bytes are the next frame. */
  #picture: (PageMessage & { type: 'video' }) | undefined;
  #onClosed: ((error?: ReparteeError) => void) | undefined;
  /** Set when this side decided to close: what `onClosed` will be told. */
  #violation: ReparteeError | undefined;
  #ended: { error: ReparteeError | undefined } | undefined;
  #endWaiters: (() => void)[] = [];

  constructor(socket: Socket, options: BrowserTransportOptions) {
    const settings = browserTransportSettings(options);
    this.#settings = settings;
    this.#socket = socket;
    this.#heardAtMs = settings.clock.now();
    this.#guard = pageGuard(this.#heardAtMs);
    this.#waitingData = new BoundedQueue(maxWaitingData, 'oldest', () =>
      this.#notice(
        new TransportError(
          'transport_overflow',
          'Too many messages wait for the page; the oldest is dropped.',
        ),
      ),
    );
    this.#output = new PageOutput(settings, (frame) => this.#send(frame));
    this.output = this.#output;
    const sampleRateHz = () => this.#opened().inputSampleRateHz;
    this.input = {
      get sampleRateHz() {
        return sampleRateHz();
      },
      onAudio: (listener) => {
        this.#onAudio = listener;
      },
    };
    this.data = {
      send: (message) => this.#sendData(message),
      onMessage: (listener) => {
        this.#onMessage = listener;
      },
    };
    this.video = {
      onPicture: (listener) => {
        this.#onPicture = listener;
      },
    };
    this.dtmf = {
      onKey: (listener) => {
        this.#onKey = listener;
      },
    };
    socket.onFrame((frame) => this.#frame(frame));
    socket.onClose((close) => this.#closed(close));
  }

  start(): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(this.#goneError());
    if (this.#state !== 'idle') {
      return Promise.reject(new StateError('already_started', 'This transport was started before.'));
    }
    this.#state = 'starting';
    const { clock, helloTimeoutMs } = this.#settings;
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#helloTimer = clock.at(clock.now() + helloTimeoutMs, () =>
        this.#fail(
          new TransportError('transport_lost', `The page said no hello within ${helloTimeoutMs} ms.`),
          1002,
        ),
      );
      this.#openIfReady();
    });
  }

  async close(reason = ''): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#socket.close(1000, reason);
    const { clock } = this.#settings;
    await new Promise<void>((resolve) => {
      const timer = clock.at(clock.now() + closeTimeoutMs, () => this.#end(undefined));
      this.#endWaiters.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  onClosed(listener: (error?: ReparteeError) => void): void {
    this.#onClosed = listener;
    const ended = this.#ended;
    if (ended !== undefined) queueMicrotask(() => listener(ended.error));
  }

  #openIfReady(): void {
    const hello = this.#hello;
    if (hello === undefined || this.#state !== 'starting') return;
    this.#helloTimer?.cancel();
    this.#output.open(hello.outputSampleRateHz);
    this.#state = 'open';
    const { offers } = hello;
    const accepts = offers === undefined ? {} : { accepts: offers };
    this.#send({ type: 'welcome', version: browserProtocolVersion, ...accepts });
    for (let data = this.#waitingData.shift(); data !== undefined; data = this.#waitingData.shift()) {
      this.#send({ type: 'data', message: data });
    }
    this.#watchSilence();
    this.#starting?.resolve();
    this.#starting = undefined;
  }

  #opened(): PageMessage & { type: 'hello' } {
    if (this.#hello !== undefined && this.#state !== 'idle') return this.#hello;
    throw new StateError('not_started', 'Call start() and wait for it before using the input.');
  }

  #frame(frame: Frame): void {
    if (this.#ended !== undefined || this.#violation !== undefined) return;
    this.#heardAtMs = this.#settings.clock.now();
    try {
      if (typeof frame !== 'string') {
        if (this.#picture === undefined) this.#audio(parsePcmFrame(frame));
        else this.#show(this.#picture, frame);
      } else if (this.#guard.message(this.#heardAtMs)) this.#message(parsePageMessage(frame));
    } catch (thrown) {
      this.#unreadable(toReparteeError(thrown, 'frame_malformed'));
    }
    const verdict = this.#guard.verdict;
    if (verdict !== null && this.#violation === undefined) {
      this.#fail(new TransportError('transport_overflow', `The page was let go: ${verdict}.`), 1008);
    }
  }

  #audio(pcm: Int16Array): void {
    // Audio before the welcome has nobody to hear it.
    if (this.#state !== 'open' || this.#hello === undefined) return;
    const durationMs = samplesToMs(pcm.length, this.#hello.inputSampleRateHz);
    if (this.#guard.audio(durationMs, this.#heardAtMs)) this.#deliver(this.#onAudio, pcm);
  }

  #show({ mime, bytes }: PageMessage & { type: 'video' }, frame: Uint8Array): void {
    this.#picture = undefined;
    if (frame.byteLength !== bytes) {
      const message = `A picture of ${bytes} bytes was announced; ${frame.byteLength} came.`;
      throw new WireError('frame_malformed', message);
    }
    if (this.#state !== 'open' || !this.#guard.picture(bytes, this.#heardAtMs)) return;
    // The copy lets go of the network's larger buffer.
    this.#deliver(this.#onPicture, { data: Uint8Array.from(frame), mime });
  }

  #message(message: PageMessage): void {
    // Its bytes never came.
    this.#picture = undefined;
    const atMs = this.#heardAtMs;
    switch (message.type) {
      case 'hello':
        this.#sayHello(message);
        break;
      case 'played':
        this.#output.page({ t: 'played', phase: message.phase, pageSamples: message.playedSamples, atMs });
        break;
      case 'cleared':
        this.#output.page({ t: 'cleared', id: message.id, pageSamples: message.playedSamples, atMs });
        break;
      case 'data':
        if (this.#state === 'open') this.#deliver(this.#onMessage, message.message);
        break;
      case 'video':
        this.#picture = message;
        break;
      case 'dtmf':
        if (this.#state === 'open') this.#deliver(this.#onKey, message.key);
        break;
      case 'ping':
        this.#send({ type: 'pong', id: message.id });
        break;
    }
  }

  /** A listener that throws is not the page's fault. */
  #deliver<T>(listener: ((value: T) => void) | undefined, value: T): void {
    try {
      listener?.(value);
    } catch (thrown) {
      this.#notice(toReparteeError(thrown, 'listener_threw'));
    }
  }

  #sayHello(hello: PageMessage & { type: 'hello' }): void {
    if (this.#hello !== undefined) throw new WireError('frame_malformed', 'The page said hello twice.');
    if (hello.version !== browserProtocolVersion) {
      const message = `The page speaks version ${hello.version} of the browser protocol, this server version ${browserProtocolVersion}: reload the page.`;
      this.#fail(new TransportError('transport_lost', message, { retryable: false }), 1002);
      return;
    }
    this.#hello = hello;
    this.#openIfReady();
  }

  #unreadable(error: ReparteeError): void {
    this.#notice(error);
    if (error.code === 'frame_too_large') {
      this.#fail(error, 1009);
      return;
    }
    this.#guard.malformed();
    this.#send({ type: 'error', code: error.code, message: error.message });
  }

  #sendData(message: JsonObject): void {
    if (this.#state === 'open') this.#send({ type: 'data', message });
    else if (this.#state !== 'closed') this.#waitingData.push(message);
  }

  #send(frame: Uint8Array | ServerMessage): void {
    if (this.#ended !== undefined || this.#violation !== undefined) return;
    if (this.#socket.bufferedBytes > maxBufferedBytes) {
      this.#fail(new TransportError('transport_overflow', 'The page does not read what it is sent.'), 1013);
      return;
    }
    this.#socket.send(frame instanceof Uint8Array ? frame : JSON.stringify(frame));
  }

  /** Tells the page why, closes, and ends without waiting for its answer. */
  #fail(error: ReparteeError, closeCode: number): void {
    if (this.#ended !== undefined || this.#violation !== undefined) return;
    if (this.#socket.bufferedBytes <= maxBufferedBytes) {
      this.#send({ type: 'error', code: error.code, message: error.message });
    }
    this.#violation = error;
    this.#socket.close(closeCode, error.message);
    this.#end(error);
  }

  #closed(close: SocketClose): void {
    // 1000: agreed; 1001: the page was left; 1005: closed without a code.
    const normal = close.code === 1000 || close.code === 1001 || close.code === 1005;
    this.#end(normal ? undefined : lost(close));
  }

  #end(error: ReparteeError | undefined): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    this.#state = 'closed';
    this.#helloTimer?.cancel();
    this.#silenceTimer?.cancel();
    this.#waitingData.clear();
    this.#output.end();
    this.#starting?.reject(this.#goneError());
    this.#starting = undefined;
    this.#deliver(this.#onClosed, error);
    for (const waiter of this.#endWaiters) waiter();
    this.#endWaiters = [];
  }

  #goneError(): ReparteeError {
    return (
      this.#ended?.error ??
      new TransportError('transport_lost', 'The page went away before the conversation began.')
    );
  }

  #watchSilence(): void {
    const { clock, silenceTimeoutMs } = this.#settings;
    this.#silenceTimer = clock.at(this.#heardAtMs + silenceTimeoutMs, () => {
      if (clock.now() - this.#heardAtMs < silenceTimeoutMs) {
        this.#watchSilence();
        return;
      }
      const message = `Nothing was heard from the page for ${silenceTimeoutMs} ms.`;
      this.#fail(new TransportError('transport_lost', message), 1001);
    });
  }

  #notice(error: ReparteeError): void {
    this.#settings.onNotice(error);
  }
}

function lost(close: SocketClose): ReparteeError {
  if (close.error instanceof ReparteeError) return close.error;
  const why = close.reason === '' ? '' : ` (${close.reason})`;
  return new TransportError(
    'transport_lost',
    `The connection to the page broke: close code ${close.code}${why}.`,
    {
      vendorCode: String(close.code),
      ...(close.error === undefined ? {} : { cause: close.error }),
    },
  );
}
