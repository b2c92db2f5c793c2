import { type Clock, errorOf, type Ids, type Ms, type ReparteeError, type Timer } from '../../core/index.js';
import type { GenerationCreated } from '../events.js';

type Entry = { reject: (error: ReparteeError) => void } & (
  | { awaits: 'answer'; resolve: () => void; timer: Timer | undefined }
  /** The engine's slot watches its time. */
  | { awaits: 'response'; resolve: (created: GenerationCreated) => void }
);

/** Promises of commands under way, by command id. Every one ends: answered, refused, timed out, or closed. */
export class CommandBook {
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #timeoutMs: Ms;
  #entries: Map<string, Entry> | undefined;
  #linked = false;

  constructor(ids: Ids, clock: Clock, timeoutMs: Ms) {
    this.#ids = ids;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  newId(): string {
    return this.#ids('cmd');
  }

  /** The link is ready: what has waited for it goes out, and its time begins. */
  linked(): void {
    this.#linked = true;
    for (const [cmd, entry] of this.#entries ?? []) {
      if (entry.awaits === 'answer') entry.timer = this.#deadline(cmd);
    }
  }

  /** There is no link: what waits has no deadline until there is one again. */
  unlinked(): void {
    this.#linked = false;
    for (const entry of this.#entries?.values() ?? []) {
      if (entry.awaits !== 'answer') continue;
      entry.timer?.cancel();
      entry.timer = undefined;
    }
  }

  /** A command that the link answers with `ack` or `refused`. */
  open(cmd: string): Promise<void> {
    const timer = this.#linked ? this.#deadline(cmd) : undefined;
    return new Promise((resolve, reject) => {
      this.#add(cmd, { awaits: 'answer', resolve, reject, timer });
    });
  }

  /** A create: resolved when its response began, whatever was said of the command before. */
  openReply(cmd: string): Promise<GenerationCreated> {
    return new Promise((resolve, reject) => {
      this.#add(cmd, { awaits: 'response', resolve, reject });
    });
  }

  ack(cmd: string): void {
    const entry = this.#entries?.get(cmd);
    if (entry?.awaits !== 'answer') return;
    this.#forget(cmd, entry);
    entry.resolve();
  }

  replied(cmd: string, created: GenerationCreated): void {
    const entry = this.#entries?.get(cmd);
    if (entry?.awaits !== 'response') return;
    this.#forget(cmd, entry);
    entry.resolve(created);
  }

  /** False when nobody waits for it. */
  refuse(cmd: string, error: ReparteeError): boolean {
    const entry = this.#entries?.get(cmd);
    if (entry === undefined) return false;
    this.#forget(cmd, entry);
    entry.reject(error);
    return true;
  }

  closeAll(error: ReparteeError): void {
    for (const cmd of [...(this.#entries?.keys() ?? [])]) this.refuse(cmd, error);
  }

  #add(cmd: string, entry: Entry): void {
    this.#entries ??= new Map();
    this.#entries.set(cmd, entry);
  }

  #deadline(cmd: string): Timer {
    return this.#clock.at(this.#clock.now() + this.#timeoutMs, () =>
      this.refuse(cmd, errorOf('provider_failed', `The model did not confirm within ${this.#timeoutMs} ms`)),
    );
  }

  #forget(cmd: string, entry: Entry): void {
    this.#entries?.delete(cmd);
    if (entry.awaits === 'answer') entry.timer?.cancel();
  }
}
