import type { Command, Event } from '../../realtime/index.js';

/** One line of a link's conversation: what was sent to it, or what came from it. */
export type LinkEntry = { dir: 'command'; command: Command } | { dir: 'event'; event: Event };

export type EventOf<T extends Event['t']> = Extract<Event, { t: T }>;

/** Stops the check with the rule that was broken. */
export type Fail = (rule: string, why: string) => never;

export interface ResponseRecord {
  outOfBand: boolean;
  produced: boolean;
  ended: boolean;
}

export interface PartRecord {
  kind: 'audio' | 'text';
  response: string | null;
  done: boolean;
  finals: Set<string>;
}

export interface CallRecord {
  name: string;
  ready: boolean;
  withdrawn: boolean;
}

/** What the checker has seen so far; the rules read it and note in it. */
export class Seen {
  opened = false;
  closeSent = false;
  ready = false;
  closing = false;
  lastAudioAtMs = 0;
  /** Commands sent, by cmd. */
  readonly commands = new Map<string, Command>();
  readonly answered = new Set<string>();
  /** The turn whose speech has started and not stopped. */
  speaking: string | null = null;
  readonly turns = new Set<string>();
  readonly committedTurns = new Set<string>();
  readonly committedItems = new Set<string>();
  /** Items now in the conversation: whether each is done. */
  readonly items = new Map<string, { done: boolean }>();
  readonly heardToTheEnd = new Set<string>();
  readonly responses = new Map<string, ResponseRecord>();
  readonly parts = new Map<string, PartRecord>();
  readonly calls = new Map<string, CallRecord>();
  /** Asked for by the provider. */
  readonly approvals = new Set<string>();
}
