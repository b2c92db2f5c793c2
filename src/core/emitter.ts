import { ReparteeError } from './errors.js';

type Listener<T> = (event: T) => void;

/**
 * Typed emitter. `M` maps event names to their payloads. A listener that throws becomes an `error` event with code
 * `listener_threw`; an `error` listener that throws, or an `error` that nobody hears, goes to `onUnheard` (default:
 * `console.error` once per emitter).
 */
export class Emitter<M extends { error: ReparteeError }> {
  readonly #listeners = new Map<keyof M, Listener<never>[]>();
  #complained = false;

  /** Adds a listener; the returned function removes it. Listeners are called in the order of adding. */
  on<K extends keyof M>(name: K, listener: Listener<M[K]>): () => void {
    // Copy on write: a listener that adds or removes listeners does not disturb the round under way.
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener as Listener<never>]);
    return () => this.off(name, listener);
  }

  once<K extends keyof M>(name: K, listener: Listener<M[K]>): () => void {
    const off = this.on(name, (event) => {
      off();
      listener(event);
    });
    return off;
  }

  off<K extends keyof M>(name: K, listener: Listener<M[K]>): void {
    const kept = (this.#listeners.get(name) ?? []).filter((other) => other !== listener);
    if (kept.length > 0) this.#listeners.set(name, kept);
    else this.#listeners.delete(name);
  }

  has(name: keyof M): boolean {
    return this.#listeners.has(name);
  }

  emit<K extends keyof M>(name: K, event: M[K]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) {
      if (name === 'error') this.#unheard(event as ReparteeError);
      return;
    }
    for (const listener of listeners) {
      try {
        (listener as Listener<M[K]>)(event);
      } catch (thrown) {
        const error = new ReparteeError(
          'listener_threw',
          `A listener of '${String(name)}' threw: ${text(thrown)}`,
          {
            cause: thrown,
          },
        );
        if (name === 'error') this.#unheard(error);
        else this.emit('error', error as M['error']);
      }
    }
  }

  removeAll(): void {
    this.#listeners.clear();
  }

  /** Listeners now held, for leak checks. */
  get listenerCount(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.length;
    return count;
  }

  #unheard(error: ReparteeError): void {
    if (this.#complained) return;
    this.#complained = true;
    console.error(`repartee: ${error.name} ${error.code}: ${error.message} (nobody listens to 'error')`);
  }
}

function text(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
