import type { ChatItem } from './chat-item.js';

/**
 * How to make one list of ids out of another: remove `remove`, then insert each of `create` behind its `after`
 * (`null` = first), in order. `changed`: ids that stay in place with other content.
 */
export interface ChatDiff {
  readonly remove: readonly string[];
  readonly create: readonly { readonly after: string | null; readonly id: string }[];
  readonly changed: readonly string[];
}

type Listed = { readonly id: string };

/**
 * The smallest such edit: whatever belongs to a longest common subsequence stays; a moved item is removed and created.
 * Ids must be unique within each list. `same` compares content; without it `changed` is empty.
 */
export function diffItems<A extends Listed, B extends Listed>(
  from: readonly A[],
  to: readonly B[],
  same: (before: A, after: B) => boolean = () => true,
): ChatDiff {
  const stays = commonIds(from, to);
  const remove: string[] = [];
  const create: { after: string | null; id: string }[] = [];
  const changed: string[] = [];
  const before = new Map<string, A>();
  for (const item of from) {
    before.set(item.id, item);
    if (!stays.has(item.id)) remove.push(item.id);
  }
  let after: string | null = null;
  for (const item of to) {
    if (!stays.has(item.id)) create.push({ after, id: item.id });
    else if (!same(before.get(item.id)!, item)) changed.push(item.id);
    after = item.id;
  }
  return { remove, create, changed };
}

/** Diff of two contexts' items that also tells changed content. */
export function diffChat(from: { items: readonly ChatItem[] }, to: { items: readonly ChatItem[] }): ChatDiff {
  return diffItems(from.items, to.items, sameContent);
}

/** Applies a diff to a list in place; `find` gives the items to create, and those that `changed` names. */
export function applyDiff<T extends Listed>(list: T[], diff: ChatDiff, find: (id: string) => T): void {
  const gone = new Set(diff.remove);
  let kept = 0;
  for (const item of list) if (!gone.has(item.id)) list[kept++] = item;
  list.length = kept;
  for (const { after, id } of diff.create) {
    const index = after === null ? 0 : list.findIndex((item) => item.id === after) + 1;
    list.splice(index, 0, find(id));
  }
  for (const id of diff.changed) {
    const index = list.findIndex((item) => item.id === id);
    if (index >= 0) list[index] = find(id);
  }
}

/** Ids of a longest common subsequence. As ids are unique, it is a longest increasing run of places: O(n log n). */
export function commonIds(from: readonly Listed[], to: readonly Listed[]): Set<string> {
  const places = new Map<string, number>();
  for (let index = 0; index < from.length; index++) places.set(from[index]!.id, index);
  // tails[k]: index in `to` of the lowest place that ends a run of k + 1; back: the one before it in its run.
  const tails: number[] = [];
  const placeAt: number[] = [];
  const back: number[] = [];
  for (let index = 0; index < to.length; index++) {
    const place = places.get(to[index]!.id) ?? -1;
    placeAt.push(place);
    back.push(-1);
    if (place < 0) continue;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (placeAt[tails[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    if (low > 0) back[index] = tails[low - 1]!;
    tails[low] = index;
  }
  const ids = new Set<string>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = back[index]!) ids.add(to[index]!.id);
  return ids;
}

/** Equal in everything but `createdAt`. */
export function sameContent(one: ChatItem, other: ChatItem): boolean {
  return one === other || same({ ...one, createdAt: undefined }, { ...other, createdAt: undefined });
}

function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return false;
    return one.length === other.length && one.every((byte, index) => byte === other[index]);
  }
  const a = one as Record<string, unknown>;
  const b = other as Record<string, unknown>;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!same(a[key], b[key])) return false;
  }
  return true;
}
