import { type ReparteeError, StateError } from '../../../core/index.js';
import type { FromStt, SttTask, ToStt } from '../worker/protocol.js';
import { Thread } from '../worker/thread.js';

/** What one stream sees of its thread. */
export interface SttSeat {
  post(message: ToStt, transfer?: ArrayBuffer[]): void;
  /** Keep the process alive until an answer came. */
  hold(): void;
  release(): void;
  leave(): void;
}

export interface SttSitter {
  onMessage(message: FromStt): void;
  /** The thread died; the seat is gone. */
  onDown(error: ReparteeError): void;
}

interface Room {
  thread: Thread<ToStt, FromStt>;
  sitters: Map<number, SttSitter>;
}

/** The recogniser's threads. A stream stays on one thread, the emptiest when it came. */
export class SttThreads {
  readonly #task: SttTask;
  readonly #size: number;
  #rooms: Room[] = [];
  #ids = 0;
  #closed = false;

  constructor(task: SttTask, threads: number) {
    this.#task = task;
    this.#size = threads;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Starts what is not running. Throws `closed`, or `file_unreadable` when the package was not built. */
  open(): void {
    if (this.#closed) throw new StateError('closed', 'this STT was closed');
    while (this.#rooms.length < this.#size) this.#rooms.push(this.#room());
  }

  /** Resolves when all threads can recognise. */
  async start(): Promise<void> {
    this.open();
    await Promise.all(this.#rooms.map((room) => room.thread.ready));
  }

  /** Gives a seat, and the number by which its messages name the stream. */
  sit(sitter: SttSitter): SttSeat & { id: number } {
    this.open();
    const room = this.#rooms.reduce((a, b) => (b.sitters.size < a.sitters.size ? b : a));
    const id = this.#ids++;
    room.sitters.set(id, sitter);
    const { thread } = room;
    thread.post({ t: 'open', stream: id });
    return {
      id,
      post: (message, transfer) => thread.post(message, transfer),
      hold: () => thread.hold(),
      release: () => thread.release(),
      leave() {
        if (room.sitters.delete(id)) thread.post({ t: 'close', stream: id });
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#rooms.splice(0).map((room) => room.thread.close()));
  }

  #room(): Room {
    const sitters = new Map<number, SttSitter>();
    const thread = new Thread<ToStt, FromStt>(this.#task, {
      onMessage: (message) => sitters.get(message.stream)?.onMessage(message),
      onDown: (error) => {
        this.#rooms = this.#rooms.filter((other) => other.thread !== thread);
        const all = [...sitters.values()];
        sitters.clear();
        for (const sitter of all) sitter.onDown(error);
      },
    });
    return { thread, sitters };
  }
}
