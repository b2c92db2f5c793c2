import { type Ms, ReparteeError, StateError } from '../../../core/index.js';
import { ClauseSplitter, pauseAfterMs } from '../../clauses.js';
import type { TtsEvent, TtsStream } from '../../contracts.js';
import type { ClauseJob, ClauseQueue } from './clause-queue.js';
import { type SpokenClause, sampleRateHz } from './say-clause.js';

/** Audio handed over at a time: what the receiver does with one must not hold up other calls. */
const pieceSamples = sampleRateHz / 5;
/** Text that waits to be spoken, about an hour of speech. More fails the stream. */
const textLimit = 50_000;

/** One utterance. Clauses are spoken one by one, each as soon as the one before is; a pause by punctuation lies between them. */
export class EmbeddedTtsStream implements TtsStream {
  readonly #queue: ClauseQueue;
  readonly #voice: string;
  readonly #speed: number;
  readonly #splitter = new ClauseSplitter();
  readonly #clauses: string[] = [];
  #clauseChars = 0;
  #job: ClauseJob | undefined;
  #listener: ((event: TtsEvent) => void) | undefined;
  #outbox: TtsEvent[] = [];
  #sending = false;
  /** End of the audio so far, and the silence owed before more. */
  #outMs: Ms = 0;
  #pauseMs: Ms = 0;
  #state: 'open' | 'finished' | 'over' = 'open';

  constructor(queue: ClauseQueue, voice: string, speed: number) {
    this.#queue = queue;
    this.#voice = voice;
    this.#speed = speed;
  }

  onEvent(listener: (event: TtsEvent) => void): void {
    this.#listener = listener;
  }

  /** Throws `illegal_command` after `finish`; does nothing after `close` or `failed`. */
  push(text: string): void {
    if (this.#state === 'over') return;
    if (this.#state === 'finished') throw new StateError('illegal_command', 'this TTS stream was finished');
    this.#take(this.#splitter.push(text));
    if (this.#clauseChars + this.#splitter.pending > textLimit)
      this.#fail(new ReparteeError('tts_failed', `more than ${textLimit} characters wait to be spoken`));
  }

  finish(): void {
    if (this.#state !== 'open') return;
    this.#state = 'finished';
    this.#take(this.#splitter.finish());
  }

  close(): void {
    this.#state = 'over';
    this.#listener = undefined;
    this.#outbox = [];
    this.#clauses.length = 0;
    if (this.#job !== undefined) this.#queue.cancel(this.#job);
    this.#job = undefined;
  }

  #take(clauses: string[]): void {
    for (const clause of clauses) {
      this.#clauses.push(clause);
      this.#clauseChars += clause.length;
    }
    this.#next();
  }

  #next(): void {
    if (this.#job !== undefined || this.#state === 'over') return;
    const text = this.#clauses.shift();
    if (text === undefined) {
      if (this.#state !== 'finished') return;
      this.#state = 'over';
      this.#send([{ t: 'done' }], 'later');
      return;
    }
    this.#clauseChars -= text.length;
    this.#job = {
      text,
      voice: this.#voice,
      speed: this.#speed,
      first: this.#outMs === 0,
      done: (result) => {
        this.#job = undefined;
        if (result instanceof ReparteeError) this.#fail(result);
        else this.#spoken(text, result);
      },
    };
    this.#queue.add(this.#job);
  }

  #spoken(text: string, { pcm, words }: SpokenClause): void {
    const events: TtsEvent[] = [];
    if (pcm.length > 0 && this.#pauseMs > 0) {
      const silence = new Int16Array(Math.round((this.#pauseMs * sampleRateHz) / 1000));
      events.push({ t: 'audio', pcm: silence });
      this.#outMs += (silence.length * 1000) / sampleRateHz;
    }
    const start = this.#outMs;
    const placed = words.map((word) => ({ ...word, fromMs: start + word.fromMs, toMs: start + word.toMs }));
    events.push({ t: 'clause', text, words: placed });
    for (let at = 0; at < pcm.length; at += pieceSamples)
      events.push({ t: 'audio', pcm: pcm.slice(at, at + pieceSamples) });
    this.#outMs += (pcm.length * 1000) / sampleRateHz;
    if (pcm.length > 0) this.#pauseMs = pauseAfterMs(text) / this.#speed;
    // The next clause is asked for before this one is handed over, and `done` comes after both.
    this.#outbox.push(...events);
    this.#next();
    this.#send([], 'now');
  }

  #fail(error: ReparteeError): void {
    if (this.#job !== undefined) this.#queue.cancel(this.#job);
    this.#job = undefined;
    this.#clauses.length = 0;
    this.#state = 'over';
    this.#outbox = [];
    this.#send([{ t: 'failed', error }], 'later');
  }

  /** Hands over one piece of audio in each turn of the event loop; the first `later` when the caller is the application. */
  #send(events: TtsEvent[], when: 'now' | 'later'): void {
    this.#outbox.push(...events);
    if (this.#sending) return;
    this.#sending = true;
    if (when === 'now') this.#drain();
    else setImmediate(() => this.#drain());
  }

  #drain(): void {
    for (;;) {
      const event = this.#outbox.shift();
      if (event === undefined) {
        this.#sending = false;
        return;
      }
      this.#listener?.(event);
      if (event.t === 'audio') break;
    }
    setImmediate(() => this.#drain());
  }
}
