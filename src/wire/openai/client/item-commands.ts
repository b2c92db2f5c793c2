import type { Command, Item } from '../../../realtime/contract.js';
import { itemToWire } from '../convert/index.js';
import type { NewItem } from '../events.js';
import type { ClientCore } from './core.js';
import { partAt } from './items.js';

type Of<T extends Command['t']> = Extract<Command, { t: T }>;

/** A client's item ids have at most 32 characters; others get one of ours, which the ack tells. */
const legalId = /^[A-Za-z0-9_-]{1,32}$/;

export function addItem(core: ClientCore, { cmd, item, after }: Of<'item.add'>): void {
  const problem = createItem(core, cmd, item, after);
  if (problem !== null) core.refuse(cmd, 'unsupported', problem);
}

/** Seeds the conversation; nobody waits for these. Items that the wire has no form for are left out. */
export function seedItems(core: ClientCore, history: readonly Item[]): void {
  for (const item of history) createItem(core, null, item, undefined);
}

export function addImage(core: ClientCore, { cmd, data, mime }: Of<'image'>): void {
  const item: Item = { kind: 'message', id: '', role: 'user', parts: [{ kind: 'image', mime, data }] };
  createItem(core, cmd, item, undefined);
}

/** The wire never goes on by itself after a result: `then` is the business of whoever sends the next `reply`. */
export function answerCall(core: ClientCore, { cmd, call, output }: Of<'answer'>): void {
  createItem(core, cmd, { kind: 'result', id: '', call, output }, undefined);
}

export function removeItem(core: ClientCore, { cmd, item }: Of<'item.remove'>): void {
  deleteItem(core, cmd, item);
}

export function fetchItem(core: ClientCore, { cmd, item }: Of<'item.fetch'>): void {
  core.expect({ kind: 'fetch', cmd, eventId: cmd, key: item });
  core.send({ type: 'conversation.item.retrieve', event_id: cmd, item_id: item });
}

/**
 * Truncation at an integer position, no further than the audio that came: the server refuses anything else. An item of
 * which nothing was heard, or nothing had come, cannot be truncated (refused at 0 ms), so it is deleted.
 */
export function cutItem(core: ClientCore, { cmd, item, part, heardMs }: Of<'item.cut'>): void {
  const known = core.items.get(item);
  if (known === undefined) {
    const message = `There is no item ${item} on this connection.`;
    core.refuse(cmd, 'item_truncate_invalid_item_id', message, true);
    return;
  }
  const audio = partAt(known, part);
  if (audio?.kind === 'text' || (audio === undefined && known.done)) {
    core.refuse(
      cmd,
      'unsupported_content_type',
      `Part ${part} of item ${item} has no audio of the model.`,
      true,
    );
    return;
  }
  const rate = core.outputFormat.type === 'audio/pcm' ? core.outputFormat.rate : 8000;
  const receivedMs = Math.floor(((audio?.samples ?? 0) * 1000) / rate);
  const endMs = Math.min(Math.floor(heardMs), receivedMs);
  if (endMs <= 0) {
    deleteItem(core, cmd, item);
    return;
  }
  core.expect({ kind: 'cut', cmd, eventId: cmd, key: item });
  core.send({
    type: 'conversation.item.truncate',
    event_id: cmd,
    item_id: item,
    content_index: part,
    audio_end_ms: endMs,
  });
}

function deleteItem(core: ClientCore, cmd: string, item: string): void {
  core.expect({ kind: 'delete', cmd, eventId: cmd, key: item });
  core.send({ type: 'conversation.item.delete', event_id: cmd, item_id: item });
}

/** Why it could not be, or `null`. */
function createItem(
  core: ClientCore,
  cmd: string | null,
  item: Item,
  after: string | null | undefined,
): string | null {
  const id = legalId.test(item.id) ? item.id : core.ids('item');
  const wire = itemToWire({ ...item, id }, core.inputFormat);
  if (wire === null) return `This wire has no form for an item of kind '${item.kind}'.`;
  if (wire.type === 'message' && wire.content.length === 0)
    return 'The item has no content that this wire can carry.';
  const eventId = cmd ?? core.ids('event');
  core.expect({ kind: 'create', cmd, eventId, key: id, shape: shapeOf(wire) });
  core.send({
    type: 'conversation.item.create',
    event_id: eventId,
    ...(after === undefined ? {} : { previous_item_id: after ?? 'root' }),
    item: wire,
  });
  return null;
}

/** Tells kinds of items apart where a server gives a created item another id than was wished. */
export function shapeOf(wire: NewItem): string {
  return wire.type === 'message' ? `message ${wire.role}` : wire.type;
}
