import { type ChatContext, diffItems, type Item, seedItems } from '../chat/index.js';
import type { ChatUpdate } from './session-options.js';

/** What must be removed from, and then added to, the server's conversation to make it equal to `chat`. */
export function chatDifference(
  remote: readonly Item[],
  chat: ChatContext,
): { remove: readonly string[]; add: { item: Item; after: string | null }[] } {
  const wanted = seedItems(chat.items);
  const items = new Map(wanted.map((item) => [item.id, item]));
  const { remove, create } = diffItems(remote, wanted);
  return { remove, add: create.map(({ id, after }) => ({ item: items.get(id)!, after })) };
}

/** Who can change the server's conversation. */
export interface ItemEditor {
  addItem(item: Item, after?: string | null): Promise<void>;
  removeItem(itemId: string): Promise<void>;
}

/** Makes the server's conversation equal to `chat`: removes, then adds in order; tells what could not be done. */
export async function updateChat(
  editor: ItemEditor,
  remote: readonly Item[],
  chat: ChatContext,
): Promise<ChatUpdate> {
  const { remove, add } = chatDifference(remote, chat);
  const update: ChatUpdate = { applied: [], diverged: [] };
  const settle = async (itemId: string, want: 'present' | 'absent', done: Promise<void>) => {
    try {
      await done;
      update.applied.push(itemId);
    } catch (error) {
      const have = want === 'present' ? 'absent' : 'present';
      const reason = error instanceof Error ? error.message : String(error);
      update.diverged.push({ itemId, want, have, reason });
    }
  };
  await Promise.all([
    ...remove.map((itemId) => settle(itemId, 'absent', editor.removeItem(itemId))),
    ...add.map(({ item, after }) => settle(item.id, 'present', editor.addItem(item, after))),
  ]);
  return update;
}
