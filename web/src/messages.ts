/** What the server's application tells this page, inside the data channel of the browser protocol. */
export type AppMessage =
  /** Who is at the other end; `scripted`: its dialogue is a script, not a language model. */
  | { type: 'hello'; model: string; agent: string; scripted: boolean; notice?: string }
  | { type: 'state'; agent: AgentState; user: UserState }
  /** `text` is the whole text so far; empty while nothing is known but that somebody speaks. */
  | { type: 'user_transcript'; itemId: string; text: string; final: boolean }
  /** `heard` + `rest` is the whole text so far; `rest` has not been heard (yet). */
  | {
      type: 'agent_transcript';
      itemId: string;
      heard: string;
      rest: string;
      interrupted: boolean;
      final: boolean;
    }
  /** `args` once, with `started`. */
  | { type: 'tool'; callId: string; name: string; args?: string; phase: ToolPhase; output?: string }
  /** From the end of the user's speech to the first audible sound of the answer. */
  | { type: 'latency'; turnId: string; v2vMs: number }
  | { type: 'order'; itemIds: string[] }
  | { type: 'error'; code: string; message: string; fatal: boolean };

export type AgentState = 'initializing' | 'listening' | 'thinking' | 'speaking';
export type UserState = 'listening' | 'speaking' | 'away';
export type ToolPhase = 'started' | 'done' | 'failed';

/** What this page tells the server's application. */
export type PageCommand = { type: 'text'; text: string } | { type: 'interrupt' };

type Json = Record<string, unknown>;

/** Null for what this page does not know or cannot read: a newer server must not break an older page. */
export function readMessage(o: Json): AppMessage | null {
  switch (o.type) {
    case 'hello':
      return {
        type: 'hello',
        model: text(o.model),
        agent: text(o.agent),
        scripted: o.scripted === true,
        ...(typeof o.notice === 'string' ? { notice: o.notice } : {}),
      };
    case 'state':
      return {
        type: 'state',
        agent: oneOf(o.agent, ['initializing', 'listening', 'thinking', 'speaking']),
        user: oneOf(o.user, ['listening', 'speaking', 'away']),
      };
    case 'user_transcript':
      if (typeof o.itemId !== 'string') return null;
      return { type: 'user_transcript', itemId: o.itemId, text: text(o.text), final: o.final === true };
    case 'agent_transcript':
      if (typeof o.itemId !== 'string') return null;
      return {
        type: 'agent_transcript',
        itemId: o.itemId,
        heard: text(o.heard),
        rest: text(o.rest),
        interrupted: o.interrupted === true,
        final: o.final === true,
      };
    case 'tool':
      if (typeof o.callId !== 'string') return null;
      return {
        type: 'tool',
        callId: o.callId,
        name: text(o.name),
        phase: oneOf(o.phase, ['started', 'done', 'failed']),
        ...(o.args === undefined ? {} : { args: shown(o.args) }),
        ...(o.output === undefined ? {} : { output: shown(o.output) }),
      };
    case 'latency':
      if (typeof o.v2vMs !== 'number' || !Number.isFinite(o.v2vMs)) return null;
      return { type: 'latency', turnId: text(o.turnId), v2vMs: o.v2vMs };
    case 'order':
      if (!Array.isArray(o.itemIds)) return null;
      return { type: 'order', itemIds: o.itemIds.filter((id) => typeof id === 'string') };
    case 'error':
      return { type: 'error', code: text(o.code), message: text(o.message), fatal: o.fatal === true };
    default:
      return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Arguments and results may come as text or as what the text says. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The first value stands for whatever is not in the list. */
function oneOf<const T extends readonly [string, ...string[]]>(value: unknown, list: T): T[number] {
  return list.find((known) => known === value) ?? list[0];
}
