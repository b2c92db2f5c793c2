import type { Frame, SocketClose } from '../core/index.js';
import { none } from '../core/none.js';

/**
 * What a socket has received and its owner has not yet asked for. Frames and the close that come before the listeners are
 * set are kept and handed over in order, in a microtask after the first listener was set.
 */
export class Inbox {
  #held: readonly Frame[] = none;
  #onFrame: ((frame: Frame) => void) | undefined;
  #onClose: ((close: SocketClose) => void) | undefined;
  #close: SocketClose | undefined;
  #closeTold = false;
  #flushing = false;

  /** `source`: paused when the first frame had to be kept, resumed once all are handed over. */
  constructor(readonly source?: { pause(): void; resume(): void }) {}

  frame(frame: Frame): void {
    if (this.#close !== undefined) return;
    if (this.#onFrame !== undefined && this.#held.length === 0) {
      this.#onFrame(frame);
      return;
    }
    this.#held = this.#held.concat(frame);
    if (this.#held.length === 1) this.source?.pause();
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
    if (this.#flushing || (this.#held.length === 0 && this.#close === undefined)) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#onFrame !== undefined && this.#held.length > 0) {
      // `#held` stays non-empty until the last one is out, so that a frame that arrives meanwhile goes behind it.
      for (let at = 0; at < this.#held.length; at++) {
        try {
          this.#onFrame(this.#held[at]!);
        } catch (thrown) {
          this.#held = this.#held.slice(at + 1);
          this.#flushSoon();
          throw thrown;
        }
      }
      this.#held = none;
      this.source?.resume();
    }
    this.#tellClose();
  }

  #tellClose(): void {
    if (this.#close === undefined || this.#onClose === undefined || this.#closeTold || this.#flushing) return;
    // Frames held for a listener go first.
    if (this.#held.length > 0 && this.#onFrame !== undefined) return;
    this.#closeTold = true;
    this.#held = none;
    this.#onClose(this.#close);
  }
}
