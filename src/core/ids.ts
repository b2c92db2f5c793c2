/** Makes ids of a kind: `ids('item') === 'item_…'`. Injected wherever ids are minted, so that replay gives the same ones. */
export type Ids = (kind: string) => string;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random ids: the kind, `_`, 21 characters of base 62 (125 bits). Works in Node and in browsers. */
export function randomIds(): Ids {
  return randomId;
}

function randomId(kind: string): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(21));
  // Joined at once: ids are kept as long as a conversation, and one put together letter by letter stays a chain of strings.
  return [kind, '_', ...Array.from(bytes, (byte) => alphabet[byte % 62])].join('');
}

/** Counted ids for tests and replay: `item_1`, `item_2`, `resp_1` … each kind with its own count. */
export function countedIds(suffix = ''): Ids {
  const counts: Record<string, number> = {};
  return (kind) => {
    const count = (counts[kind] ?? 0) + 1;
    counts[kind] = count;
    return `${kind}_${count}${suffix}`;
  };
}
