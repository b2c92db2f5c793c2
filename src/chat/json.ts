import { base64ToBytes, bytesToBase64 } from '../core/index.js';
import type { ChatItem, ChatPart } from './chat-item.js';
import { bad, Fields } from './json-fields.js';

/** A conversation as plain JSON. Absent fields are unknown; readers ignore fields that they do not know. */
export interface ChatContextJSON {
  version: 1;
  items: ChatItemJSON[];
}

/** An item with its images as base64 text. */
export type ChatItemJSON = ChatItem extends infer T
  ? T extends { parts: readonly ChatPart[] }
    ? Omit<T, 'parts'> & { parts: ChatPartJSON[] }
    : T
  : never;

export type ChatPartJSON =
  | Exclude<ChatPart, { kind: 'image' }>
  | { kind: 'image'; mime: string; base64: string };

export function itemToJSON(item: ChatItem): ChatItemJSON {
  if (item.kind !== 'message') return { ...item };
  return { ...item, parts: item.parts.map(partToJSON) };
}

function partToJSON(part: ChatPart): ChatPartJSON {
  if (part.kind !== 'image') return { ...part };
  return { kind: 'image', mime: part.mime, base64: bytesToBase64(part.data) };
}

/** Reads `ChatContextJSON`, parsed or as text. Throws `option_invalid` with the path of the field at fault. */
export function itemsFromJSON(json: unknown): ChatItem[] {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (thrown) {
      throw bad('', 'JSON', thrown);
    }
  }
  const root = new Fields(value, '');
  if (root.raw('version') !== 1) throw bad('version', `1 (found ${JSON.stringify(root.raw('version'))})`);
  return root.list('items').map(readItem);
}

function readItem(fields: Fields): ChatItem {
  const kind = fields.choice('kind', [
    'message',
    'function_call',
    'function_output',
    'handoff',
    'config_update',
  ]);
  const base = { id: fields.text('id'), ...fields.optional('createdAt', 'number') };
  switch (kind) {
    case 'message':
      return {
        kind,
        ...base,
        role: fields.choice('role', ['user', 'assistant', 'system', 'developer']),
        parts: fields.list('parts').map(readPart),
        interrupted: fields.flag('interrupted'),
        ...(fields.has('heard') ? { heard: fields.choice('heard', ['heard', 'partly', 'unheard']) } : {}),
        ...fields.optional('heardText', 'string'),
        ...fields.optional('heardMs', 'number'),
        ...fields.optional('confidence', 'number'),
      };
    case 'function_call':
      return {
        kind,
        ...base,
        call: fields.text('call'),
        name: fields.text('name'),
        args: fields.text('args'),
      };
    case 'function_output':
      return {
        kind,
        ...base,
        call: fields.text('call'),
        ...fields.optional('name', 'string'),
        output: fields.text('output'),
        isError: fields.flag('isError'),
      };
    case 'handoff':
      return { kind, ...base, ...fields.optional('from', 'string'), to: fields.text('to') };
    case 'config_update':
      return {
        kind,
        ...base,
        ...fields.optional('instructions', 'string'),
        ...fields.optional('toolsAdded', 'texts'),
        ...fields.optional('toolsRemoved', 'texts'),
      };
  }
}

function readPart(fields: Fields): ChatPart {
  const kind = fields.choice('kind', ['text', 'audio', 'image']);
  switch (kind) {
    case 'text':
      return { kind, text: fields.text('text') };
    case 'audio':
      return { kind, transcript: fields.raw('transcript') === null ? null : fields.text('transcript') };
    case 'image':
      return { kind, mime: fields.text('mime'), data: readBytes(fields) };
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readBytes(fields: Fields): Uint8Array {
  const text = fields.text('base64');
  if (!base64.test(text)) throw bad(fields.path('base64'), 'base64');
  // A copy of its own: Node's bytes lie in a pool that they would keep alive.
  return new Uint8Array(base64ToBytes(text));
}
