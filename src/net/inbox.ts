import type { Frame, SocketClose } from '../core/index.js';

/**
 * What a socket has received and its owner has not yet asked for. Frames and the close that come before the listeners are
 * set are kept and handed over in order, in a microtask after the first listener was set.
 */
export class Inbox {
  #held: Frame[] | undefined;
  #onFrame: ((frame: Frame) => void) | undefined;
  #onClose: ((close: SocketClose) => void) | undefined;
  #close: SocketClose | undefined;
  #closeTold = false;
  #flushing = false;

  /** `source`: paused when the first frame had to be kept, resumed once all are handed over. */
  constructor(readonly source?: { pause(): void; resume(): void }) {}

  frame(frame: Frame): void {
    if (this.#close !== undefined) return;
    if (this.#held !== undefined) this.#held.push(frame);
    else if (this.#onFrame !== undefined) this.#onFrame(frame);
    else {
      this.#held = [frame];
      this.source?.pause();
    }
  }

  /** Twice does nothing. */
  end(close: SocketClose): void {
    if (this.#close !== undefined) return;
    this.#close = close;
    this.#tellClose();
  }

  setOnFrame(listener: (frame: Frame) => void): void {
    this.#onFrame = listener;
    this.#flushSoon();
  }

  setOnClose(listener: (close: SocketClose) => void): void {
    this.#onClose = listener;
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushing || (this.#held === undefined && this.#close === undefined)) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const held = this.#held;
    if (this.#onFrame !== undefined && held !== undefined) {
      let at = 0;
      let hasThrown = true;
      try {
        // A frame that arrives meanwhile goes behind them.
        while (at < held.length) this.#onFrame(held[at++] as Frame);
        hasThrown = false;
      } finally {
        this.#held = at < held.length ? held.slice(at) : undefined;
        if (this.#held === undefined) this.source?.resume();
        // What is left, be it the close alone, comes in a turn of its own.
        if (hasThrown) this.#flushSoon();
      }
    }
    this.#tellClose();
  }

  #tellClose(): void {
    if (this.#close === undefined || this.#onClose === undefined || this.#closeTold || this.#flushing) return;
    // Frames held for a listener go first.
    if (this.#held !== undefined && this.#onFrame !== undefined) return;
    this.#closeTold = true;
    this.#held = undefined;
    this.#onClose(this.#close);
  }
}
