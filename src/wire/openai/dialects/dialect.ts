import type { ClientEvent } from '../events.js';
import type { Fields } from './fields.js';

/**
 * A dialect is a translation between the GA wire, which is all that the machines know, and another server's or client's
 * words. It works on parsed frames, so that a frame is parsed once and written once. Audio that a client sends is the same
 * in every dialect and does not pass here. What is told as `raw` with an event is the frame after its translation.
 */
export interface ClientDialect {
  /** What a server's frame means, in GA events, in order. A frame without a translation is passed on. Never throws. */
  read(event: Fields, type: string): readonly Fields[];
  /** A GA event of the client in the dialect's words. */
  write(event: ClientEvent): object;
}

/** What is wrong with a frame that cannot be translated, as the server's `error` tells it. */
export interface Mistranslated {
  problem: { code: string | null; message: string; param: string | null };
  eventId: string | null;
}

/** The same from the server's end. One per connection: it may remember what only its client knows. */
export interface ServerDialect {
  /** The type of the most frequent event, which is written without a walk over its fields. */
  readonly audioDelta: string;
  /** A client's frame as a GA event, not yet validated, or why it is none. */
  read(parsed: unknown): { event: unknown } | Mistranslated;
  /** A GA event of the server in the dialect's words; `null` = the dialect has none for it. */
  write(event: { type: string; event_id: string }): object | null;
}
