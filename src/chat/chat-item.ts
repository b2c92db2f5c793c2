/** What a conversation is made of, as the application sees it. Items are values: change one by replacing it. */
export type ChatItem = ChatMessage | ChatFunctionCall | ChatFunctionOutput | ChatHandoff | ChatConfigUpdate;

interface ChatItemBase {
  /** Unique in its context. */
  readonly id: string;
  /** Wall clock, milliseconds since the epoch. Absent = unknown. */
  readonly createdAt?: number;
}

export type ChatRole = 'user' | 'assistant' | 'system' | 'developer';

/** How much of a spoken message reached its listener. */
export type HeardState = 'heard' | 'partly' | 'unheard';

export interface ChatMessage extends ChatItemBase {
  readonly kind: 'message';
  readonly role: ChatRole;
  readonly parts: readonly ChatPart[];
  /** The listener cut it off. */
  readonly interrupted: boolean;
  /** Absent = unknown, or it was never spoken. */
  readonly heard?: HeardState;
  /** The words that were played; set with `heard: 'partly'` where word times are known. */
  readonly heardText?: string;
  /** Milliseconds of this message that were played. */
  readonly heardMs?: number;
  /** 0..1, of a recognised user message. */
  readonly confidence?: number;
}

export type ChatPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Something spoken; `null` transcript: none (yet). The samples are not kept here. */
  | { readonly kind: 'audio'; readonly transcript: string | null }
  | { readonly kind: 'image'; readonly mime: string; readonly data: Uint8Array };

export interface ChatFunctionCall extends ChatItemBase {
  readonly kind: 'function_call';
  readonly call: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly args: string;
}

export interface ChatFunctionOutput extends ChatItemBase {
  readonly kind: 'function_output';
  /** The `call` of the function call that it answers. */
  readonly call: string;
  readonly name?: string;
  readonly output: string;
  readonly isError: boolean;
}

/** Another agent took over. */
export interface ChatHandoff extends ChatItemBase {
  readonly kind: 'handoff';
  /** Absent for the first agent of a session. */
  readonly from?: string;
  readonly to: string;
}

/** The agent's instructions or tools changed. Absent fields did not change. */
export interface ChatConfigUpdate extends ChatItemBase {
  readonly kind: 'config_update';
  readonly instructions?: string;
  readonly toolsAdded?: readonly string[];
  readonly toolsRemoved?: readonly string[];
}

/** Id of the message that holds an agent's instructions, where a context carries them. */
export const instructionsItemId = 'instructions';

/** A message of one text, or of the parts given. */
export function chatMessage(
  id: string,
  role: ChatRole,
  content: string | readonly ChatPart[],
  more: Partial<Omit<ChatMessage, 'kind' | 'id' | 'role' | 'parts'>> = {},
): ChatMessage {
  const parts: readonly ChatPart[] =
    typeof content === 'string' ? [{ kind: 'text', text: content }] : content;
  return { kind: 'message', id, role, parts, interrupted: false, ...more };
}

/** Texts and transcripts of all parts, joined by a blank; `''` where there are none. */
export function messageText(message: ChatMessage): string {
  const texts: string[] = [];
  for (const part of message.parts) {
    const text = part.kind === 'text' ? part.text : part.kind === 'audio' ? (part.transcript ?? '') : '';
    if (text !== '') texts.push(text);
  }
  return texts.join(' ');
}

/** True where no part holds a text, a transcript or an image. */
export function isEmptyMessage(message: ChatMessage): boolean {
  return messageText(message) === '' && !message.parts.some((part) => part.kind === 'image');
}

/** True for messages of the roles `system` and `developer`. */
export function isSystemMessage(item: ChatItem): item is ChatMessage {
  return item.kind === 'message' && (item.role === 'system' || item.role === 'developer');
}
