import type { Item, ItemPart } from '../../../realtime/contract.js';
import { itemFromWire } from '../convert/index.js';
import type { AudioFormat, WireItem } from '../events.js';
import type { ClientCore } from './core.js';
import { shapeOf } from './item-commands.js';
import { readMcpItem } from './mcp.js';
import type { Pending } from './pending.js';
import { type Fields, fieldsOf, idOf, MalformedField, optionalMs } from './read.js';

/** `conversation.item.added`: also for items that we created, which confirms them. */
export function onItemAdded(core: ClientCore, event: Fields, name: string): void {
  const item = readItem(core, event);
  if (core.items.has(item.id)) return core.note(name, event);
  const created = takeCreated(core, item.id, event);
  core.items.of(item.id).item = item;
  core.ack(created?.cmd, event, item.id);
  core.emit({ t: 'item', phase: 'added', item, ...afterOf(core, event), basis: 'wire', raw: event });
  if (item.kind === 'provider') readMcpItem(core, fieldsOf(event, 'item'), false, event);
}

export function onItemDone(core: ClientCore, event: Fields, name: string): void {
  const item = readItem(core, event);
  // A server that leaves the first event out.
  if (!core.items.has(item.id)) onItemAdded(core, event, name);
  const known = core.items.of(item.id);
  if (known.done) return core.note(name, event);
  known.item = item;
  known.done = true;
  core.emit({ t: 'item', phase: 'done', item, ...afterOf(core, event), basis: 'wire', raw: event });
  if (item.kind === 'provider') readMcpItem(core, fieldsOf(event, 'item'), true, event);
}

/** The older name: added, and done unless it is still being written. */
export function onItemCreated(core: ClientCore, event: Fields, name: string): void {
  onItemAdded(core, event, name);
  const status = fieldsOf(event, 'item').status;
  const known = core.items.of(idOf(fieldsOf(event, 'item'), 'id'));
  if (status !== 'in_progress' && !known.done) onItemDone(core, event, name);
}

export function onItemRetrieved(core: ClientCore, event: Fields, name: string): void {
  const item = readItem(core, event);
  const fetch = core.pending.take('fetch', item.id);
  core.ack(fetch?.cmd, event, item.id);
  if (!core.items.has(item.id)) return core.note(name, event);
  core.emit({ t: 'item', phase: 'fetched', item, basis: 'wire', raw: event });
}

export function onItemDeleted(core: ClientCore, event: Fields, name: string): void {
  const id = idOf(event, 'item_id');
  const removal = core.pending.take('delete', id);
  const item = core.items.get(id)?.item;
  core.items.delete(id);
  core.ack(removal?.cmd, event, id);
  if (item === undefined) return core.note(name, event);
  core.emit({ t: 'item', phase: 'removed', item, basis: 'wire', raw: event });
}

export function onItemTruncated(core: ClientCore, event: Fields, name: string): void {
  const id = idOf(event, 'item_id');
  const heardMs = optionalMs(event, 'audio_end_ms');
  const cut = core.pending.take('cut', id);
  const item = core.items.get(id)?.item;
  core.ack(cut?.cmd, event, id);
  if (item === undefined) return core.note(name, event);
  core.emit({
    t: 'item',
    phase: 'cut',
    item,
    ...(heardMs === undefined ? {} : { heardMs }),
    basis: 'wire',
    raw: event,
  });
}

const roles: readonly unknown[] = ['user', 'assistant', 'system'];

/** Texts that are none, or missing, become ''; a message of nobody is malformed. */
function readItem(core: ClientCore, event: Fields): Item {
  const fields = fieldsOf(event, 'item');
  const id = core.idOf(idOf(fields, 'id'));
  idOf(fields, 'type');
  if (fields.type === 'message' && !roles.includes(fields.role)) throw new MalformedField('item.role');
  const format: AudioFormat = fields.role === 'assistant' ? core.outputFormat : core.inputFormat;
  const wire: unknown = fields;
  const item = itemFromWire(wire as WireItem, format);
  switch (item.kind) {
    case 'message':
      return { ...item, id, parts: item.parts.map(soundPart) };
    case 'call':
      return { ...item, id, call: text(item.call) || id, name: text(item.name), args: text(item.args) };
    case 'result':
      return { ...item, id, call: text(item.call), output: text(item.output) };
    case 'provider':
      return { ...item, id };
  }
}

function soundPart(part: ItemPart): ItemPart {
  if (part.kind === 'text') return { kind: 'text', text: text(part.text) };
  if (part.kind === 'audio' && typeof part.transcript !== 'string') return { ...part, transcript: null };
  return part;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** By id; or, where the server gave it another id, the oldest of that shape that nothing else explains. */
function takeCreated(core: ClientCore, id: string, event: Fields): Pending | undefined {
  const named = core.pending.take('create', id);
  if (named !== undefined) return named;
  if (core.items.get(id) !== undefined || core.turns.of(id) !== undefined) return undefined;
  const wire: unknown = fieldsOf(event, 'item');
  const shape = shapeOf(wire as WireItem);
  const oldest = core.pending.peek('create');
  if (oldest?.shape !== shape) return undefined;
  core.pending.remove(oldest);
  return oldest;
}

/** Absent where the server says nothing, or names an item that is not there. */
function afterOf(core: ClientCore, event: Fields): { after?: string | null } {
  const previous = event.previous_item_id;
  if (previous === null) return { after: null };
  return typeof previous === 'string' && core.items.has(previous) ? { after: previous } : {};
}
