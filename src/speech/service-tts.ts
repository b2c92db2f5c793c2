import type { Word } from '../chat/item.js';
import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  systemClock,
  type Timer,
  toReparteeError,
} from '../core/index.js';
import { ClauseSplitter } from './clauses.js';
import type { TTS, TtsEvent, TtsStream } from './contracts.js';

/** A piece of a clause's speech: samples, words with times from the clause's start, or both. Words come before their audio. */
export interface SpokenPiece {
  pcm?: Int16Array;
  words?: readonly Word[];
}

export interface VoiceSettings {
  voice?: string;
  speed?: number;
}

export interface ServiceTtsOptions {
  name: string;
  sampleRateHz: number;
  voices: readonly string[];
  /** Speaks one clause. What it throws is told as `failed`; `signal`: nobody listens any more. */
  speak(clause: string, settings: VoiceSettings, signal: AbortSignal): AsyncIterable<SpokenPiece>;
  /** How long a service may take to the next piece. Default 10,000. */
  pieceTimeoutMs?: Ms;
  clock?: Clock;
  warmUp?: () => Promise<void>;
  /** Lets go of what all streams share. */
  close?: () => void;
}

/**
 * Synthesis by a service, whatever its wire: text is cut into clauses, each is asked for while the one before is spoken, and told
 * in order. A stream that is closed asks for nothing more.
 */
export function serviceTts(options: ServiceTtsOptions): TTS {
  const open = new Set<ServiceTtsStream>();
  return {
    name: options.name,
    sampleRateHz: options.sampleRateHz,
    voices: options.voices,
    stream(settings = {}) {
      const stream = new ServiceTtsStream(options, settings, () => open.delete(stream));
      open.add(stream);
      return stream;
    },
    async warmUp() {
      await options.warmUp?.();
    },
    async close() {
      for (const stream of open) stream.close();
      options.close?.();
    },
  };
}

/** How many clauses are asked for at once: the one that is being told, and the next. */
const ahead = 2;
/** Pieces of a later clause that wait for the ones before it. */
const pieceLimit = 2_000;

/** One clause at the service. */
interface Asked {
  clause: string;
  pieces: SpokenPiece[];
  state: 'speaking' | 'done' | ReparteeError;
  announced: boolean;
  /** Where it begins on the stream's line, once it is announced. */
  fromMs: Ms;
  iterator: AsyncIterator<SpokenPiece> | undefined;
}

class ServiceTtsStream implements TtsStream {
  readonly #options: ServiceTtsOptions;
  readonly #settings: VoiceSettings;
  readonly #onClosed: () => void;
  readonly #clock: Clock;
  readonly #splitter = new ClauseSplitter();
  readonly #abort = new AbortController();
  #waiting: string[] = [];
  #asked: Asked[] = [];
  #spokenMs: Ms = 0;
  #finished = false;
  #closed = false;
  #timer: Timer | undefined;
  #listener: ((event: TtsEvent) => void) | undefined;

  constructor(options: ServiceTtsOptions, settings: VoiceSettings, onClosed: () => void) {
    this.#options = options;
    this.#settings = settings;
    this.#onClosed = onClosed;
    this.#clock = options.clock ?? systemClock();
  }

  push(text: string): void {
    if (this.#closed || this.#finished) return;
    this.#take(this.#splitter.push(text));
  }

  finish(): void {
    if (this.#closed || this.#finished) return;
    this.#finished = true;
    this.#take(this.#splitter.finish());
    queueMicrotask(() => this.#tell());
  }

  onEvent(listener: (event: TtsEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#waiting = [];
    for (const { iterator } of this.#asked.splice(0)) void iterator?.return?.()?.catch(() => {});
    this.#abort.abort();
    this.#onClosed();
  }

  #take(clauses: readonly string[]): void {
    this.#waiting.push(...clauses);
    this.#ask();
  }

  #ask(): void {
    while (this.#asked.length < ahead && this.#waiting.length > 0) {
      const clause = this.#waiting.shift()!;
      const asked: Asked = {
        clause,
        pieces: [],
        state: 'speaking',
        announced: false,
        fromMs: 0,
        iterator: undefined,
      };
      this.#asked.push(asked);
      // What nobody can speak is told as said.
      if (/[\p{L}\p{N}]/u.test(clause)) void this.#speak(asked);
      else asked.state = 'done';
    }
    this.#arm();
  }

  async #speak(asked: Asked): Promise<void> {
    try {
      const { signal } = this.#abort;
      const pieces = this.#options.speak(asked.clause.trim(), this.#settings, signal);
      asked.iterator = pieces[Symbol.asyncIterator]();
      for (let next = await asked.iterator.next(); next.done !== true; next = await asked.iterator.next()) {
        if (this.#closed || asked.state !== 'speaking') return;
        if (asked.pieces.length >= pieceLimit) throw this.#error('sent more than a clause can hold');
        asked.pieces.push(next.value);
        this.#tell();
      }
      asked.state = 'done';
    } catch (thrown) {
      asked.state = toReparteeError(thrown, 'tts_failed', `${this.#options.name}: `);
    }
    this.#tell();
  }

  /** All that is there of the first clause, then of the next. */
  #tell(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let [first] = this.#asked; first !== undefined; [first] = this.#asked) {
      if (this.#closed) return;
      this.#announce(first);
      for (const { pcm, words = [] } of first.pieces.splice(0)) {
        if (words.length > 0) this.#clause('', first.fromMs, words);
        if (pcm === undefined || pcm.length === 0) continue;
        this.#spokenMs += (pcm.length * 1000) / this.#options.sampleRateHz;
        this.#listener?.({ t: 'audio', pcm });
        if (this.#closed) return;
      }
      if (first.state === 'speaking') break;
      if (first.state !== 'done') return this.#fail(first.state);
      this.#asked.shift();
      this.#ask();
    }
    if (this.#closed) return;
    if (this.#finished && this.#asked.length === 0 && this.#waiting.length === 0) {
      this.#listener?.({ t: 'done' });
      this.close();
    } else this.#arm();
  }

  /** Once, with the words that are known by then; those that come later are told without text, before their audio. */
  #announce(asked: Asked): void {
    if (asked.announced || (asked.state === 'speaking' && asked.pieces.length === 0)) return;
    asked.announced = true;
    asked.fromMs = this.#spokenMs;
    const words = asked.pieces[0]?.words ?? [];
    if (asked.pieces[0] !== undefined) asked.pieces[0] = { ...asked.pieces[0], words: [] };
    this.#clause(asked.clause, asked.fromMs, words);
  }

  /** `words`: with times from the clause's start. */
  #clause(text: string, startMs: Ms, words: readonly Word[]): void {
    const timed = words.map((word) => ({
      ...word,
      fromMs: word.fromMs + startMs,
      toMs: word.toMs + startMs,
    }));
    this.#listener?.({ t: 'clause', text, words: timed });
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#closed || this.#asked[0]?.state !== 'speaking') return;
    const waitMs = this.#options.pieceTimeoutMs ?? 10_000;
    this.#timer = this.#clock.at(this.#clock.now() + waitMs, () => {
      this.#fail(this.#error(`did not go on within ${waitMs} ms`));
    });
  }

  #fail(error: ReparteeError): void {
    if (this.#closed) return;
    this.#listener?.({ t: 'failed', error });
    this.close();
  }

  #error(what: string): ReparteeError {
    return new ProviderError('tts_failed', `${this.#options.name} ${what}`, { provider: this.#options.name });
  }
}
