import type { Item } from '../../realtime/index.js';
import type { BrainState, ItemRecord, Pass, Refusal } from './state.js';
import { heardItem } from './waiting.js';

/** Items asked for are nearly always recent ones. */
export function itemOf(state: BrainState, id: string): ItemRecord | undefined {
  return state.items.findLast((item) => item.id === id);
}

export function lastItem(state: BrainState): string | null {
  return state.items.at(-1)?.id ?? null;
}

/** Puts an item behind `after` (undefined = last, null = first) and tells that it was added. */
export function addItem(pass: Pass, item: Item, after?: string | null): ItemRecord {
  const { state, fx } = pass;
  const { items } = state;
  const place = after === undefined ? items.length : items.findLastIndex(({ id }) => id === after) + 1;
  const previous = items[place - 1]?.id ?? null;
  const record: ItemRecord = { id: item.id, spokenMs: null };
  items.splice(place, 0, record);
  fx.push({ fx: 'put', item }, { fx: 'tell', phase: 'added', item: item.id, after: previous });
  evict(pass, item.id);
  return record;
}

/** An item that is whole from the start. */
export function addWholeItem(pass: Pass, item: Item, after?: string | null): void {
  addItem(pass, item, after);
  pass.fx.push({ fx: 'tell', phase: 'done', item: item.id });
}

/** What the user said, as far as it is known. */
export function addUserAudio(pass: Pass, id: string, transcript: string | null): void {
  addWholeItem(pass, {
    kind: 'message',
    id,
    role: 'user',
    parts: [{ kind: 'audio', transcript }],
    status: 'completed',
  });
}

export function dropItem(pass: Pass, id: string): void {
  const { state, fx } = pass;
  state.items = state.items.filter((item) => item.id !== id);
  state.unheard = state.unheard.filter((unheard) => unheard.item !== id);
  fx.push({ fx: 'tell', phase: 'removed', item: id }, { fx: 'delete', item: id });
  heardItem(pass, id);
}

export function hasImage(item: Item): boolean {
  return item.kind === 'message' && item.parts.some((part) => part.kind === 'image');
}

export function noImages(param: string): Refusal {
  const message = 'This pipeline of recogniser, language model and synthesiser takes no images.';
  return { code: 'unsupported_content_type', message, param };
}

/** The conversation is full: its oldest item goes, unless it is being spoken or has just come. */
function evict(pass: Pass, newest: string): void {
  const { state } = pass;
  if (state.items.length <= state.limits.maxItems) return;
  const oldest = state.items.find(({ id }) => id !== newest && id !== state.main?.message?.item);
  if (oldest !== undefined) dropItem(pass, oldest.id);
}
