import type { DataChannel } from '../../core/index.js';

type Message = Record<string, unknown>;

const sentLimit = 10_000;

/** The data channel with both hands: `sent` holds what the session sent (the last 10,000), `receive` sends to the session. */
export class MemoryData implements DataChannel {
  readonly sent: Message[] = [];
  #onMessage: ((message: Message) => void) | undefined;
  #closed = false;

  send(message: Message): void {
    if (this.#closed) return;
    if (this.sent.length === sentLimit) this.sent.shift();
    this.sent.push(message);
  }

  onMessage(listener: (message: Message) => void): void {
    this.#onMessage = listener;
  }

  /** As if the far end had sent it. After the transport closed, or with no listener, it is lost. */
  receive(message: Message): void {
    if (!this.#closed) this.#onMessage?.(message);
  }

  end(): void {
    this.#closed = true;
  }
}
