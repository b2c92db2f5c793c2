import type { AppMessage, ToolPhase } from './messages.js';

/** One line of the conversation as it stands on the page. Keys are unique on the page, also across sessions. */
export type Entry =
  | { kind: 'user'; key: string; text: string; final: boolean }
  | {
      kind: 'agent';
      key: string;
      heard: string;
      rest: string;
      interrupted: boolean;
      final: boolean;
      latencyMs?: number;
    }
  | { kind: 'tool'; key: string; name: string; args: string; phase: ToolPhase; output?: string }
  | { kind: 'note'; key: string; text: string };

export interface Conversation {
  entries: Entry[];
  /** Counts conversations: the ids of one mean nothing in the next. */
  session: number;
  /** A latency that came before the line it belongs to. */
  waitingLatencyMs: number | null;
  notes: number;
}

/** More lines than this and the oldest go. */
const maxEntries = 400;

export function emptyConversation(): Conversation {
  return { entries: [], session: 1, waitingLatencyMs: null, notes: 0 };
}

/** The conversation after a message. The same object comes back when nothing on the page changes. */
export function hear(c: Conversation, message: AppMessage): Conversation {
  switch (message.type) {
    case 'user_transcript': {
      const { itemId, text, final } = message;
      return put(c, { kind: 'user', key: key(c, itemId), text, final });
    }
    case 'agent_transcript': {
      const { itemId, heard, rest, interrupted, final } = message;
      const id = key(c, itemId);
      const before = c.entries.find((entry) => entry.key === id);
      const known = before?.kind === 'agent' ? before.latencyMs : undefined;
      const latencyMs = known ?? c.waitingLatencyMs ?? undefined;
      const entry: Entry = { kind: 'agent', key: id, heard, rest, interrupted, final };
      if (latencyMs !== undefined) entry.latencyMs = latencyMs;
      return { ...put(c, entry), waitingLatencyMs: known === undefined ? null : c.waitingLatencyMs };
    }
    case 'tool': {
      const { callId, name, phase, output } = message;
      const id = key(c, callId);
      const before = c.entries.find((entry) => entry.key === id);
      const args = message.args ?? (before?.kind === 'tool' ? before.args : '');
      const entry: Entry = { kind: 'tool', key: id, name, args, phase };
      if (output !== undefined) entry.output = output;
      return put(c, entry);
    }
    case 'latency':
      return latency(c, message.v2vMs);
    case 'order':
      return order(c, message.itemIds);
    default:
      return c;
  }
}

/** A remark of the page itself. */
export function note(c: Conversation, text: string): Conversation {
  const notes = c.notes + 1;
  return { ...put(c, { kind: 'note', key: `note/${notes}`, text }), notes };
}

/** A new conversation below the old one, which stays to be read. */
export function nextSession(c: Conversation): Conversation {
  return { ...c, session: c.session + 1, waitingLatencyMs: null };
}

function key(c: Conversation, id: string): string {
  return `${c.session}/${id}`;
}

function put(c: Conversation, entry: Entry): Conversation {
  const index = c.entries.findIndex((other) => other.key === entry.key);
  if (index >= 0) return { ...c, entries: c.entries.with(index, entry) };
  return { ...c, entries: [...c.entries, entry].slice(-maxEntries) };
}

/** Belongs to the agent's line after the user's last one: there already, or still to come. */
function latency(c: Conversation, latencyMs: number): Conversation {
  for (let i = c.entries.length - 1; i >= 0; i--) {
    const entry = c.entries[i]!;
    if (entry.kind === 'user') break;
    if (entry.kind === 'agent' && entry.latencyMs === undefined) {
      return { ...c, entries: c.entries.with(i, { ...entry, latencyMs }) };
    }
  }
  return { ...c, waitingLatencyMs: latencyMs };
}

/** Puts lines into the order told; lines not named stay behind the one they followed. */
function order(c: Conversation, itemIds: readonly string[]): Conversation {
  const place = new Map(itemIds.map((id, index) => [key(c, id), index]));
  const groups: { place: number; entries: Entry[] }[] = [];
  for (const entry of c.entries) {
    const own = place.get(entry.key);
    if (own === undefined && groups.length > 0) groups.at(-1)!.entries.push(entry);
    else groups.push({ place: own ?? -1, entries: [entry] });
  }
  groups.sort((a, b) => a.place - b.place);
  const entries = groups.flatMap((group) => group.entries);
  return entries.every((entry, i) => entry === c.entries[i]) ? c : { ...c, entries };
}
