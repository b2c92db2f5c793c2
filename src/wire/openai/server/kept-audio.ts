import { formatRateHz } from '../convert/index.js';
import type { AudioFormat } from '../events.js';

/** Bytes in a row that grow at the end and are given up at the front; one buffer, however small the pieces. */
export class ByteLog {
  #bytes = new Uint8Array(0);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  append(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** Gives up that many bytes at the front. */
  dropFront(count: number): void {
    this.#from = Math.min(this.#from + Math.max(count, 0), this.#to);
  }

  /** Keeps that many bytes from the front. */
  cut(count: number): void {
    this.#to = Math.min(this.#from + Math.max(count, 0), this.#to);
  }

  /** A copy. */
  slice(from: number, to: number): Uint8Array {
    return this.#bytes.slice(this.#from + Math.max(from, 0), Math.min(this.#from + to, this.#to));
  }

  #grow(more: number): void {
    const length = this.length;
    const capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(1.5 * (length + more))));
    const next = capacity > this.#bytes.length ? new Uint8Array(capacity) : this.#bytes;
    if (next === this.#bytes) next.copyWithin(0, this.#from, this.#to);
    else next.set(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = next;
    this.#from = 0;
    this.#to = length;
  }
}

interface Kept {
  log: ByteLog;
  format: AudioFormat;
}

/** Where the audio of a part of an item is kept. */
export function audioKey(item: string, part: number): string {
  return part === 0 ? item : `${item}#${part}`;
}

/**
 * Audio of items for `conversation.item.retrieve`, in the format in which it went over the wire: bounded as a whole, the
 * oldest goes first. Keys are those of `audioKey`.
 */
export class KeptAudio {
  readonly #kept = new Map<string, Kept>();
  /** Whose audio had to go: the rest of it would be a lie. */
  readonly #gone = new Set<string>();
  #total = 0;

  constructor(readonly limitBytes: number) {}

  append(key: string, bytes: Uint8Array, format: AudioFormat): void {
    if (this.limitBytes === 0 || this.#gone.has(key)) return;
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      kept = { log: new ByteLog(), format };
      this.#kept.set(key, kept);
    }
    kept.log.append(bytes);
    this.#total += bytes.length;
    while (this.#total > this.limitBytes) {
      const oldest = this.#kept.keys().next().value!;
      this.delete(oldest);
      this.#gone.add(oldest);
    }
  }

  /** Undefined where it was never there, or had to go. */
  get(key: string): Uint8Array | undefined {
    const log = this.#kept.get(key)?.log;
    return log?.slice(0, log.length);
  }

  /** Keeps that many milliseconds from the start. */
  cut(key: string, ms: number): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    const samples = Math.floor((ms * formatRateHz(kept.format)) / 1000);
    this.#total -= kept.log.length;
    kept.log.cut(kept.format.type === 'audio/pcm' ? 2 * samples : samples);
    this.#total += kept.log.length;
  }

  delete(key: string): void {
    this.#total -= this.#kept.get(key)?.log.length ?? 0;
    this.#kept.delete(key);
    this.#gone.delete(key);
  }

  get totalBytes(): number {
    return this.#total;
  }
}
