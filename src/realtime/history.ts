import { type ChatContext, diffItems, type Item, seedItems } from '../chat/index.js';
import { type Clock, type Ms, ProviderError, ReparteeError, type Timer } from '../core/index.js';
import type { ChatUpdate } from './session-options.js';

/** `updateChatCtx` was not confirmed in time; `update` says what is done, and on what the server may differ now. */
export class ChatUpdateError extends ProviderError {
  readonly update: ChatUpdate;

  constructor(message: string, update: ChatUpdate, provider: string) {
    super('provider_failed', message, { provider });
    this.update = update;
  }
}

/**
 * What must be removed from, and then added to, the server's conversation to make it equal to `chat`. What is there with
 * other content is removed and added anew. Messages of the server without words (audio not written down, pictures) stay:
 * nobody here knows what they hold. `again`: items of both lists, which cannot be had where nothing can be removed.
 */
export function chatDifference(
  remote: readonly Item[],
  chat: ChatContext,
): { remove: string[]; add: { item: Item; after: string | null }[]; again: string[] } {
  const kept = new Set(remote.filter(isUnwritten).map((item) => item.id));
  const wanted = seedItems(chat.items);
  const items = new Map(wanted.map((item) => [item.id, item]));
  const diff = diffItems(remote, wanted, hasSameWords);
  const removed = diff.remove.filter((id) => !kept.has(id));
  const changed = diff.changed.filter((id) => !kept.has(id));
  const created = new Set([...diff.create.map(({ id }) => id), ...changed]);
  const add: { item: Item; after: string | null }[] = [];
  let after: string | null = null;
  for (const item of items.values()) {
    if (created.has(item.id) && !kept.has(item.id)) add.push({ item, after });
    after = item.id;
  }
  const there = new Set(remote.map(({ id }) => id));
  const again = add.map(({ item }) => item.id).filter((id) => there.has(id));
  return { remove: [...removed, ...changed], add, again };
}

/** Who can change the server's conversation. */
export interface ItemEditor {
  readonly canRemove: boolean;
  readonly provider: string;
  addItem(item: Item, after?: string | null): Promise<void>;
  removeItem(itemId: string): Promise<void>;
}

/**
 * Makes the server's conversation equal to `chat`: removes, then adds in order; tells what could not be done. Rejects with
 * `ChatUpdateError` when the server has not confirmed all of it at the deadline, which runs from `linked` where that is given.
 */
export function updateChat(
  editor: ItemEditor,
  remote: readonly Item[],
  chat: ChatContext,
  { clock, timeoutMs, linked }: { clock: Clock; timeoutMs: Ms; linked: Promise<void> | undefined },
): Promise<ChatUpdate> {
  const { remove, add, again } = chatDifference(remote, chat);
  const update: ChatUpdate = { applied: [], diverged: [] };
  const pending = new Map<Promise<void>, { itemId: string; want: 'present' | 'absent' }>();
  const stays = new Set(editor.canRemove ? [] : again);
  for (const itemId of stays) {
    const reason = `${editor.provider} cannot remove the item that is there`;
    update.diverged.push({ itemId, want: 'present', have: 'outdated', reason });
  }
  for (const itemId of remove) {
    if (!stays.has(itemId)) pending.set(editor.removeItem(itemId), { itemId, want: 'absent' });
  }
  for (const { item, after } of add) {
    if (!stays.has(item.id)) pending.set(editor.addItem(item, after), { itemId: item.id, want: 'present' });
  }
  return new Promise((resolve, reject) => {
    if (pending.size === 0) return resolve(update);
    let timer: Timer | undefined;
    const expire = () => {
      for (const change of pending.values()) {
        update.diverged.push({ ...change, have: 'unknown', reason: 'not confirmed in time' });
      }
      pending.clear();
      const message = `The model did not confirm the conversation within ${timeoutMs} ms`;
      reject(new ChatUpdateError(message, update, editor.provider));
    };
    const watch = () => {
      if (pending.size > 0) timer = clock.at(clock.now() + timeoutMs, expire);
    };
    if (linked === undefined) watch();
    else linked.then(watch, () => {});
    const settle = (done: Promise<void>, failure?: unknown) => {
      const change = pending.get(done);
      if (change === undefined) return;
      pending.delete(done);
      if (failure !== undefined) update.diverged.push({ ...change, ...stateAfter(change.want, failure) });
      else if (!update.applied.includes(change.itemId)) update.applied.push(change.itemId);
      if (pending.size > 0) return;
      timer?.cancel();
      resolve(update);
    };
    for (const done of pending.keys()) {
      done.then(
        () => settle(done),
        (failure: unknown) => settle(done, failure),
      );
    }
  });
}

/** What is left where a change failed: a refusal changed nothing; of one that got no answer nobody knows. */
function stateAfter(
  want: 'present' | 'absent',
  failure: unknown,
): { have: 'present' | 'absent' | 'unknown'; reason: string } {
  const reason = failure instanceof Error ? failure.message : String(failure);
  const isSettled = failure instanceof ReparteeError && !unsettled.has(failure.code);
  return { have: isSettled ? (want === 'present' ? 'absent' : 'present') : 'unknown', reason };
}

const unsettled = new Set<string>(['provider_failed', 'connection_lost', 'closed']);

/** A message of which this side has no words. */
function isUnwritten(item: Item): boolean {
  return item.kind === 'message' && wordsOf(item) === '';
}

function hasSameWords(one: Item, other: Item): boolean {
  if (one.kind === 'message' && other.kind === 'message') return wordsOf(one) === wordsOf(other);
  if (one.kind === 'call' && other.kind === 'call') return one.name === other.name && one.args === other.args;
  if (one.kind === 'result' && other.kind === 'result') return one.output === other.output;
  return one.kind === other.kind;
}

/** Words are compared as they are heard: spaces between parts are nobody's. */
function wordsOf({ parts }: Extract<Item, { kind: 'message' }>): string {
  const texts = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    return part.kind === 'audio' ? (part.transcript ?? '') : '';
  });
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}
