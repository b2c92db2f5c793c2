import type { Word } from '../../../chat/item.js';
import type { Clock, Ms } from '../../../core/index.js';
import type { STT, SttEvent, SttStream } from '../../../speech/contracts.js';

/** What a perfect recogniser hears with. */
export interface PerfectEars {
  clock: Clock;
  /** Words that were said into the line and have ended by now, with their times on the clock, in order. */
  said: () => readonly Word[];
}

const sampleRateHz = 16_000;

/**
 * A recogniser that never mishears: it is told what the caller says, word for word, at the time of the saying, and nothing of
 * coughs and noises. It takes the audio pushed for the time that has passed. For agents called by `callAgent` on its clock.
 */
export function perfectStt(ears: PerfectEars): STT {
  return {
    name: 'perfect',
    sampleRateHz,
    stream: () => new PerfectStream(ears),
    async warmUp() {},
    async close() {},
  };
}

class PerfectStream implements SttStream {
  readonly #ears: PerfectEars;
  #listener: (event: SttEvent) => void = () => {};
  /** Words of utterances that are over. */
  #taken: number;
  #told = 0;
  #beganMs: Ms | undefined;
  #closed = false;

  constructor(ears: PerfectEars) {
    this.#ears = ears;
    this.#taken = ears.said().length;
  }

  push(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#beganMs ??= this.#ears.clock.now();
    const words = this.#words();
    if (words.length === this.#told || words.length === 0) return;
    this.#told = words.length;
    this.#tell({ t: 'interim', text: textOf(words) });
  }

  flush(): void {
    const words = this.#words();
    const beganMs = this.#beganMs ?? this.#ears.clock.now();
    this.#next();
    const from = Math.min(beganMs, words[0]?.fromMs ?? beganMs);
    const placed = words.map(({ text, fromMs, toMs }) => ({
      text,
      fromMs: fromMs - from,
      toMs: toMs - from,
    }));
    this.#tell({ t: 'final', text: textOf(words), words: placed, confidence: 1 });
  }

  discard(): void {
    this.#next();
  }

  onEvent(listener: (event: SttEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
  }

  #words(): readonly Word[] {
    return this.#ears.said().slice(this.#taken);
  }

  #next(): void {
    this.#taken = this.#ears.said().length;
    this.#told = 0;
    this.#beganMs = undefined;
  }

  /** Never within a push or flush. */
  #tell(event: SttEvent): void {
    queueMicrotask(() => {
      if (!this.#closed) this.#listener(event);
    });
  }
}

function textOf(words: readonly Word[]): string {
  return words.map(({ text }) => text.replace(/[.,;:!?]+$/, '')).join(' ');
}
