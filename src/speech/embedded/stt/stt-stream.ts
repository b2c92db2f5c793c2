import { ReparteeError } from '../../../core/index.js';
import type { SttEvent, SttStream } from '../../contracts.js';
import type { FromStt } from '../worker/protocol.js';
import type { SttSeat, SttThreads } from './stt-threads.js';

/** Audio that the thread has not read yet, at most (30 s); an utterance that runs into it fails. */
const unreadLimit = 30 * 16_000;

/** Callers' side of one stream: sends audio to a thread, puts the answers in the order of the flushes. */
export class EmbeddedSttStream implements SttStream {
  readonly #threads: SttThreads;
  #seat: (SttSeat & { id: number }) | undefined;
  #listener: ((event: SttEvent) => void) | undefined;
  /** Number of the utterance under way on this seat. */
  #utterance = 0;
  #unread = 0;
  /** Why the utterance under way cannot be recognised. */
  #lost: ReparteeError | undefined;
  /** Flushes without an answer yet. */
  #owed: { utterance: number; answer?: SttEvent }[] = [];
  #closed = false;

  constructor(threads: SttThreads) {
    this.#threads = threads;
    this.#sit();
  }

  onEvent(listener: (event: SttEvent) => void): void {
    this.#listener = listener;
  }

  push(pcm: Int16Array): void {
    if (this.#over || this.#lost !== undefined || pcm.length === 0) return;
    if (this.#unread + pcm.length > unreadLimit) {
      this.#lose(new ReparteeError('stt_failed', 'the recogniser is 30 seconds behind'));
      return;
    }
    const seat = this.#sit();
    this.#unread += pcm.length;
    const copy = new Int16Array(pcm);
    seat.post({ t: 'audio', stream: seat.id, pcm: copy }, [copy.buffer]);
  }

  flush(): void {
    if (this.#over) return;
    const utterance = this.#utterance++;
    if (this.#lost !== undefined) {
      this.#owed.push({ utterance, answer: { t: 'failed', error: this.#lost } });
      this.#lost = undefined;
      queueMicrotask(() => this.#settle());
      return;
    }
    const seat = this.#sit();
    this.#owed.push({ utterance });
    seat.hold();
    seat.post({ t: 'flush', stream: seat.id });
  }

  discard(): void {
    if (this.#over) return;
    this.#utterance += 1;
    // A lost utterance was discarded when it was lost.
    if (this.#lost === undefined) this.#seat?.post({ t: 'discard', stream: this.#seat.id });
    this.#lost = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener = undefined;
    for (const { answer } of this.#owed) if (answer === undefined) this.#seat?.release();
    this.#owed = [];
    this.#seat?.leave();
    this.#seat = undefined;
  }

  get #over(): boolean {
    return this.#closed || this.#threads.closed;
  }

  #sit(): SttSeat & { id: number } {
    if (this.#seat === undefined) {
      this.#seat = this.#threads.sit({
        onMessage: (message) => this.#take(message),
        onDown: (error) => this.#down(error),
      });
      this.#utterance = 0;
      this.#unread = 0;
    }
    return this.#seat;
  }

  #take(message: FromStt): void {
    if (message.t === 'consumed') this.#unread -= message.samples;
    else if (message.t === 'interim') {
      // Late for an utterance that was flushed or discarded meanwhile.
      if (message.utterance === this.#utterance && this.#lost === undefined)
        this.#listener?.({ t: 'interim', text: message.text });
    } else if (message.t === 'opening') {
      if (message.utterance === this.#utterance && this.#lost === undefined)
        this.#listener?.({ t: 'opening', ...message.opening });
    } else if (message.t === 'final') {
      this.#answer(message.utterance, { t: 'final', text: message.text, words: message.words });
    } else {
      const error = new ReparteeError('stt_failed', message.message);
      if (message.utterance === this.#utterance) this.#lose(error);
      else this.#answer(message.utterance, { t: 'failed', error });
    }
  }

  #answer(utterance: number, answer: SttEvent): void {
    const owed = this.#owed.find((one) => one.utterance === utterance && one.answer === undefined);
    if (owed === undefined) return;
    owed.answer = answer;
    this.#seat?.release();
    this.#settle();
  }

  #settle(): void {
    while (this.#owed[0]?.answer !== undefined && !this.#closed)
      this.#listener?.(this.#owed.shift()!.answer!);
  }

  /** Nothing more of the utterance under way is sent; its flush gets a `failed`. */
  #lose(error: ReparteeError): void {
    this.#lost = error;
    this.#seat?.post({ t: 'discard', stream: this.#seat.id });
  }

  #down(error: ReparteeError): void {
    this.#seat = undefined;
    this.#lost = error;
    for (const owed of this.#owed) owed.answer ??= { t: 'failed', error };
    this.#settle();
  }
}
