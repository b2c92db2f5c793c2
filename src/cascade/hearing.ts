import type { SttEvent, SttStream } from '../speech/index.js';

/** One recogniser's stream, and which item each of its answers belongs to. */
export class Hearing {
  /** Items whose audio was flushed, in the order in which the stream answers. */
  readonly #flushed: string[] = [];
  #open: string | undefined;
  #retired = false;
  #closed = false;

  constructor(
    readonly stream: SttStream,
    tell: (item: string, event: SttEvent) => void,
    private readonly onClosed: (hearing: Hearing) => void = () => {},
  ) {
    stream.onEvent((event) => {
      const isOver = event.t === 'final' || event.t === 'failed';
      const item = isOver ? this.#flushed.shift() : (this.#flushed[0] ?? this.#open);
      if (item !== undefined) tell(item, event);
      if (this.#retired && this.#flushed.length === 0) this.close();
    });
  }

  /** What is pushed from now on belongs to this item. */
  open(item: string): void {
    this.#open = item;
  }

  push(pcm: Int16Array): void {
    if (pcm.length > 0) this.stream.push(pcm);
  }

  /** The words of the open item are wanted. */
  flush(): void {
    if (this.#open === undefined) return;
    this.#flushed.push(this.#open);
    this.#open = undefined;
    this.stream.flush();
  }

  discard(): void {
    if (this.#open === undefined) return;
    this.#open = undefined;
    this.stream.discard();
  }

  /** Closes once every flushed item is answered. */
  retire(): void {
    this.#retired = true;
    if (this.#flushed.length === 0) this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.stream.close();
    this.onClosed(this);
  }
}
