import type { Item, ItemPart } from '../../../chat/item.js';
import { base64ToBytes, bytesToBase64 } from '../../../core/index.js';
import type { Content, FunctionResponse, Part } from '../messages.js';
import { isObject, objectFromText } from './json.js';

/**
 * Items as turns. Live has the roles `user` and `model` only, so a system message goes as the user's; speech goes as its
 * words. Items that have no words, and items of other vendors, give no turn. `calls`: as parts of their own, or as notes
 * in words, for models that do not take the parts (they are the user's: what a model seems to have said, it says again).
 */
export function itemsToContents(items: readonly Item[], calls: 'parts' | 'text' = 'parts'): Content[] {
  const names = new Map<string, string>();
  const contents: Content[] = [];
  for (const item of items) {
    if (item.kind === 'call') names.set(item.call, item.name);
    const content = calls === 'text' ? itemInWords(item, names) : itemToContent(item, names);
    if (content !== undefined) contents.push(content);
  }
  return contents;
}

function itemInWords(item: Item, names: ReadonlyMap<string, string>): Content | undefined {
  if (item.kind === 'call') return note(`(You called the tool ${item.name} with ${item.args || '{}'}.)`);
  if (item.kind !== 'result') return itemToContent(item, names);
  const name = item.name ?? names.get(item.call) ?? '';
  return note(`(The tool ${name} ${item.isError === true ? 'failed' : 'returned'}: ${item.output})`);
}

function note(text: string): Content {
  return { role: 'user', parts: [{ text }] };
}

/** `names`: of functions by call, for results that do not say. */
export function itemToContent(
  item: Item,
  names: ReadonlyMap<string, string> = new Map(),
): Content | undefined {
  switch (item.kind) {
    case 'message': {
      const parts = item.parts.map(partToWire).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : { role: item.role === 'assistant' ? 'model' : 'user', parts };
    }
    case 'call':
      return {
        role: 'model',
        parts: [{ functionCall: { id: item.call, name: item.name, args: objectFromText(item.args) } }],
      };
    case 'result': {
      const name = item.name ?? names.get(item.call) ?? '';
      const response = responseOf(item.output, item.isError === true);
      return { role: 'user', parts: [{ functionResponse: { id: item.call, name, response } }] };
    }
    case 'provider':
      return undefined;
  }
}

/** One turn as items, in order: words and pictures together as one message, each call and each result for itself. */
export function contentToItems(content: Content): Item[] {
  const items: Item[] = [];
  let parts: ItemPart[] | undefined;
  for (const part of content.parts ?? []) {
    if (part.functionCall !== undefined) {
      const { id, name, args } = part.functionCall;
      parts = undefined;
      items.push({
        kind: 'call',
        id: '',
        call: id ?? '',
        name: name ?? '',
        args: JSON.stringify(args ?? {}),
        status: 'completed',
      });
      continue;
    }
    if (part.functionResponse !== undefined) {
      const { id, name } = part.functionResponse;
      parts = undefined;
      items.push({
        kind: 'result',
        id: '',
        call: id ?? '',
        ...(name === undefined ? {} : { name }),
        ...outputOf(part.functionResponse),
      });
      continue;
    }
    const ours = partFromWire(part);
    if (ours === undefined) continue;
    if (parts === undefined) {
      parts = [];
      items.push({
        kind: 'message',
        id: '',
        role: content.role === 'model' ? 'assistant' : 'user',
        parts,
        status: 'completed',
      });
    }
    parts.push(ours);
  }
  return items;
}

/** A tool's outcome under the keys that have a meaning there. */
export function responseOf(output: string, isError: boolean): Record<string, unknown> {
  return isError ? { error: output } : { output };
}

/** The reverse; an answer without those keys is its own output, as JSON. */
export function outputOf({ response }: FunctionResponse): { output: string; isError: boolean } {
  const body = response ?? {};
  const isError = body.error !== undefined && body.output === undefined;
  const value = isError ? body.error : (body.output ?? body);
  return { output: typeof value === 'string' ? value : JSON.stringify(value), isError };
}

/** The words of a system instruction, paragraph by paragraph. */
export function textOf(content: unknown): string {
  const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
  return parts
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .filter((text) => text !== '')
    .join('\n\n');
}

function partToWire(part: ItemPart): Part | undefined {
  switch (part.kind) {
    case 'text':
      return part.text === '' ? undefined : { text: part.text };
    case 'audio':
      return part.transcript === null || part.transcript === '' ? undefined : { text: part.transcript };
    case 'image':
      return { inlineData: { mimeType: part.mime, data: bytesToBase64(part.data) } };
  }
}

function partFromWire({ text, thought, inlineData }: Part): ItemPart | undefined {
  if (text !== undefined) return thought === true || text === '' ? undefined : { kind: 'text', text };
  const { mimeType, data } = inlineData ?? {};
  if (mimeType === undefined || data === undefined || !mimeType.startsWith('image/')) return undefined;
  return { kind: 'image', mime: mimeType, data: base64ToBytes(data) };
}
