import type { Item, ItemPart } from '../../chat/item.js';
import { bytesToBase64 } from '../../core/index.js';
import type { LlmRequest } from '../contracts.js';

/** What `messages` holds on this wire, as far as we send it. */
export type ChatMessage =
  | { role: 'system' | 'user'; content: string | ContentPart[] }
  | { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export type ContentPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

export interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/**
 * The conversation as this wire wants it: every tool call in the message of its assistant, and right behind it one result
 * for each. Results that came later are moved there, missing ones say so, and those without a call become words of the system,
 * because servers refuse a history that breaks the rule.
 */
export function chatMessages({ instructions, items }: LlmRequest): ChatMessage[] {
  const results = new Map<string, string>();
  const called = new Set<string>();
  for (const item of items) {
    if (item.kind === 'result') results.set(item.call, item.output);
    else if (item.kind === 'call') called.add(item.call);
  }
  const messages: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind === 'message') {
      addMessage(messages, item);
    } else if (item.kind === 'call') {
      const calls = callsFrom(items, at);
      addCalls(messages, calls, results);
      at += calls.length - 1;
    } else if (item.kind === 'result' && !called.has(item.call)) {
      messages.push({ role: 'system', content: `The tool ${item.name ?? ''} answered: ${item.output}` });
    }
  }
  return messages;
}

type MessageItem = Extract<Item, { kind: 'message' }>;
type CallItem = Extract<Item, { kind: 'call' }>;

function addMessage(messages: ChatMessage[], item: MessageItem): void {
  const text = item.parts.map(partText).filter(Boolean).join('\n');
  if (item.role === 'assistant') {
    if (text !== '') messages.push({ role: 'assistant', content: text });
    return;
  }
  const images = item.parts.filter((part) => part.kind === 'image');
  if (images.length === 0) {
    if (text !== '') messages.push({ role: item.role, content: text });
    return;
  }
  const content: ContentPart[] = images.map(({ mime, data }) => ({
    type: 'image_url',
    image_url: { url: `data:${mime};base64,${bytesToBase64(data)}` },
  }));
  if (text !== '') content.unshift({ type: 'text', text });
  messages.push({ role: item.role, content });
}

function callsFrom(items: readonly Item[], at: number): CallItem[] {
  const calls: CallItem[] = [];
  for (let next = items[at]; next?.kind === 'call'; next = items[at + calls.length]) calls.push(next);
  return calls;
}

/** Calls of one response belong to the text before them. */
function addCalls(
  messages: ChatMessage[],
  calls: readonly CallItem[],
  results: ReadonlyMap<string, string>,
): void {
  const asked = calls.map(
    ({ call, name, args }): ToolCall => ({
      id: call,
      type: 'function',
      function: { name, arguments: args === '' ? '{}' : args },
    }),
  );
  const last = messages.at(-1);
  if (last?.role === 'assistant' && last.tool_calls === undefined) last.tool_calls = asked;
  else messages.push({ role: 'assistant', content: null, tool_calls: asked });
  for (const { call } of calls) {
    messages.push({
      role: 'tool',
      tool_call_id: call,
      content: results.get(call) ?? 'The tool has not answered yet.',
    });
  }
}

function partText(part: ItemPart): string {
  return part.kind === 'text' ? part.text : part.kind === 'audio' ? (part.transcript ?? '') : '';
}
