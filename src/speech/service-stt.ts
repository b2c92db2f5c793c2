import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  systemClock,
  type Timer,
  toReparteeError,
} from '../core/index.js';
import type { STT, SttEvent, SttStream } from './contracts.js';
import { type HeardPart, Utterance } from './utterances.js';

/** What one connection to a service tells. Nothing after `closed`. */
export interface RecogniserEvents {
  /** The words since the last part. */
  interim(text: string): void;
  part(part: HeardPart): void;
  /** Answers one `finish`, in their order: every part before it was told. */
  ended(): void;
  closed(error: ReparteeError): void;
}

/** One connection to a service that hears utterance after utterance. What `audio` and `finish` throw is the end of it. */
export interface Recogniser {
  audio(pcm: Int16Array): void;
  /** The utterance ends here. */
  finish(): void;
  close(): void;
}

export interface StreamSettings {
  language?: string;
  prompt?: string;
}

export interface ServiceSttOptions {
  name: string;
  sampleRateHz: number;
  /** Opens a connection. Rejects with what the application is told; `signal`: nobody waits any more. */
  connect(events: RecogniserEvents, settings: StreamSettings, signal: AbortSignal): Promise<Recogniser>;
  /** A connection hears one utterance alone. Default false. */
  oneUtterance?: boolean;
  /** How long after a flush the words may take; then what is there is final, or it has failed. Default 8,000. */
  finalTimeoutMs?: Ms;
  clock?: Clock;
  /** What the first stream would wait for. */
  warmUp?: () => Promise<void>;
}

/**
 * Recognition by a service, whatever its wire: it connects when the first audio comes, keeps what is pushed meanwhile, ends each
 * flushed utterance once and in order, and takes an utterance to another connection once where one breaks.
 */
export function serviceStt(options: ServiceSttOptions): STT {
  const open = new Set<ServiceStream>();
  return {
    name: options.name,
    sampleRateHz: options.sampleRateHz,
    stream(settings = {}) {
      const stream = new ServiceStream(options, settings, () => open.delete(stream));
      open.add(stream);
      return stream;
    },
    async warmUp() {
      await options.warmUp?.();
    },
    async close() {
      for (const stream of open) stream.close();
    },
  };
}

/** A connection, from the first wish for it. */
interface Line {
  recogniser: Recogniser | undefined;
  abort: AbortController;
  /** Audio sent over it so far. */
  sentMs: Ms;
}

class ServiceStream implements SttStream {
  readonly #options: ServiceSttOptions;
  readonly #settings: StreamSettings;
  readonly #onClosed: () => void;
  readonly #clock: Clock;
  /** Those that were flushed and wait for their words, then the one under way. */
  #utterances: Utterance[] = [new Utterance()];
  #line: Line | undefined;
  #timer: Timer | undefined;
  #listener: ((event: SttEvent) => void) | undefined;
  #told = '';
  #closed = false;

  constructor(options: ServiceSttOptions, settings: StreamSettings, onClosed: () => void) {
    this.#options = options;
    this.#settings = settings;
    this.#onClosed = onClosed;
    this.#clock = options.clock ?? systemClock();
  }

