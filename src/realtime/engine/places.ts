import type { RemoteConversation } from '../../chat/index.js';
import type { Event } from '../contract.js';
import { type OpenTurn, openTurn } from './turns.js';

/** A turn that our own ears heard stands where it began to be spoken, whenever the wire tells of it. */
export class Places {
  readonly #remote: RemoteConversation;
  /** Where the item belongs that was committed last. */
  #last: { item: string; after: string | null } | undefined;

  constructor(remote: RemoteConversation) {
    this.#remote = remote;
  }

  /** Our ears hear the turn begin. */
  begin(open: OpenTurn): void {
    open.after ??= this.#remote.lastId;
  }

  /** The event with the item in its place; the same object where nothing differs. */
  put(event: Event, turns: readonly OpenTurn[]): Event {
    if (event.t === 'committed') this.#onCommitted(event, turns);
    else if (event.t !== 'item' || event.phase !== 'added') return event;
    const item = event.t === 'committed' ? event.item : event.item.id;
    const place = this.#last;
    if (place === undefined) return event;
    if (place.item === item) {
      const isThere = place.after === null || this.#remote.has(place.after);
      return isThere ? { ...event, after: place.after } : event;
    }
    // The wire takes the turn for the last item; what was written while it was spoken stands behind it.
    if (event.after !== place.item) return event;
    this.#last = undefined;
    return { ...event, after: this.#remote.lastId };
  }

  #onCommitted({ turn, item }: Extract<Event, { t: 'committed' }>, turns: readonly OpenTurn[]): void {
    const after = openTurn({ turns }, turn)?.after;
    this.#last = after === undefined ? undefined : { item, after };
    if (after === undefined) return;
    // Turns that began at the same place after it stand behind it.
    for (const other of turns) if (other.turn !== turn && other.after === after) other.after = item;
  }
}
