import { checkId, checkMs } from './shapes.js';
import type { EventOf, Fail, Seen } from './state.js';

/** item: added, then done once; cut, fetched and removed only while it exists. */
export function checkItem(seen: Seen, event: EventOf<'item'>, fail: Fail): void {
  const { id } = event.item;
  checkId('item.id', id, fail);
  if (event.phase === 'added') {
    if (seen.items.has(id)) fail('item-added-once', `item ${id} exists already`);
    if (typeof event.after === 'string' && !seen.items.has(event.after)) {
      fail('item-after', `item ${id} follows ${event.after}, which does not exist`);
    }
    seen.items.set(id, { done: false });
    return;
  }
  const record = seen.items.get(id);
  if (record === undefined) fail('item-added-first', `item ${id} does not exist`);
  if (event.phase === 'done') {
    if (record.done) fail('item-done-once', `item ${id} is done already`);
    record.done = true;
  } else if (event.phase === 'removed') {
    seen.items.delete(id);
  } else if (event.phase === 'cut') {
    checkMs('heardMs', event.heardMs, fail);
  }
}
