import type { SileroWeights } from '../vad/silero-weights.js';
import type { FromStt, ToStt } from '../worker/protocol.js';
import type { DecoderPool, Forgetful } from './decoder-pool.js';
import { Ear } from './ear.js';
import { type Hearing, Utterance } from './utterance.js';

interface Stream<D extends Hearing> {
  id: number;
  ear: Ear;
  /** Oldest first; all but the last are flushed. Only the oldest is decoded. */
  utterances: Utterance<D>[];
  /** Samples that the sender may forget and was not told of yet. */
  done: number;
}

/** Samples told of at a time. */
const doneSamples = 8_000;

/**
 * Recognition for many streams in one thread, in small steps: `step` does at most 100 ms of audio. An utterance that was
 * flushed goes before those that still go on, because somebody waits for it; else the streams take turns.
 */
export class Recognizer<D extends Hearing & Forgetful> {
  readonly #weights: SileroWeights;
  readonly #pool: DecoderPool<D>;
  readonly #interimMs: number | undefined;
  readonly #post: (message: FromStt) => void;
  readonly #streams = new Map<number, Stream<D>>();
  /** Streams in the order in which they get their turn. */
  #turns: Stream<D>[] = [];
  #flushes = 0;

  constructor(
    weights: SileroWeights,
    pool: DecoderPool<D>,
    post: (message: FromStt) => void,
    interimMs?: number,
  ) {
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
      this.#pool.prepare(this.#streams.size + 1);
    return false;
  }

  #advance(stream: Stream<D>, utterance: Utterance<D>): boolean {
    if (utterance.waiting > 0) {
      if (utterance.decoder === undefined) {
        const decoder = this.#pool.take(stream.id);
        if (decoder === undefined) return false;
        utterance.begin(decoder);
      }
      const before = utterance.waiting;
      const text = utterance.step(utterance.decoder!);
      this.#done(stream, before - utterance.waiting);
      this.#lastInTurn(stream);
      if (text !== undefined && utterance.flushed === undefined)
        this.#post({ t: 'interim', stream: stream.id, utterance: utterance.number, text });
      return true;
    }
    const result = utterance.finish();
    stream.utterances.shift();
    if (utterance.decoder !== undefined) this.#pool.give(utterance.decoder);
    this.#post({ t: 'final', stream: stream.id, utterance: utterance.number, ...result });
    return true;
  }

  #fail(stream: Stream<D>, utterance: Utterance<D>, error: unknown): void {
    if (utterance.decoder !== undefined) this.#pool.drop(utterance.decoder);
    const message = `soundswallower: ${error instanceof Error ? error.message : String(error)}`;
    this.#post({ t: 'failed', stream: stream.id, utterance: utterance.number, message });
    this.#done(stream, utterance.waiting);
    // What comes after in the same utterance has nothing to be added to; its flush is answered by the `failed`.
    if (utterance.flushed !== undefined) stream.utterances.shift();
    else stream.utterances[0] = new Utterance(utterance.number, this.#interimMs);
  }

  #stream(id: number): Stream<D> {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      stream = { id, ear: new Ear(this.#weights), utterances: [new Utterance(0, this.#interimMs)], done: 0 };
      this.#streams.set(id, stream);
      this.#turns.push(stream);
    }
    return stream;
  }

  #done(stream: Stream<D>, samples: number): void {
    stream.done += samples;
    if (stream.done < doneSamples) return;
    this.#post({ t: 'consumed', stream: stream.id, samples: stream.done });
    stream.done = 0;
  }

  #lastInTurn(stream: Stream<D>): void {
    this.#turns = [...this.#turns.filter((other) => other !== stream), stream];
  }

  #abandon(utterance: Utterance<D>): void {
    if (utterance.decoder === undefined) return;
    utterance.finish();
    this.#pool.give(utterance.decoder);
  }

  #close(stream: Stream<D>): void {
    this.#streams.delete(stream.id);
    this.#turns = this.#turns.filter((other) => other !== stream);
    for (const utterance of stream.utterances) this.#abandon(utterance);
    this.#pool.release(stream.id);
  }
}

/** Flushed ones in the order of the flushes, then all others as they are. */
function rank<D extends Hearing>(stream: Stream<D>): number {
  return stream.utterances[0]!.flushed ?? Number.MAX_SAFE_INTEGER;
}
