import { type ChatContext, diffItems, type Item, seedItems } from '../chat/index.js';

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
