import { ReparteeError } from './errors.js';
import { none } from './none.js';

type Listener<T> = (event: T) => void;

/** Methods named as the events that they hear: of a class, they cost nothing per emitter. */
export type Listeners<M> = { [K in keyof M]?: Listener<M[K]> };

/**
 * Typed emitter. `M` maps event names to their payloads. A listener that throws becomes an `error` event with code
 * `listener_threw`; an `error` listener that throws, or an `error` that nobody hears, goes to `onUnheard` (default:
 * `console.error` once per emitter).
 */
export class Emitter<M extends { error: ReparteeError }> {
  /** Few, and looked through in the order of adding: a map would be more memory for each emitter than all that is in it. */
  #listeners: readonly { name: keyof M; listener: Listener<never> }[] = none;
  #attached: readonly Listeners<M>[] = none;
  #complained = false;

  /** Adds a listener; the returned function removes it. Listeners are called in the order of adding. */
  on<K extends keyof M>(name: K, listener: Listener<M[K]>): () => void {
    // Replaced, not changed: a listener that adds or removes listeners does not disturb the round under way.
    this.#listeners = this.#listeners.concat({ name, listener });
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
    this.#listeners = this.#listeners.filter((one) => one.name !== name || one.listener !== listener);
  }

  /** Adds an object that hears the events it has methods for, before the listeners of `on`. */
  attach(listeners: Listeners<M>): void {
    this.#attached = this.#attached.concat(listeners);
  }

  detach(listeners: Listeners<M>): void {
    this.#attached = this.#attached.filter((other) => other !== listeners);
  }

  /** In the order of attaching. Whoever tells an event with every frame names its method here, instead of looking it up. */
  protected get attached(): readonly Listeners<M>[] {
    return this.#attached;
  }

  has(name: keyof M): boolean {
    // Asked for every frame: without a closure.
    for (const one of this.#attached) if (one[name] !== undefined) return true;
    return this.#hasListener(name);
  }

  emit<K extends keyof M>(name: K, event: M[K]): void {
    let heard = this.#hasListener(name);
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
    for (const one of this.#listeners) {
      if (one.name === name) this.call(name, undefined, one.listener as Listener<M[K]>, event);
    }
  }

  removeAll(): void {
    this.#listeners = none;
    this.#attached = none;
  }

  /** Listeners now held, for leak checks. An attached object is one. */
  get listenerCount(): number {
    return this.#attached.length + this.#listeners.length;
  }

  #hasListener(name: keyof M): boolean {
    for (const one of this.#listeners) if (one.name === name) return true;
    return false;
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

function text(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
