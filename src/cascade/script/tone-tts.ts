import { type Clock, msToSamples, type Timer } from '../../core/index.js';
import type { Ms, Word } from '../../realtime/index.js';
import type { TTS, TtsEvent, TtsStream } from '../../speech/index.js';
import { Clauses } from '../clauses.js';

export interface ToneTtsOptions {
  /** Default 24 000. */
  sampleRateHz?: number;
  /** Length of a word, of all or by the clause it is in. Default 200. */
  msPerWord?: Ms | ((clause: string) => Ms);
  voices?: readonly string[];
  /** Milliseconds of the clock between one clause and the next; needs `clock`. Default 0: as fast as it goes. */
  pauseMs?: Ms;
  clock?: Clock;
  /** Clauses of these texts are told, but have no audio. */
  muted?: readonly string[];
}

/** One tone for each word, of a pitch that depends on the word alone: the same text always sounds the same. */
export function toneTts(options: ToneTtsOptions = {}): TTS {
  const { sampleRateHz = 24_000, voices = [] } = options;
  return {
    name: 'tone',
    sampleRateHz,
    voices,
    stream: () => new ToneStream({ ...options, sampleRateHz }),
    async warmUp() {},
    async close() {},
  };
}

class ToneStream implements TtsStream {
  readonly #options: ToneTtsOptions & { sampleRateHz: number };
  readonly #clauses = new Clauses();
  readonly #ready: string[] = [];
  #positionMs = 0;
  #finished = false;
  #waiting = false;
  #closed = false;
  #timer: Timer | undefined;
  #listener: (event: TtsEvent) => void = () => {};

  constructor(options: ToneTtsOptions & { sampleRateHz: number }) {
    this.#options = options;
  }

  push(text: string): void {
    this.#ready.push(...this.#clauses.push(text));
    this.#goOn();
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#ready.push(...this.#clauses.flush());
    this.#goOn();
  }

  onEvent(listener: (event: TtsEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #goOn(): void {
    if (this.#waiting || this.#closed) return;
    this.#waiting = true;
    queueMicrotask(() => {
      this.#waiting = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#closed) return;
    const text = this.#ready.shift();
    if (text === undefined) {
      if (this.#finished) this.#tell({ t: 'done' });
      return;
    }
    this.#say(text);
    const { clock, pauseMs = 0 } = this.#options;
    if (clock === undefined || pauseMs === 0) {
      this.#goOn();
      return;
    }
    this.#waiting = true;
    this.#timer = clock.at(clock.now() + pauseMs, () => {
      this.#waiting = false;
      this.#next();
    });
  }

  #say(text: string): void {
    const { sampleRateHz, muted = [] } = this.#options;
    const msPerWord = this.#msPerWord(text);
    const words: Word[] = (text.match(/[\p{L}\p{N}'’]+/gu) ?? []).map((word) => {
      const fromMs = this.#positionMs;
      this.#positionMs += msPerWord;
      return { text: word, fromMs, toMs: this.#positionMs };
    });
    this.#tell({ t: 'clause', text, words });
    const mute = muted.some((whole) => whole.includes(text.trim()));
    if (mute || words.length === 0) return;
    const perWord = msToSamples(msPerWord, sampleRateHz);
    const pcm = new Int16Array(perWord * words.length);
    words.forEach((word, index) => {
      tone(pcm.subarray(index * perWord, (index + 1) * perWord), word.text, sampleRateHz);
    });
    this.#tell({ t: 'audio', pcm });
  }

  #msPerWord(clause: string): Ms {
    const { msPerWord = 200 } = this.#options;
    return typeof msPerWord === 'number' ? msPerWord : msPerWord(clause);
  }

  #tell(event: TtsEvent): void {
    if (!this.#closed) this.#listener(event);
  }
}

/** Loud in the middle, silent at both ends, so that no word clicks. */
function tone(pcm: Int16Array, word: string, sampleRateHz: number): void {
  let sum = 0;
  for (const letter of word.toLowerCase()) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  const stepRad = (2 * Math.PI * (200 + sum / 2)) / sampleRateHz;
  for (let i = 0; i < pcm.length; i++) {
    pcm[i] = Math.round(9000 * Math.sin(Math.PI * (i / pcm.length)) * Math.sin(stepRad * i));
  }
}
