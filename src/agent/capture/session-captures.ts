import { keep } from './dialogue/memory.js';

const known = new WeakMap<object, SessionCaptures>();

/** What the captures of a session, by whichever tool, share: the caller can be asked for one thing at a time. */
export class SessionCaptures {
  /** Turns in which the caller answered one of them: for the others they say nothing. */
  readonly answers = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  static of(session: object): SessionCaptures {
    const captures = known.get(session) ?? new SessionCaptures();
    known.set(session, captures);
    return captures;
  }

  answered(turn: string): void {
    keep(this.answers, turn);
  }

  /** Runs one after the other. Rejects as `run`, and with the reason of `signal` where that is aborted before its turn comes. */
  inTurn<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => {
      signal.throwIfAborted();
      return run();
    });
    this.#last = done.catch(() => {});
    return done;
  }
}
