import { ReparteeError } from './errors.js';

type Listener<T> = (event: T) => void;

/** Methods named as the events that they hear: of a class, they cost nothing per emitter. */
export type Listeners<M> = { [K in keyof M]?: Listener<M[K]> };

/**
 * Typed emitter. `M` maps event names to their payloads. A listener that throws becomes an `error` event with code
 * `listener_threw`; an `error` listener that throws, or an `error` that nobody hears, goes to `onUnheard` (default:
 * `console.error` once per emitter).
 */
export class Emitter<M extends { error: ReparteeError }> {
  /** A lone listener, as nearly all are, is kept without a list. */
  #listeners: Map<keyof M, Listener<never> | readonly Listener<never>[]> | undefined;
  #attached: readonly Listeners<M>[] = [];
  #complained = false;

  /** Adds a listener; the returned function removes it. Listeners are called in the order of adding. */
  on<K extends keyof M>(name: K, listener: Listener<M[K]>): () => void {
    this.#listeners ??= new Map();
    const others = this.#listeners.get(name);
    // Copy on write: a listener that adds or removes listeners does not disturb the round under way.
    this.#listeners.set(name, others === undefined ? listener : listOf(others).concat(listener));
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
    const kept = listOf(this.#listeners?.get(name)).filter((other) => other !== listener);
    if (kept.length > 1) this.#listeners?.set(name, kept);
    else if (kept[0] !== undefined) this.#listeners?.set(name, kept[0]);
    else this.#listeners?.delete(name);
  }

  /** Adds an object that hears the events it has methods for, before the listeners of `on`. */
  attach(listeners: Listeners<M>): void {
    this.#attached = this.#attached.concat(listeners);
  }

  detach(listeners: Listeners<M>): void {
    this.#attached = this.#attached.filter((other) => other !== listeners);
  }

  has(name: keyof M): boolean {
    // Asked for every frame: without a closure.
    for (const one of this.#attached) if (one[name] !== undefined) return true;
    return this.#listeners?.has(name) === true;
  }

  emit<K extends keyof M>(name: K, event: M[K]): void {
    let heard = this.#listeners?.has(name) === true;
    for (const one of this.#attached) {
      const listener = one[name];
      if (listener === undefined) continue;
      heard = true;
      this.call(name, one, listener, event);
    }
    this.tellListeners(name, event);
    if (!heard && name === 'error') this.#unheard(event as ReparteeError);
  }

  /** The second half of `emit`: those of `on` and `once`. */
  protected tellListeners<K extends keyof M>(name: K, event: M[K]): void {
    if (this.#listeners === undefined) return;
    const listeners = this.#listeners.get(name) as Listener<M[K]> | readonly Listener<M[K]>[] | undefined;
    if (typeof listeners === 'function') this.call(name, undefined, listeners, event);
    else if (listeners !== undefined) {
      for (const listener of listeners) this.call(name, undefined, listener, event);
    }
  }

  removeAll(): void {
    this.#listeners = undefined;
    this.#attached = [];
  }

  /** Listeners now held, for leak checks. An attached object is one. */
  get listenerCount(): number {
    let count = this.#attached.length;
    for (const listeners of this.#listeners?.values() ?? []) count += listOf(listeners).length;
    return count;
  }

  /** One of those that hear the event. What it throws becomes an `error`. */
  protected call<K extends keyof M>(
    name: K,
    self: Listeners<M> | undefined,
    listener: Listener<M[K]>,
    event: M[K],
  ): void {
    try {
      listener.call(self, event);
    } catch (thrown) {
      const message = `A listener of '${String(name)}' threw: ${text(thrown)}`;
      const error = new ReparteeError('listener_threw', message, { cause: thrown });
      if (name === 'error') this.#unheard(error);
      else this.emit('error', error as M['error']);
    }
  }

  #unheard(error: ReparteeError): void {
    if (this.#complained) return;
    this.#complained = true;
    console.error(`repartee: ${error.name} ${error.code}: ${error.message} (nobody listens to 'error')`);
  }
}

function listOf(
  listeners: Listener<never> | readonly Listener<never>[] | undefined,
): readonly Listener<never>[] {
  if (listeners === undefined) return [];
  return typeof listeners === 'function' ? [listeners] : listeners;
}

function text(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
