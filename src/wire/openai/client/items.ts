import type { Item } from '../../../realtime/contract.js';

/** A part of a model's item, as far as it has come. */
export interface Part {
  /** Its place in the item's content. */
  index: number;
  kind: 'audio' | 'text';
  done: boolean;
  /** Its last words have come. */
  final: boolean;
  /** Audio received, in samples at the output rate. */
  samples: number;
}

export interface Call {
  id: string;
  name: string;
  args: string;
  state: 'open' | 'ready' | 'withdrawn';
  /** `provider`: a tool server's, which the vendor calls by itself. */
  owner: 'us' | 'provider';
  /** Something of it has been told. */
  told: boolean;
}

/** What is known of one item of the wire. */
export interface KnownItem {
  id: string;
  /** As last told; `undefined` while only a response has named it. */
  item: Item | undefined;
  done: boolean;
  /** Place among its response's items. */
  index: number;
  parts: readonly Part[];
  call: Call | undefined;
}

const none: readonly Part[] = [];

export function partAt({ parts }: KnownItem, index: number): Part | undefined {
  for (const part of parts) if (part.index === index) return part;
  return undefined;
}

/** Items of the server's conversation and of responses under way, by id. */
export class ItemBook {
  #items: Map<string, KnownItem> | undefined;

  get(id: string): KnownItem | undefined {
    return this.#items?.get(id);
  }

  /** True where the item stands in the conversation. */
  has(id: string): boolean {
    return this.get(id)?.item !== undefined;
  }

  of(id: string): KnownItem {
    this.#items ??= new Map();
    let known = this.#items.get(id);
    if (known === undefined) {
      known = { id, item: undefined, done: false, index: 0, parts: none, call: undefined };
      this.#items.set(id, known);
    }
    return known;
  }

  delete(id: string): void {
    this.#items?.delete(id);
  }
}
