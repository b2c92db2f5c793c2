/**
 * Cuts speech into chunks of `chunkSamples`. A large piece goes out whole, its short rest included, because a synthesiser
 * that gives clause by clause may pause behind it; small pieces are gathered first.
 */
export class Chunker {
  readonly #chunkSamples: number;
  readonly #out: (chunk: Int16Array) => void;
  #gathered: Int16Array[] = [];
  #count = 0;

  constructor(chunkSamples: number, out: (chunk: Int16Array) => void) {
    this.#chunkSamples = chunkSamples;
    this.#out = out;
  }

  push(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#gathered.push(pcm);
    this.#count += pcm.length;
    if (this.#count >= this.#chunkSamples) this.flush();
  }

  flush(): void {
    if (this.#count === 0) return;
    const all = join(this.#gathered, this.#count);
    this.#gathered = [];
    this.#count = 0;
    for (let at = 0; at < all.length; at += this.#chunkSamples) {
      this.#out(all.subarray(at, at + this.#chunkSamples));
    }
  }
}

function join(pieces: readonly Int16Array[], length: number): Int16Array {
  if (pieces.length === 1) return pieces[0]!;
  const out = new Int16Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
