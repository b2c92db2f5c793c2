import type { Clock, Ids, Ms, Timer } from '../../core/index.js';
import type { Session } from './session.js';

export interface SessionLimits {
  clock: Clock;
  ids: Ids;
  /** How long one waits for its client. */
  lifeMs: Ms;
  /** How many wait; the oldest makes room. */
  most: number;
}

/** Handles of one session that lead to it. */
const maxHandles = 16;

/** Sessions that can be resumed: those that have a client, and those that wait for one. */
export class Sessions {
  readonly #limits: SessionLimits;
  readonly #byHandle = new Map<string, { session: Session; items: number }>();
  /** Oldest first. */
  readonly #waiting = new Map<Session, Timer>();
  #closed = false;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Sessions without a client. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The session that a handle leads to, and how many items it had when the handle was given. */
  find(handle: string): { session: Session; items: number } | undefined {
    return this.#byHandle.get(handle);
  }

  /** A new handle of the session. */
  mint(session: Session): string {
    const handle = this.#limits.ids('handle');
    this.#byHandle.set(handle, { session, items: session.items });
    session.handles.push(handle);
    if (session.handles.length > maxHandles) this.#byHandle.delete(session.handles.shift()!);
    return handle;
  }

  /** Its client has gone; it waits for the next one. */
  park(session: Session): void {
    if (this.#closed) return this.end(session);
    const { clock, lifeMs, most } = this.#limits;
    session.leave(() => this.end(session));
    if (session.ended) return;
    this.#waiting.set(
      session,
      clock.at(clock.now() + lifeMs, () => this.end(session)),
    );
    if (this.#waiting.size > most) this.end(this.#waiting.keys().next().value!);
  }

  /** The session has a client again. */
  take(session: Session): void {
    this.#waiting.get(session)?.cancel();
    this.#waiting.delete(session);
  }

  /** Nobody can resume it any more. */
  end(session: Session): void {
    this.take(session);
    for (const handle of session.handles.splice(0)) this.#byHandle.delete(handle);
    session.end();
  }

  close(): void {
    this.#closed = true;
    for (const session of [...this.#waiting.keys()]) this.end(session);
  }
}
