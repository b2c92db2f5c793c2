import type { Ms } from '../../core/index.js';

/** A stretch of the input line. */
export interface Kept {
  /** Position of its first sample. */
  atMs: Ms;
  pcm: Int16Array;
}

/**
 * The input line as far back as it may be needed again: what a turn that is not settled was spoken in. Mono at the wire's
 * rate, contiguous, bounded by `limitMs`; it keeps the chunks it is given and copies nothing.
 */
export class Journal {
  readonly #rateHz: number;
  readonly #limit: number;
  #chunks: Int16Array[] = [];
  /** Chunks before this one are gone; they are cut off in bulk. */
  #first = 0;
  /** Samples before the first chunk kept, and before the next one to come. */
  #from = 0;
  #to = 0;

  constructor(rateHz: number, limitMs: Ms) {
    this.#rateHz = rateHz;
    this.#limit = Math.round((limitMs * rateHz) / 1000);
  }

  /** Where the line has got to. */
  get toMs(): Ms {
    return this.#ms(this.#to);
  }

  /** From where on it is kept. */
  get fromMs(): Ms {
    return this.#ms(this.#from);
  }

  push(pcm: Int16Array): void {
    this.#chunks.push(pcm);
    this.#to += pcm.length;
    while (this.#to - this.#from > this.#limit) this.#shift();
    if (this.#first >= 64 && this.#first * 2 >= this.#chunks.length) this.#cut();
  }

  /** What was before is not needed any more. Whole chunks go. */
  keepFrom(ms: Ms): void {
    const sample = (ms * this.#rateHz) / 1000;
    while (this.#first < this.#chunks.length && this.#from + this.#chunks[this.#first]!.length <= sample) {
      this.#shift();
    }
    this.#cut();
  }

  /** What is kept from `ms` on, to the sample, in pieces as they came. */
  read(ms: Ms, toMs: Ms = this.toMs): Kept[] {
    const wanted = Math.max(this.#from, Math.round((ms * this.#rateHz) / 1000));
    const end = Math.min(this.#to, Math.round((toMs * this.#rateHz) / 1000));
    const kept: Kept[] = [];
    let at = this.#from;
    for (let index = this.#first; index < this.#chunks.length && at < end; index++) {
      const pcm = this.#chunks[index]!;
      const [from, to] = [Math.max(0, wanted - at), Math.min(pcm.length, end - at)];
      if (from < to) {
        const piece = from === 0 && to === pcm.length ? pcm : pcm.subarray(from, to);
        kept.push({ atMs: this.#ms(at + from), pcm: piece });
      }
      at += pcm.length;
    }
    return kept;
  }

  clear(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#from = this.#to;
  }

  #shift(): void {
    this.#from += this.#chunks[this.#first]!.length;
    // Not `shift`, which moves all the others each time.
    this.#chunks[this.#first] = none;
    this.#first += 1;
  }

  #cut(): void {
    if (this.#first === 0) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }

  #ms(samples: number): Ms {
    return (samples * 1000) / this.#rateHz;
  }
}

const none = new Int16Array(0);
