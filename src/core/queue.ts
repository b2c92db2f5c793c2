/**
 * First in, first out, with a limit. `push` of a value over the limit drops the oldest (`drop: 'oldest'`) or refuses the
 * new one (`drop: 'newest'`), and tells `onDrop`. Removal is O(1) amortised.
 */
export class BoundedQueue<T> {
  #items: T[] = [];
  #head = 0;

  constructor(
    readonly limit: number,
    readonly drop: 'oldest' | 'newest',
    readonly onDrop: (dropped: T) => void = () => {},
  ) {}

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** False when the new value itself was refused. */
  push(value: T): boolean {
    if (this.length >= this.limit) {
      if (this.drop === 'newest') {
        this.onDrop(value);
        return false;
      }
      this.onDrop(this.shift() as T);
    }
    this.#items.push(value);
    return true;
  }

  shift(): T | undefined {
    if (this.#head >= this.#items.length) return undefined;
    const value = this.#items[this.#head];
    this.#items[this.#head] = undefined as T;
    this.#head += 1;
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
