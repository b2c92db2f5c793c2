import { type OpeningDecoder, OpeningEar } from '../openings/opening-ear.js';
import type { OpeningReader } from '../openings/openings.js';
import type { SileroWeights } from '../vad/silero-weights.js';
import type { FromStt, ToStt } from '../worker/protocol.js';
import type { DecoderPool, Forgetful } from './decoder-pool.js';
import { Ear } from './ear.js';
import { type Hearing, Utterance } from './utterance.js';

interface Stream<D extends Hearing, O extends OpeningDecoder> {
  id: number;
  ear: Ear;
  /** Oldest first; all but the last are flushed. Only the oldest is decoded. */
  utterances: Utterance<D, O>[];
  /** Samples that the sender may forget and was not told of yet. */
  done: number;
}

/** What hears how utterances begin. */
export interface OpeningEars<O> {
  pool: DecoderPool<O & Forgetful>;
  reader: OpeningReader;
}

/** Samples told of at a time. */
const doneSamples = 8_000;

/**
 * Recognition for many streams in one thread, in small steps: `step` does at most 100 ms of audio. An utterance that was
 * flushed goes before those that still go on, because somebody waits for it; else the streams take turns.
 */
export class Recognizer<
  D extends Hearing & Forgetful,
  O extends OpeningDecoder & Forgetful = OpeningDecoder & Forgetful,
> {
  readonly #weights: SileroWeights;
  readonly #pool: DecoderPool<D>;
  readonly #openings: OpeningEars<O> | undefined;
  readonly #interimMs: number | undefined;
  readonly #post: (message: FromStt) => void;
  readonly #streams = new Map<number, Stream<D, O>>();
  /** Streams in the order in which they get their turn. */
  #turns: Stream<D, O>[] = [];
  #flushes = 0;

  constructor(
    weights: SileroWeights,
    pool: DecoderPool<D>,
    post: (message: FromStt) => void,
    interimMs?: number,
    openings?: OpeningEars<O>,
  ) {
    this.#openings = openings;
    this.#interimMs = interimMs;
    this.#weights = weights;
    this.#pool = pool;
    this.#post = post;
  }

  take(message: ToStt): void {
    const stream = this.#stream(message.stream);
    const open = stream.utterances.at(-1)!;
    if (message.t === 'open') return;
    if (message.t === 'audio') {
      this.#done(stream, message.pcm.length - open.add(stream.ear.hear(message.pcm), stream.ear.skipped));
    } else if (message.t === 'close') this.#close(stream);
    else {
      if (message.t === 'flush') {
        this.#done(stream, -open.add(stream.ear.end(), stream.ear.skipped));
        open.flushed = this.#flushes++;
      } else {
        stream.utterances.pop();
        this.#done(stream, open.waiting);
        this.#abandon(open);
      }
      stream.ear.reset();
      stream.utterances.push(new Utterance(open.number + 1, this.#interimMs));
    }
  }

  /** One piece of work; false when there is none that can be done now. */
  step(): boolean {
    const order = this.#turns
      .filter(({ utterances: [head] }) => head!.waiting > 0 || head!.flushed !== undefined)
      .sort((a, b) => rank(a) - rank(b));
    for (const stream of order) {
      const utterance = stream.utterances[0]!;
      try {
        if (this.#advance(stream, utterance)) return true;
      } catch (error) {
        this.#fail(stream, utterance, error);
        return true;
      }
    }
    // One more than there are streams: who comes next finds a fresh one.
    if (!this.#turns.some((stream) => stream.utterances[0]!.decoder !== undefined))
      for (const pool of [this.#pool, this.#openings?.pool]) pool?.prepare(this.#streams.size + 1);
    return false;
  }

  #advance(stream: Stream<D, O>, utterance: Utterance<D, O>): boolean {
    if (utterance.waiting > 0) {
      if (utterance.decoder === undefined) {
        const decoder = this.#pool.take(stream.id);
        if (decoder === undefined) return false;
        utterance.begin(decoder);
        // Where none is free, it goes without.
        utterance.opening = this.#openOpening(stream.id);
      }
      const before = utterance.waiting;
      const { text, opening } = utterance.step(utterance.decoder!);
      this.#done(stream, before - utterance.waiting);
      this.#lastInTurn(stream);
      if (utterance.flushed === undefined) {
        const whose = { stream: stream.id, utterance: utterance.number };
        if (text !== undefined) this.#post({ t: 'interim', ...whose, text });
        if (opening !== undefined) this.#post({ t: 'opening', ...whose, opening });
      }
      if (utterance.opening?.isFull === true) this.#endOpening(utterance);
      return true;
    }
    const result = utterance.finish();
    stream.utterances.shift();
    this.#give(utterance);
    this.#post({ t: 'final', stream: stream.id, utterance: utterance.number, ...result });
    return true;
  }

  #fail(stream: Stream<D, O>, utterance: Utterance<D, O>, error: unknown): void {
    if (utterance.decoder !== undefined) this.#pool.drop(utterance.decoder);
    if (utterance.opening !== undefined) this.#openings?.pool.drop(utterance.opening.decoder);
    const message = `soundswallower: ${error instanceof Error ? error.message : String(error)}`;
    this.#post({ t: 'failed', stream: stream.id, utterance: utterance.number, message });
    this.#done(stream, utterance.waiting);
    // What comes after in the same utterance has nothing to be added to; its flush is answered by the `failed`.
    if (utterance.flushed !== undefined) stream.utterances.shift();
    else stream.utterances[0] = new Utterance(utterance.number, this.#interimMs);
  }

  #stream(id: number): Stream<D, O> {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      stream = { id, ear: new Ear(this.#weights), utterances: [new Utterance(0, this.#interimMs)], done: 0 };
      this.#streams.set(id, stream);
      this.#turns.push(stream);
    }
    return stream;
  }

  #done(stream: Stream<D, O>, samples: number): void {
    stream.done += samples;
    if (stream.done < doneSamples) return;
    this.#post({ t: 'consumed', stream: stream.id, samples: stream.done });
    stream.done = 0;
  }

  #lastInTurn(stream: Stream<D, O>): void {
    this.#turns = [...this.#turns.filter((other) => other !== stream), stream];
  }

  #abandon(utterance: Utterance<D, O>): void {
    if (utterance.decoder === undefined) return;
    utterance.finish();
    this.#give(utterance);
  }

  #give({ decoder, opening }: Utterance<D, O>): void {
    if (decoder !== undefined) this.#pool.give(decoder);
    if (opening !== undefined) this.#openings?.pool.give(opening.decoder);
  }

  #openOpening(stream: number): OpeningEar<O> | undefined {
    if (this.#openings === undefined) return undefined;
    const { pool, reader } = this.#openings;
    const decoder = pool.take(stream);
    return decoder === undefined ? undefined : new OpeningEar(decoder, reader);
  }

  #endOpening(utterance: Utterance<D, O>): void {
    const { opening } = utterance;
    if (opening === undefined) return;
    utterance.opening = undefined;
    opening.end();
    this.#openings?.pool.give(opening.decoder);
  }

  #close(stream: Stream<D, O>): void {
    this.#streams.delete(stream.id);
    this.#turns = this.#turns.filter((other) => other !== stream);
    for (const utterance of stream.utterances) this.#abandon(utterance);
    this.#pool.release(stream.id);
    this.#openings?.pool.release(stream.id);
  }
}

/** Flushed ones in the order of the flushes, then all others as they are. */
function rank<D extends Hearing, O extends OpeningDecoder>(stream: Stream<D, O>): number {
  return stream.utterances[0]!.flushed ?? Number.MAX_SAFE_INTEGER;
}