  push(pcm: Int16Array): void {
    if (this.#closed || pcm.length === 0) return;
    const utterance = this.#utterances.at(-1)!;
    utterance.keep(pcm, (pcm.length * 1000) / this.#options.sampleRateHz);
    if (this.#line === undefined) {
      if (utterance.error === undefined) this.#connect();
    } else if (this.#isOnLine(utterance)) this.#send(this.#line, utterance, pcm);
  }

  flush(): void {
    this.#finish(false);
  }

  discard(): void {
    this.#finish(true);
  }

  onEvent(listener: (event: SttEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#letGo();
    this.#utterances = [];
    this.#onClosed();
  }

  /** With one connection for each utterance only the first one has it. */
  #isOnLine(utterance: Utterance): boolean {
    return this.#options.oneUtterance !== true || utterance === this.#utterances[0];
  }

  #finish(isDiscarded: boolean): void {
    if (this.#closed) return;
    const utterance = this.#utterances.at(-1)!;
    utterance.flushed = true;
    utterance.discarded = isDiscarded;
    this.#utterances.push(new Utterance());
    if (this.#line !== undefined && this.#isOnLine(utterance)) this.#sendEnd(this.#line, utterance);
    this.#settle();
  }

  /** What was flushed and needs no service: it never had a sound, or has failed. Never inside the call that ends it. */
  #settle(): void {
    queueMicrotask(() => {
      while (!this.#closed && this.#isSettled(this.#utterances[0])) this.#end();
    });
    this.#arm();
  }

  #isSettled(utterance: Utterance | undefined): boolean {
    return utterance?.flushed === true && (utterance.isEmpty || utterance.error !== undefined);
  }

  /** The first utterance is over. */
  #end(): void {
    const utterance = this.#utterances.shift();
    if (utterance === undefined) return;
    this.#told = '';
    if (!utterance.discarded) this.#listener?.(utterance.final());
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#closed) return;
    if (this.#options.oneUtterance === true) {
      this.#letGo();
      if (this.#utterances[0]?.isEmpty === false) this.#connect();
    }
    this.#settle();
  }

  /** Every wait for words has an end. */
  #arm(): void {
    if (this.#timer !== undefined || this.#closed || this.#utterances[0]?.flushed !== true) return;
    const waitMs = this.#options.finalTimeoutMs ?? 8_000;
    this.#timer = this.#clock.at(this.#clock.now() + waitMs, () => {
      this.#timer = undefined;
      const [first] = this.#utterances;
      if (first?.flushed !== true) return;
      // A late answer must not be taken for the next utterance's.
      this.#letGo();
      const message = `${this.#options.name} did not say within ${waitMs} ms what it had understood`;
      if (first.text === '') first.error = this.#error(message);
      for (const other of this.#utterances.slice(1)) other.again();
      this.#end();
      if (this.#utterances.some((other) => !other.isEmpty)) this.#connect();
    });
  }

  #connect(): void {
    if (this.#closed || this.#line !== undefined) return;
    const line: Line = { recogniser: undefined, abort: new AbortController(), sentMs: 0 };
    this.#line = line;
    const isServing = () => this.#isServing(line);
    const events: RecogniserEvents = {
      interim: (text) => {
        if (isServing()) this.#interim(text);
      },
      part: (part) => {
        if (!isServing()) return;
        this.#utterances[0]?.part(part);
        this.#interim('');
      },
      ended: () => {
        if (isServing() && this.#utterances[0]?.flushed === true) this.#end();
      },
      closed: (error) => {
        if (isServing()) this.#broken(error);
      },
    };
    this.#options.connect(events, this.#settings, line.abort.signal).then(
      (recogniser) => {
        if (!isServing()) return recogniser.close();
        line.recogniser = recogniser;
        this.#catchUp(line);
      },
      (thrown: unknown) => {
        if (isServing()) this.#broken(this.#errorOf(thrown));
      },
    );
  }

  /** All that was pushed while it was being made. */
  #catchUp(line: Line): void {
    for (const utterance of [...this.#utterances]) {
      if (!this.#isOnLine(utterance)) return;
      for (const pcm of utterance.audio) this.#send(line, utterance, pcm);
      if (utterance.flushed) this.#sendEnd(line, utterance);
    }
  }

  #send(line: Line, utterance: Utterance, pcm: Int16Array): void {
    if (line.recogniser === undefined) return;
    utterance.startMs ??= line.sentMs;
    line.sentMs += (pcm.length * 1000) / this.#options.sampleRateHz;
    this.#over(line, (recogniser) => recogniser.audio(pcm));
  }

  #sendEnd(line: Line, utterance: Utterance): void {
    if (!utterance.isEmpty) this.#over(line, (recogniser) => recogniser.finish());
  }

  /** A connection over which nothing can be sent has broken; never inside the call that sends. */
  #over(line: Line, send: (recogniser: Recogniser) => void): void {
    if (line.recogniser === undefined) return;
    try {
      send(line.recogniser);
    } catch (thrown) {
      const error = this.#errorOf(thrown);
      queueMicrotask(() => {
        if (this.#isServing(line)) this.#broken(error);
      });
    }
  }

  #isServing(line: Line): boolean {
    return this.#line === line && !this.#closed;
  }

  #interim(text: string): void {
    const [first] = this.#utterances;
    if (first === undefined) return;
    first.interim(text);
    const whole = first.text;
    if (first.discarded || whole === this.#told || whole === '') return;
    this.#told = whole;
    this.#listener?.({ t: 'interim', text: whole });
  }

  /** Each utterance is heard again once, where trying again can help; then it has failed. */
  #broken(error: ReparteeError): void {
    this.#letGo();
    for (const utterance of this.#utterances) {
      if (utterance.isEmpty) continue;
      utterance.breaks += 1;
      utterance.again();
      if (utterance.breaks > 1 || !error.retryable) utterance.error ??= error;
    }
    while (this.#isSettled(this.#utterances[0])) this.#end();
    const isWanted = this.#utterances.some(({ isEmpty, error }) => !isEmpty && error === undefined);
    if (isWanted) this.#connect();
  }

  #letGo(): void {
    const line = this.#line;
    this.#line = undefined;
    line?.abort.abort();
    line?.recogniser?.close();
  }

  #errorOf(thrown: unknown): ReparteeError {
    return toReparteeError(thrown, 'stt_failed', `${this.#options.name}: `);
  }

  #error(message: string): ReparteeError {
    return new ProviderError('stt_failed', message, { provider: this.#options.name });
  }
}
