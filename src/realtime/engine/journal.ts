import type { Ms } from '../../core/index.js';

/** Audio kept while no link is ready: at most `limitMs`, the oldest goes first and is counted. */
export class AudioJournal {
  #chunks: Int16Array[] = [];
  #samples = 0;
  #droppedSamples = 0;

  constructor(
    readonly rateHz: number,
    readonly limitMs: Ms = 30_000,
  ) {}

  push(pcm: Int16Array): void {
    this.#chunks.push(pcm);
    this.#samples += pcm.length;
    while (this.#samples * 1000 > this.limitMs * this.rateHz) {
      const oldest = this.#chunks.shift();
      if (oldest === undefined) return;
      this.#samples -= oldest.length;
      this.#droppedSamples += oldest.length;
    }
  }

  /** Hands over what is kept and keeps nothing. */
  take(): Int16Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#samples = 0;
    return chunks;
  }

  get droppedMs(): Ms {
    return (this.#droppedSamples * 1000) / this.rateHz;
  }
}
