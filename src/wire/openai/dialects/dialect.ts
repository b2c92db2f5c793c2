import type { ClientEvent } from '../events.js';

/** A parsed frame of either side, before anything about its fields is known. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * A dialect is a translation between the GA wire, which is all that the machines know, and another server's or client's
 * words. It works on parsed frames: a frame is parsed once and written once, whatever it says. Audio that a client sends is
 * the same in every dialect and does not pass here.
 */
export interface ClientDialect {
  /** What a server's frame means, in GA events, in order; a frame with no translation is passed on as it is. `event` may be changed. */
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
  /** A client's frame as a GA event, not yet validated, or why it is none. `parsed` may be changed. */
  read(parsed: unknown): { event: unknown } | Mistranslated;
  /** A GA event of the server in the dialect's words; `null` = the dialect has none for it. */
  write(event: { type: string; event_id: string }): object | null;
}
