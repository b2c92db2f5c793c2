import { type Item, type ItemPart, RemoteConversation } from '../../chat/index.js';
import { byId } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { Command, Event, Ms } from '../contract.js';

/** Of an item, by part. */
interface Words {
  id: string;
  texts: string[];
}

type EventOf<T extends Event['t']> = Extract<Event, { t: T }>;
type Message = Extract<Item, { kind: 'message' }>;

/** How fast speech is, where nobody knows which words were heard. */
const lettersPerSecond = 15;
/** Behind the heard words of an answer that was not heard to its end. */
export const cutMark = '[interrupted]';

/**
 * The conversation as the next link must be told it: the items in their order, what was said in them, and how much of
 * it was heard. It is also what this side knows of the server's own list.
 */
export class Ledger {
  readonly remote = new RemoteConversation();
  /** Words of items whose own content does not have them (yet), by item and part. */
  #words: readonly Words[] = none;
  #cuts: Map<string, { heardMs: Ms; heardText: string }> | undefined;
  /** Removed by us where the server cannot be told. */
  #gone: Set<string> | undefined;
  #initial: readonly Item[] = none;
  #version = 0;

  /** Rises with each change that a handle of the server must be newer than. */
  get version(): number {
    return this.#version;
  }

  event(event: Event): void {
    switch (event.t) {
      case 'item':
        return this.#item(event);
      case 'heard':
        if (event.how === 'failed' || event.item === undefined) return;
        return this.#say(event.item, 0, event.text, event.how);
      case 'said':
        if (event.item === null || event.stage === 'thought') return;
        return this.#say(event.item, event.part, event.text, event.how);
    }
  }

  /** A command on its way: what the server will, or cannot, do with it. */
  sent(command: Command): void {
    if (command.t === 'item.cut') this.cut(command.item, command.heardMs, command.heardText);
    else if (command.t === 'item.remove') this.#remove(command.item);
  }

  /** The link that it was sent to is gone before it answered: the next one is told with the history. */
  absorb(command: Command, mintId: () => string): void {
    if (command.t === 'item.add') {
      const { item, after } = command;
      this.#insert(item.id === '' ? { ...item, id: mintId() } : item, after);
    } else if (command.t === 'item.cut' || command.t === 'item.remove') {
      this.sent(command);
    } else if (command.t === 'answer') {
      const { call, name, output, isError } = command;
      this.#insert({ kind: 'result', id: mintId(), call, name, output, isError });
    }
  }

  /** The conversation begins with these: the first link has been told them, and may not have said so yet. */
  begin(history: readonly Item[]): void {
    this.#initial = history.slice();
  }

