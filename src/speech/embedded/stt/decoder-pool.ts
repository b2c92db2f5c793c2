/** What the pool needs of a decoder. */
export interface Forgetful {
  /** Forgets what it learnt of a caller's sound. */
  forget(): Promise<void>;
}

interface Entry<D> {
  decoder: D;
  /** Stream whose sound it knows. */
  owner: number | null;
  state: 'free' | 'used' | 'busy';
  usedAt: number;
}

/**
 * Decoders for utterances. A decoder learns a caller's voice and line, so a stream gets its own back when it can; else a fresh
 * one; else a new one, up to the limit; else the one that rested longest, which forgets first. While it must wait for
 * any of that it gets none, and `onChange` says when to ask again.
 */
export class DecoderPool<D extends Forgetful> {
  readonly #make: () => Promise<D>;
  #limit: number;
  readonly #onChange: () => void;
  readonly #entries: Entry<D>[] = [];
  #making = false;
  #failure: unknown;
  #uses = 0;

  constructor(make: () => Promise<D>, limit: number, onChange: () => void) {
    this.#make = make;
    this.#limit = limit;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Makes one more; rejects with what `make` failed with. */
  async grow(): Promise<void> {
    this.#making = true;
    try {
      this.#entries.push({ decoder: await this.#make(), owner: null, state: 'free', usedAt: 0 });
    } finally {
      this.#making = false;
    }
  }

  /** Has one decoder made if there are fewer than this many and than the limit. For quiet moments: making one stops the thread for up to 100 ms. */
  prepare(wanted: number): void {
    if (!this.#making && this.#entries.length < Math.min(wanted, this.#limit)) this.#makeOne();
  }

  /** A decoder for an utterance of the stream, or nothing yet. Throws when no decoder can be made. */
  take(stream: number): D | undefined {
    const free = this.#entries.filter((entry) => entry.state === 'free');
    const entry = free.find((one) => one.owner === stream) ?? free.find((one) => one.owner === null);
    if (entry !== undefined) {
      entry.owner = stream;
      entry.state = 'used';
      entry.usedAt = ++this.#uses;
      return entry.decoder;
    }
    this.#provide(free);
    return undefined;
  }

  give(decoder: D): void {
    const entry = this.#entries.find((one) => one.decoder === decoder);
    if (entry !== undefined) entry.state = 'free';
    this.#onChange();
  }

  /** Throws a decoder away that is in an unknown state. */
  drop(decoder: D): void {
    const at = this.#entries.findIndex((one) => one.decoder === decoder);
    if (at >= 0) this.#entries.splice(at, 1);
    this.#onChange();
  }

  /** The stream will not come back. */
  release(stream: number): void {
    for (const entry of this.#entries)
      if (entry.owner === stream && entry.state === 'free') this.#refresh(entry);
  }

  #provide(free: readonly Entry<D>[]): void {
    if (this.#making || this.#entries.some((entry) => entry.state === 'busy')) return;
    if (this.#entries.length < this.#limit) {
      if (this.#failure !== undefined) {
        const failure = this.#failure;
        this.#failure = undefined;
        throw failure;
      }
      this.#makeOne();
    } else if (free.length > 0) this.#refresh(free.reduce((a, b) => (a.usedAt < b.usedAt ? a : b)));
  }

  #makeOne(): void {
    this.grow()
      .catch((error: unknown) => {
        // With some at work it goes on with those; with none, who asks next is told.
        if (this.#entries.length > 0) this.#limit = this.#entries.length;
        else this.#failure = error;
      })
      .finally(this.#onChange);
  }

  #refresh(entry: Entry<D>): void {
    entry.state = 'busy';
    entry.decoder.forget().then(
      () => {
        entry.state = 'free';
        entry.owner = null;
        this.#onChange();
      },
      () => this.drop(entry.decoder),
    );
  }
}
