import { type Clock, errorOf, type Ids, type Ms, type ReparteeError, type Timer } from '../../core/index.js';
import type { GenerationCreated } from '../events.js';

interface Entry {
  resolve: (created: GenerationCreated | undefined) => void;
  reject: (error: ReparteeError) => void;
  timer: Timer | undefined;
}

/** Promises of commands under way, by command id. Every one ends: answered, refused, timed out, or closed. */
export class CommandBook {
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #timeoutMs: Ms;
  readonly #entries = new Map<string, Entry>();

  constructor(ids: Ids, clock: Clock, timeoutMs: Ms) {
    this.#ids = ids;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  newId(): string {
    return this.#ids('cmd');
  }

  /** A command that the link answers with `ack` or `refused`. */
  open(): { cmd: string; answered: Promise<void> } {
    const cmd = this.newId();
    const timer = this.#clock.at(this.#clock.now() + this.#timeoutMs, () =>
      this.refuse(cmd, errorOf('provider_failed', `The model did not confirm within ${this.#timeoutMs} ms`)),
    );
    const answered = new Promise<void>((resolve, reject) => {
      this.#entries.set(cmd, { resolve: () => resolve(), reject, timer });
    });
    return { cmd, answered };
  }

  /** A reply: resolved when its response began. The engine's slot watches its time. */
  openReply(cmd: string): Promise<GenerationCreated> {
    return new Promise((resolve, reject) => {
      this.#entries.set(cmd, {
        resolve: (created) => created !== undefined && resolve(created),
        reject,
        timer: undefined,
      });
    });
  }

  /** A reply is confirmed by its response, not by its ack. */
  ack(cmd: string): void {
    const entry = this.#entries.get(cmd);
    if (entry?.timer !== undefined) this.#take(cmd)?.resolve(undefined);
  }

  replied(cmd: string, created: GenerationCreated): void {
    this.#take(cmd)?.resolve(created);
  }

  /** False when nobody waits for it. */
  refuse(cmd: string, error: ReparteeError): boolean {
    const entry = this.#take(cmd);
    entry?.reject(error);
    return entry !== undefined;
  }

  closeAll(error: ReparteeError): void {
    for (const cmd of [...this.#entries.keys()]) this.refuse(cmd, error);
  }

  get size(): number {
    return this.#entries.size;
  }

  #take(cmd: string): Entry | undefined {
    const entry = this.#entries.get(cmd);
    this.#entries.delete(cmd);
    entry?.timer?.cancel();
    return entry;
  }
}
