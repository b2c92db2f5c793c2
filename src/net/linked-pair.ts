import type { Clock, Frame, Ms, Socket, SocketClose } from '../core/index.js';
import { closeCodeOrNormal, cutReason } from './close.js';
import { Inbox } from './inbox.js';

/** One end of a pair in memory. */
export interface LinkedSocket extends Socket {
  /** The network is gone: both ends close with 1006 now, and frames under way are lost. */
  cut(error?: Error): void;
}

/**
 * Two sockets joined in memory. Frames arrive in order and never inside `send`: in a microtask, or, with a clock, when
 * that clock has reached `latencyMs` after the send. Closing one end closes the other with the same code and reason,
 * after the frames that were sent before it.
 */
export function linkedPair(clock?: Clock, latencyMs: Ms = 0): [LinkedSocket, LinkedSocket] {
  const later = (run: () => void) => {
    if (clock === undefined) queueMicrotask(run);
    else clock.at(clock.now() + latencyMs, run);
  };
  const a = new End(later);
  const b = new End(later);
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class End implements LinkedSocket {
  peer!: End;
  readonly #inbox = new Inbox();
  #closing = false;
  #gone = false;
  #bufferedBytes = 0;
  #onPong: () => void = () => {};

  constructor(readonly later: (run: () => void) => void) {}

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  send(frame: Frame): void {
    if (this.#closing || this.#gone) return;
    this.#bufferedBytes += frame.length;
    this.later(() => {
      this.#bufferedBytes -= frame.length;
      if (!this.#gone) this.peer.#inbox.frame(frame);
    });
  }

  close(code = 1000, reason = ''): void {
    if (this.#closing || this.#gone) return;
    this.#closing = true;
    const close = { code: closeCodeOrNormal(code), reason: cutReason(reason) };
    this.later(() => {
      this.peer.#closedByPeer(close);
    });
  }

  cut(error?: Error): void {
    const close = error === undefined ? { code: 1006, reason: '' } : { code: 1006, reason: '', error };
    this.#end(close);
    this.peer.#end(close);
  }

  ping(): void {
    if (this.#closing || this.#gone) return;
    this.later(() => {
      if (!this.#gone) this.later(() => this.#onPong());
    });
  }

  onPong(listener: () => void): void {
    this.#onPong = listener;
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#inbox.setOnFrame(listener);
  }

  onClose(listener: (close: SocketClose) => void): void {
    this.#inbox.setOnClose(listener);
  }

  /** The answer to a close travels behind what this end had sent. */
  #closedByPeer(close: SocketClose): void {
    if (this.#gone) return;
    const answered = this.#closing;
    this.#closing = true;
    if (answered) {
      this.#end(close);
      return;
    }
    this.later(() => {
      this.peer.#end(close);
    });
    this.#inbox.end(close);
  }

  #end(close: SocketClose): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#closing = true;
    this.#inbox.end(close);
  }
}
