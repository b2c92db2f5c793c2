import type { Word } from '../../../chat/item.js';
import type { Opening } from '../../contracts.js';
import { splitWord } from '../stt/split-word.js';
import { Denoiser } from './denoiser.js';
import type { OpeningReader } from './openings.js';

/** What is needed of a decoder whose language is that of openings. */
export interface OpeningDecoder {
  start(): void;
  hear(samples: Float32Array): void;
  tokens(): string[];
  /** The words that it ends with are its tokens. */
  endTokens(): Word[];
}

const samplesPerMs = 16;
/** Sound between two looks. */
const lookSamples = 40 * samplesPerMs;
/** What goes on for so long is no opening any more. */
const limitSamples = 2_200 * samplesPerMs;

/** Hears how one utterance begins. */
export class OpeningEar<D extends OpeningDecoder> {
  readonly decoder: D;
  readonly #reader: OpeningReader;
  readonly #denoiser = new Denoiser();
  #heard = 0;
  #looked = 0;

  constructor(decoder: D, reader: OpeningReader) {
    this.decoder = decoder;
    this.#reader = reader;
    decoder.start();
  }

  /** It has heard all that it listens to. */
  get isFull(): boolean {
    return this.#heard >= limitSamples;
  }

  /** Samples at 16 kHz, at the level of an `Ear`; gives the opening when it is time to look at it. */
  hear(samples: Float32Array): Opening | undefined {
    this.#heard += samples.length;
    this.#decode(this.#denoiser.process(samples));
    if (this.#heard - this.#looked < lookSamples) return undefined;
    this.#looked = this.#heard;
    return this.#reader.read(this.decoder.tokens());
  }

  /** The utterance is over: its words, where all of it was small phrases and orders. */
  end(): Word[] | undefined {
    if (!this.isFull) this.#decode(this.#denoiser.end());
    const words: Word[] = [];
    for (const token of this.decoder.endTokens()) {
      const parts = this.#reader.smallWords(token.text);
      if (parts === undefined) return undefined;
      words.push(...splitWord(token, parts));
    }
    return words.length === 0 || this.isFull ? undefined : words;
  }

  #decode(samples: Float32Array): void {
    if (samples.length > 0) this.decoder.hear(samples);
  }
}
