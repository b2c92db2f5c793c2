import type { SttEvent, SttStream } from '../../../src/speech/contracts.js';

/** A sound that a server of the tests takes for the word `w<mark>`: samples of one value. */
export function mark(mark: number, durationMs: number, sampleRateHz: number): Int16Array {
  return new Int16Array(Math.round((durationMs * sampleRateHz) / 1000)).fill(mark);
}

export interface HeardMark {
  text: string;
  fromMs: number;
  toMs: number;
}

/** What a server has heard on one connection: the words, with their places on its line. */
export class Hearing {
  readonly #sampleRateHz: number;
  #samples = 0;
  #words: HeardMark[] = [];

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  hear(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 1 < bytes.byteLength; at += 2) {
      const text = `w${view.getInt16(at, true)}`;
      const fromMs = (this.#samples * 1000) / this.#sampleRateHz;
      this.#samples += 1;
      const toMs = (this.#samples * 1000) / this.#sampleRateHz;
      const last = this.#words.at(-1);
      if (last?.text === text) last.toMs = toMs;
      else this.#words.push({ text, fromMs, toMs });
    }
  }

  get text(): string {
    return this.#words.map(({ text }) => text).join(' ');
  }

  /** The words since the last time; silence (`w0`) is none. */
  take(): HeardMark[] {
    const words = this.#words.filter(({ text }) => text !== 'w0');
    this.#words = [];
    return words;
  }
}

/** Collects the events of a stream; `until` waits for so many ends of utterances. */
export class Told {
  readonly events: SttEvent[] = [];
  #waiting: { count: number; resolve: () => void } | undefined;

  constructor(stream: SttStream) {
    stream.onEvent((event) => {
      this.events.push(event);
      if (this.#waiting !== undefined && this.ends.length >= this.#waiting.count) this.#waiting.resolve();
    });
  }

  get ends(): SttEvent[] {
    return this.events.filter(({ t }) => t !== 'interim');
  }

  get interims(): string[] {
    return this.events.flatMap((event) => (event.t === 'interim' ? [event.text] : []));
  }

  /** What each utterance came to: its text, or the code of its error. */
  get outcomes(): string[] {
    return this.ends.map((event) =>
      event.t === 'final' ? event.text : event.t === 'failed' ? event.error.code : '',
    );
  }

  until(count: number): Promise<void> {
    if (this.ends.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }
}
