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
  put(event: Event, turns: OpenTurn[]): Event {
    if (event.t === 'committed') this.#onCommitted(event, turns);
    else if (event.t !== 'item' || event.phase !== 'added') return event;
    const item = event.t === 'committed' ? event.item : event.item.id;
    const place = this.#last;
    if (place?.item !== item) return event;
    if (place.after !== null && !this.#remote.has(place.after)) return event;
    return { ...event, after: place.after };
  }

  #onCommitted({ turn, item }: Extract<Event, { t: 'committed' }>, turns: OpenTurn[]): void {
    const after = openTurn({ turns }, turn)?.after;
    this.#last = after === undefined ? undefined : { item, after };
    if (after === undefined) return;
    // Turns that began at the same place after it stand behind it.
    for (const other of turns) if (other.turn !== turn && other.after === after) other.after = item;
  }
}
