import type { Word } from '../../../realtime/contract.js';
import type { WireItem } from '../events.js';
import type { Context } from './context.js';

/** One item of the conversation, as the client knows it. */
export interface Entry {
  /** Without audio bytes; those are kept apart. */
  wire: WireItem;
  /** `model`: made by the model or by a turn of the user. */
  made: 'client' | 'model';
  /** The client has been told. */
  announced: boolean;
  done: boolean;
  /** Milliseconds of audio of a turn of the user. */
  audioMs: number;
  /** Milliseconds of audio that the model made, by part; less after a cut. */
  producedMs: number[];
  /** Words with their places in the audio, by part, where the model tells them. */
  words: Word[][];
  /** Characters that the item counts against the limit. */
  chars: number;
}

/** The ordered list of the default conversation, and the events that tell of it. */
export class Conversation {
  readonly #context: Context;
  #order: string[] = [];
  readonly #entries = new Map<string, Entry>();
  #chars = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether so much more fits. */
  hasRoom(chars: number): boolean {
    const { items, itemChars } = this.#context.limits;
    return this.#entries.size < items && this.#chars + chars <= itemChars;
  }

  /** The item before this one, or `null`. */
  before(id: string): string | null {
    return this.#order[this.#order.lastIndexOf(id) - 1] ?? null;
  }

  /** `after`: undefined or unknown = append, `null` = first. Nothing is told to the client yet. */
  insert(wire: WireItem, made: Entry['made'], after?: string | null, chars = 0): Entry {
    const entry: Entry = {
      wire,
      made,
      announced: false,
      done: false,
      audioMs: 0,
      producedMs: [],
      words: [],
      chars,
    };
    const previous = typeof after === 'string' ? this.#order.lastIndexOf(after) : -1;
    const at = after === null ? 0 : previous === -1 ? this.#order.length : previous + 1;
    this.#order.splice(at, 0, wire.id);
    this.#entries.set(wire.id, entry);
    this.#chars += chars;
    return entry;
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#order = this.#order.filter((other) => other !== id);
    this.#chars -= entry.chars;
  }

  /** `conversation.item.added`, once. */
  announce(entry: Entry): void {
    if (entry.announced) return;
    entry.announced = true;
    this.#context.send('conversation.item.added', {
      previous_item_id: this.before(entry.wire.id),
      item: entry.wire,
    });
  }

  /** `conversation.item.done`, once. */
  finish(entry: Entry): void {
    if (entry.done) return;
    entry.done = true;
    this.#context.send('conversation.item.done', {
      previous_item_id: this.before(entry.wire.id),
      item: entry.wire,
    });
  }
}
