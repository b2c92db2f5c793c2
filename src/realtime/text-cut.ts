import type { Item } from '../chat/index.js';
import { ReparteeError } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import type { ItemEditor } from './history.js';
import type { TruncateOptions } from './session-options.js';

/** Where a message stands, and what it holds, as the server told it. */
export interface Standing {
  item: Item | undefined;
  /** `null` = it is first. */
  previous: string | null;
  isLast: boolean;
}

/** Text has no milliseconds: the item must be made equal to the words. */
export function isTextCut({ modalities, heardText }: TruncateOptions, { item }: Standing): boolean {
  if (heardText === undefined) return false;
  if (modalities !== undefined) return !modalities.includes('audio');
  if (item?.kind !== 'message' || item.parts.length === 0) return false;
  return item.parts.every((part) => part.kind === 'text');
}

/** Replaces an item by its heard words (or by nothing). False where this wire cannot, or would not: it has diverged then. */
export async function syncHeardText(
  editor: ItemEditor,
  { item, previous, isLast }: Standing,
  heardText: string,
  { history }: Capabilities,
): Promise<boolean> {
  const canAdd = history === 'any' || (history === 'append' && isLast);
  if (item?.kind !== 'message' || !editor.canRemove || !(canAdd || heardText === '')) return false;
  try {
    // One after the other: until the first is gone, a server may take the second for its double.
    await editor.removeItem(item.id);
    if (heardText !== '') {
      await editor.addItem({ ...item, parts: [{ kind: 'text', text: heardText }] }, previous);
    }
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ReparteeError)) throw thrown;
    return false;
  }
}
