import { ConfigError } from '../core/index.js';
import { none } from '../core/none.js';
import { type ChatItem, type ChatMessage, instructionsItemId } from './chat-item.js';
import { type ChatContextJSON, itemsFromJSON, itemToJSON } from './json.js';
import { type CopyOptions, selectItems } from './select.js';
import { truncateItems } from './truncate.js';

/**
 * A conversation: items with unique ids, in the order of speaking. Items are values that are replaced, never edited, so
 * `copy` is shallow and safe. Ids and times come from the caller.
 */
export class ChatContext {
  #items: readonly ChatItem[] = none;

  /** Throws `option_invalid` where two items share an id. */
  constructor(items: Iterable<ChatItem> = []) {
    this.#placeAll(items);
  }

  /** A view of the list as it stands; do not hold it across changes. */
  get items(): readonly ChatItem[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }

  ids(): string[] {
    return this.#items.map((item) => item.id);
  }

  has(id: string): boolean {
    return this.indexOf(id) >= 0;
  }

  get(id: string): ChatItem | undefined {
    return this.#items[this.indexOf(id)];
  }

  /** The message of this id; undefined where it is another kind of item, or none. */
  message(id: string): ChatMessage | undefined {
    const item = this.get(id);
    return item?.kind === 'message' ? item : undefined;
  }

  indexOf(id: string): number {
    // Looked-up items are nearly always recent ones.
    for (let index = this.#items.length - 1; index >= 0; index--) {
      if (this.#items[index]!.id === id) return index;
    }
    return -1;
  }

  /** Puts an item last. Throws `option_invalid` where its id is taken. */
  append(item: ChatItem): void {
    this.#place(this.#items.length, item);
  }

  /** Puts an item behind the last one that is not younger; last, where its time is unknown. */
  insert(item: ChatItem): void {
    this.#place(this.#indexByTime(item.createdAt), item);
  }

  /** Puts an item behind `previous`; `null` = first. Throws `option_invalid` where `previous` is unknown. */
  insertAfter(previous: string | null, item: ChatItem): void {
    const index = previous === null ? -1 : this.indexOf(previous);
    if (previous !== null && index < 0) {
      throw new ConfigError('option_invalid', `No item '${previous}' to insert '${item.id}' after.`);
    }
    this.#place(index + 1, item);
  }

  /** Puts `item` in the place of the one with its id; false (and no change) where there is none. */
  replace(item: ChatItem): boolean {
    const index = this.indexOf(item.id);
    if (index < 0) return false;
    this.#items = this.#items.with(index, item);
    return true;
  }

  /** Replaces a message by one with these fields changed; false where there is no such message. */
  updateMessage(id: string, change: Partial<Omit<ChatMessage, 'kind' | 'id'>>): boolean {
    const message = this.message(id);
    if (message === undefined) return false;
    // Not two spreads: V8 gives each object that is made so a shape of its own, kept as long as the item.
    const changed: ChatMessage = Object.assign({}, message, change);
    return this.replace(changed);
  }

  remove(id: string): ChatItem | undefined {
    const index = this.indexOf(id);
    if (index < 0) return undefined;
    const item = this.#items[index];
    this.#items = this.#items.toSpliced(index, 1);
    return item;
  }

  clear(): void {
    this.#items = none;
  }

  /** A new context with the items that the options leave. */
  copy(options: CopyOptions = {}): ChatContext {
    return new ChatContext(selectItems(this.#items, options));
  }

  /** Sets or replaces the instructions message, which stands first; `null` removes it and leaves other system messages. */
  setInstructions(text: string | null): void {
    const before = this.remove(instructionsItemId);
    if (text === null) return;
    const time = before?.createdAt === undefined ? {} : { createdAt: before.createdAt };
    this.#place(0, {
      kind: 'message',
      id: instructionsItemId,
      role: 'system',
      parts: [{ kind: 'text', text }],
      interrupted: false,
      ...time,
    });
  }

  /**
   * Forgets the oldest items until at most `maxItems` are left. The first system message stays, and no function output
   * stays without its call. Throws `option_invalid` unless `maxItems` is an integer >= 1.
   */
  truncate(maxItems: number): this {
    const kept = truncateItems(this.#items, maxItems);
    this.clear();
    this.#placeAll(kept);
    return this;
  }

  /**
   * Adds the items of another context whose ids are new, by their times; one without a time goes behind the item it
   * followed there. Items of both stay as they are here.
   */
  merge(other: ChatContext, options: CopyOptions = {}): this {
    let previous: string | null = null;
    for (const item of selectItems(other.items, options)) {
      if (!this.has(item.id)) {
        if (item.createdAt !== undefined) this.insert(item);
        else if (previous !== null) this.insertAfter(previous, item);
        else this.#place(this.#items.length, item);
      }
      previous = item.id;
    }
    return this;
  }

  /** Versioned plain JSON; images as base64. `ChatContext.fromJSON` reads it. */
  toJSON(): ChatContextJSON {
    return { version: 1, items: this.#items.map(itemToJSON) };
  }

  /** Reads what `toJSON` gave, parsed or as text. Throws `option_invalid` with the path of the field at fault. */
  static fromJSON(json: unknown): ChatContext {
    return new ChatContext(itemsFromJSON(json));
  }

  #indexByTime(createdAt: number | undefined): number {
    if (createdAt === undefined) return this.#items.length;
    for (let index = this.#items.length - 1; index >= 0; index--) {
      const time = this.#items[index]!.createdAt;
      if (time !== undefined && time <= createdAt) return this.#afterUntimed(index + 1);
    }
    // Older than everything; the instructions stay in front of it.
    const head = this.#items.length > 0 && this.#items[0]!.id === instructionsItemId ? 1 : 0;
    return this.#items.some((item) => item.createdAt !== undefined) ? head : this.#items.length;
  }

  /** Items of unknown time belong to the one before them. */
  #afterUntimed(index: number): number {
    while (index < this.#items.length && this.#items[index]!.createdAt === undefined) index += 1;
    return index;
  }

  #place(index: number, item: ChatItem): void {
    if (this.has(item.id)) throw taken(item);
    // Not pushed: room for more would be kept as long as the conversation.
    this.#items =
      index === this.#items.length ? this.#items.concat(item) : this.#items.toSpliced(index, 0, item);
  }

  /** Into an empty list. */
  #placeAll(items: Iterable<ChatItem>): void {
    const byId = new Map<string, ChatItem>();
    for (const item of items) {
      if (byId.has(item.id)) throw taken(item);
      byId.set(item.id, item);
    }
    if (byId.size > 0) this.#items = [...byId.values()];
  }
}

function taken({ id }: ChatItem): ConfigError {
  return new ConfigError('option_invalid', `The conversation already has an item '${id}'.`);
}
