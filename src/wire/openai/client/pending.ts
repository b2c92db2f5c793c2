import { allBut, none } from '../../../core/none.js';
import type { Patch } from '../../../realtime/contract.js';

/** What a command waits for. */
export type PendingKind =
  | 'update'
  | 'commit'
  | 'clear'
  | 'create'
  | 'delete'
  | 'cut'
  | 'fetch'
  | 'reply'
  | 'stop';

export interface Pending {
  kind: PendingKind;
  /** The command to answer; `null` where nobody waits (history, raw frames). */
  cmd: string | null;
  /** `event_id` of the frame, which an error repeats. */
  eventId: string;
  /** Item or response that the confirmation will name; '' where it names none. */
  key: string;
  outOfBand?: boolean;
  /** What the caller of a reply gave; told again when its response begins. */
  metadata?: Record<string, string>;
  /** The approval that it answers. */
  approval?: string;
  /** What an update changes. */
  patch?: Patch;
  /** The one update that opens the session. */
  opening?: boolean;
  /** Type and role of a created item, for servers that give it another id. */
  shape?: string;
  /** Order of sending, to tell a reply from an automatic answer where the server repeats no metadata. */
  order: number;
}

const limit = 512;

/**
 * Commands sent and not yet confirmed, in order of sending. The wire confirms by item or response id, or, where its
 * events name nothing (`session.updated`, `committed`, `cleared`), by order; errors name the `event_id`.
 */
export class PendingBook {
  #entries: readonly Pending[] = none;
  #order = 0;

  /** A server that never confirms makes the oldest entry fall out; it is returned. What opens the session stays. */
  add(entry: Omit<Pending, 'order'>): Pending | undefined {
    this.#entries = this.#entries.concat({ order: this.nextOrder(), ...entry });
    if (this.#entries.length <= limit) return undefined;
    const dropped = this.#entries[this.#entries[0]?.opening === true ? 1 : 0];
    if (dropped !== undefined) this.remove(dropped);
    return dropped;
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  /** The oldest of its kind that fits, without taking it. */
  peek(kind: PendingKind, fits: (entry: Pending) => boolean = () => true): Pending | undefined {
    return this.#entries.find((entry) => entry.kind === kind && fits(entry));
  }

  /** All of a kind, the oldest first. */
  all(kind: PendingKind): Pending[] {
    return this.#entries.filter((entry) => entry.kind === kind);
  }

  take(kind: PendingKind, key?: string): Pending | undefined {
    const entry = this.peek(kind, (one) => key === undefined || one.key === key);
    if (entry !== undefined) this.remove(entry);
    return entry;
  }

  takeByEventId(eventId: string): Pending | undefined {
    const entry = this.#entries.find((one) => one.eventId === eventId);
    if (entry !== undefined) this.remove(entry);
    return entry;
  }

  takeReply(cmd: string): Pending | undefined {
    const entry = this.peek('reply', (one) => one.cmd === cmd);
    if (entry !== undefined) this.remove(entry);
    return entry;
  }

  remove(entry: Pending): void {
    this.#entries = allBut(this.#entries, entry);
  }

  get size(): number {
    return this.#entries.length;
  }
}
