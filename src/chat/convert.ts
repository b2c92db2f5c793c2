import type { ChatItem, ChatMessage, ChatPart } from './chat-item.js';
import { isEmptyMessage, messageText } from './chat-item.js';
import type { Item, ItemPart } from './item.js';

/** The item as wires know it, faithfully; undefined for what only the application knows (handoffs, config updates). */
export function toItem(item: ChatItem): Item | undefined {
  switch (item.kind) {
    case 'message':
      return {
        kind: 'message',
        id: item.id,
        role: item.role === 'developer' ? 'system' : item.role,
        parts: item.parts.map((part): ItemPart => ({ ...part })),
        status: item.interrupted ? 'incomplete' : 'completed',
      };
    case 'function_call':
      return { kind: 'call', id: item.id, call: item.call, name: item.name, args: item.args };
    case 'function_output':
      return {
        kind: 'result',
        id: item.id,
        call: item.call,
        ...(item.name === undefined ? {} : { name: item.name }),
        output: item.output,
        isError: item.isError,
      };
    case 'handoff':
    case 'config_update':
      return undefined;
  }
}

/** What a wire's item says, with what only we know of it; undefined for items that only their vendor understands. */
export function fromItem(
  item: Item,
  more: Partial<Omit<ChatMessage, 'kind' | 'id' | 'role' | 'parts'>> = {},
): ChatItem | undefined {
  const time = more.createdAt === undefined ? {} : { createdAt: more.createdAt };
  switch (item.kind) {
    case 'message':
      return {
        kind: 'message',
        id: item.id,
        role: item.role,
        parts: item.parts.map(withoutSamples),
        interrupted: item.role === 'assistant' && item.status === 'incomplete',
        ...more,
      };
    case 'call':
      return {
        kind: 'function_call',
        id: item.id,
        call: item.call,
        name: item.name,
        args: item.args,
        ...time,
      };
    case 'result':
      return {
        kind: 'function_output',
        id: item.id,
        call: item.call,
        ...(item.name === undefined ? {} : { name: item.name }),
        output: item.output,
        isError: item.isError ?? false,
        ...time,
      };
    case 'provider':
      return undefined;
  }
}

/**
 * The items that tell a new link of this conversation: words as text (history is never seeded as audio), of a spoken
 * answer only what was heard, and neither unheard answers nor empty messages.
 */
export function seedItems(items: readonly ChatItem[]): Item[] {
  const seeds: Item[] = [];
  for (const item of items) {
    const told = item.kind === 'message' ? asHeard(item) : item;
    const seed = told && toItem(told);
    if (seed) seeds.push(seed);
  }
  return seeds;
}

function asHeard(message: ChatMessage): ChatMessage | undefined {
  if (message.role === 'assistant' && message.heard === 'unheard') return undefined;
  if (isEmptyMessage(message)) return undefined;
  const spoken = message.parts.some((part) => part.kind === 'audio');
  if (message.role === 'assistant' && message.heard === 'partly' && message.heardText !== undefined) {
    if (message.heardText === '') return undefined;
    return { ...message, parts: [{ kind: 'text', text: message.heardText }], interrupted: false };
  }
  if (!spoken) return message;
  const images = message.parts.filter((part) => part.kind === 'image');
  const text = messageText(message);
  return { ...message, parts: text === '' ? images : [{ kind: 'text', text }, ...images] };
}

function withoutSamples(part: ItemPart): ChatPart {
  return part.kind === 'audio' ? { kind: 'audio', transcript: part.transcript } : { ...part };
}
