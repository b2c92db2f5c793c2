import type { Word } from '../../../chat/item.js';
import type { Opening } from '../../contracts.js';
import type { OpeningDecoder, OpeningEar } from '../openings/opening-ear.js';

/** What an utterance needs of a decoder. */
export interface Hearing {
  start(): void;
  hear(samples: Float32Array): void;
  text(): string;
  end(): { text: string; words: Word[] };
}

const samplesPerMs = 16;
/** Samples decoded in one step: about 10 ms of work. */
const stepSamples = 1_600;
/** Audio between two looks at the text so far, where nothing else is wanted. */
export const defaultInterimMs = 200;
/** After so much the decoder starts afresh: what it keeps of an utterance grows with its length. */
const segmentSamples = 30_000 * samplesPerMs;

/** What is new after a step. */
export interface Heard {
  /** The text so far. */
  text?: string;
  opening?: Opening;
}

/** Audio of one utterance on its way through a decoder, and its beginning through another one as well. */
export class Utterance<D extends Hearing, O extends OpeningDecoder = OpeningDecoder> {
  readonly #queue: Float32Array[] = [];
  #waiting = 0;
  readonly #words: Word[] = [];
  /** Samples from the start of the utterance to that of the present segment. */
  #segmentStart = 0;
  #segment = 0;
  #sinceInterim = 0;
  #interim = '';
  decoder: D | undefined;
  /** Listens to how it begins. */
  opening: OpeningEar<O> | undefined;
  /** Place among all flushes; nothing while the utterance goes on. */
  flushed: number | undefined;

  readonly #interimSamples: number;

  /** `interimMs`: audio between two looks at the text so far. */
  constructor(
    readonly number: number,
    interimMs = defaultInterimMs,
  ) {
    this.#interimSamples = interimMs * samplesPerMs;
  }

  /** Samples not decoded yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** `offset`: samples of the utterance before the first of all. Gives how many were added. */
  add(samples: readonly Float32Array[], offset: number): number {
    if (this.#segment === 0 && this.#queue.length === 0 && this.#words.length === 0)
      this.#segmentStart = offset;
    this.#queue.push(...samples);
    const count = samples.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#waiting += count;
    return count;
  }

  begin(decoder: D): void {
    this.decoder = decoder;
    decoder.start();
  }

  /** Decodes up to 100 ms; gives the text so far when it is time and it changed. */
  step(decoder: D): Heard {
    const head = this.#queue.shift();
    if (head === undefined) return {};
    const now = head.subarray(0, stepSamples);
    if (now.length < head.length) this.#queue.unshift(head.subarray(now.length));
    this.#waiting -= now.length;
    const opening = this.opening?.hear(now);
    decoder.hear(now);
    this.#segment += now.length;
    this.#sinceInterim += now.length;
    if (this.#segment >= segmentSamples) {
      this.#endSegment(decoder);
      decoder.start();
    }
    const text = this.#interimText(decoder);
    return { ...(text === undefined ? {} : { text }), ...(opening === undefined ? {} : { opening }) };
  }

  /**
   * Ends it: everything understood, with times from the start of the utterance. What was nothing but an opening, its own ear
   * understands better.
   */
  finish(): { text: string; words: Word[] } {
    const startMs = this.#segmentStart / samplesPerMs;
    if (this.decoder !== undefined) this.#endSegment(this.decoder);
    const small = this.opening?.end()?.map((word) => later(word, startMs));
    const words = small ?? this.#words;
    return { text: words.map((word) => word.text).join(' '), words };
  }

  #interimText(decoder: D): string | undefined {
    if (this.#sinceInterim < this.#interimSamples) return undefined;
    this.#sinceInterim = 0;
    const text = [...this.#words.map((word) => word.text), decoder.text()].join(' ').trim();
    if (text === this.#interim) return undefined;
    this.#interim = text;
    return text;
  }

  #endSegment(decoder: D): void {
    const startMs = this.#segmentStart / samplesPerMs;
    for (const word of decoder.end().words) this.#words.push(later(word, startMs));
    this.#segmentStart += this.#segment;
    this.#segment = 0;
  }
}

function later({ text, fromMs, toMs }: Word, byMs: number): Word {
  return { text, fromMs: byMs + fromMs, toMs: byMs + toMs };
}