  /** The words that were heard of an item by then. */
  words(item: string, heardMs: Ms): string {
    return firstWords(this.#wordsOf(item).join(' '), heardMs);
  }

  /** All that was said of an item that has no words of its own. */
  text(item: string): string {
    return this.#wordsOf(item).join(' ').trim();
  }

  /** No more of the item will come, and it had not been told to its end. */
  cutShort(item: string, heardMs: Ms): void {
    const known = this.remote.get(item);
    if (known?.kind === 'message' && known.status !== 'completed' && !this.#cuts?.has(item))
      this.cut(item, heardMs);
  }

  /** Only so much of the item was, or will be, heard. '' = the words are not known. */
  cut(item: string, heardMs: Ms, heardText = ''): void {
    this.#cuts ??= new Map();
    this.#cuts.set(item, { heardMs, heardText });
    this.#version += 1;
  }

  /** Gone from the history, wherever the server keeps it. */
  #remove(item: string): void {
    this.#gone ??= new Set();
    this.#gone.add(item);
    this.#version += 1;
  }

  /** The history that a new link begins with, without the items named. */
  seeds(without: ReadonlySet<string>): Item[] {
    const answered = new Set<string>();
    const asked = new Set<string>();
    const items = [...this.#initial.filter(({ id }) => !this.remote.has(id)), ...this.remote.items];
    for (const item of items) {
      if (item.kind === 'result') answered.add(item.call);
      else if (item.kind === 'call') asked.add(item.call);
    }
    const seeds: Item[] = [];
    for (const item of items) {
      if (this.#gone?.has(item.id) || without.has(item.id) || item.kind === 'provider') continue;
      if (item.kind === 'message') {
        const told = this.#told(item);
        if (told !== undefined) seeds.push(told);
      } else if (item.kind === 'call' ? answered.has(item.call) : asked.has(item.call)) {
        // A call without its result, or a result without its call, is no history.
        seeds.push(item);
      }
    }
    return seeds;
  }

  #item({ phase, item, after, heardMs }: EventOf<'item'>): void {
    switch (phase) {
      case 'added':
        return this.#insert(item, after);
      case 'done':
        this.#version += 1;
        this.remote.insert(item, after);
        if (hasWords(item)) this.#hasOwn(item.id);
        return;
      case 'removed':
        this.#version += 1;
        this.remote.delete(item.id);
        this.#hasOwn(item.id);
        this.#cuts?.delete(item.id);
        this.#gone?.delete(item.id);
        return;
      case 'cut':
        if (!this.#cuts?.has(item.id)) this.cut(item.id, heardMs ?? 0);
    }
  }

  #insert(item: Item, after?: string | null): void {
    this.#version += 1;
    this.remote.insert(item, after);
  }

  #say(item: string, part: number, text: string, how: 'append' | 'replace' | 'final'): void {
    let { texts: words } = byId(this.#words, item) ?? {};
    if (words === undefined) {
      words = [];
      this.#words = this.#words.concat({ id: item, texts: words });
    }
    words[part] = how === 'append' ? (words[part] ?? '') + text : text;
    if (how !== 'final') return;
    const known = this.remote.get(item);
    if (known?.kind !== 'message') return;
    const spoken = withWords(known, words);
    this.remote.update(spoken);
    if (hasWords(spoken)) this.#hasOwn(item);
  }

  #wordsOf(item: string): readonly string[] {
    return byId(this.#words, item)?.texts ?? none;
  }

  /** Its own content has its words, or it is gone. */
  #hasOwn(item: string): void {
    if (this.#words.length > 0) this.#words = this.#words.filter(({ id }) => id !== item);
  }

  #told(item: Message): Item | undefined {
    const whole = withWords(item, this.#wordsOf(item.id));
    const cut = this.#cuts?.get(item.id);
    const parts = cut === undefined ? whole.parts.flatMap(asText) : asHeard(whole, cut);
    if (parts.length === 0) return undefined;
    return { kind: 'message', id: item.id, role: item.role, parts, status: 'completed' };
  }
}

/** Its spoken parts with their words; parts that the server has not told of are made. */
function withWords(item: Message, words: readonly (string | undefined)[]): Message {
  if (words.length === 0) return item;
  const parts = [...item.parts];
  words.forEach((text, index) => {
    const part = parts[index];
    if (text === undefined || part?.kind === 'image') return;
    if (part === undefined) parts[index] = { kind: 'audio', transcript: text };
    else if (part.kind === 'audio') parts[index] = { ...part, transcript: text };
    else if (part.text === '') parts[index] = { kind: 'text', text };
  });
  return { ...item, parts: parts.filter((part) => part !== undefined) };
}

function hasWords(item: Item): boolean {
  return (
    item.kind !== 'message' || item.parts.every((part) => part.kind !== 'audio' || part.transcript !== null)
  );
}

/** History is never seeded as sound. */
function asText(part: ItemPart): ItemPart[] {
  if (part.kind === 'image') return [part];
  const text = part.kind === 'text' ? part.text : (part.transcript ?? '');
  return text.trim() === '' ? [] : [{ kind: 'text', text }];
}

function asHeard(item: Message, { heardMs, heardText }: { heardMs: Ms; heardText: string }): ItemPart[] {
  if (heardMs <= 0 && heardText === '') return [];
  const whole = item.parts.flatMap(asText).flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const heard = heardText.trim() || firstWords(whole.join(' '), heardMs);
  return heard === '' ? [] : [{ kind: 'text', text: `${heard} ${cutMark}` }];
}

function firstWords(text: string, heardMs: Ms): string {
  if (heardMs <= 0) return '';
  const letters = Math.floor((heardMs * lettersPerSecond) / 1000);
  if (letters >= text.length) return text.trim();
  const end = text.lastIndexOf(' ', letters);
  // Something was heard: one word at least.
  return end > 0 ? text.slice(0, end).trim() : (text.trim().split(' ')[0] ?? '');
}
