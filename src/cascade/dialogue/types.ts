/** One text, or several of which one is chosen by the number of the turn. */
export type Texts = string | string[];

/**
 * A conversation written as data. It is a script and no language model: it understands what its phrases say and nothing
 * else. Plain JSON; `loadDialogue` checks it.
 */
export interface Dialogue {
  name?: string;
  /** Said when a reply is asked for before anybody has spoken. */
  greeting: Texts;
  slots?: Record<string, SlotSpec>;
  intents: Record<string, IntentSpec>;
  notUnderstood: Texts;
  /** Said to an empty turn: the user was silent for long. Default `more`. */
  silence?: Texts;
  /** Said when a reply is asked for and nothing is owed. Default "Is there anything else?" */
  more?: Texts;
  /** Said when the tool of an intent is not offered in this session. Default `notUnderstood`. */
  unavailable?: Texts;
  /** Words that mean nothing anywhere. Default: um, uh, please, hello and the like. */
  fillers?: string[];
  /** Share of words that must fit a phrase, 0..1. Default 0.6. */
  threshold?: number;
}

export interface IntentSpec {
  /**
   * What a user says: words, `[optional]`, `(one|the other)`, `{slot}`. Words of the user that fit nothing, and words of the phrase
   * that were not heard, count against it; its slots need not be heard, they are asked for.
   */
  phrases: string[];
  /** Slots that must be known, in the order in which they are asked for. */
  needs?: string[];
  /** Said when all is known; before the call, if there is one. May name slots: `{day}`. */
  says?: Texts;
  /** A tool to call. `"{slot}"` alone gives the slot's value, other texts are templates, other values go as they are. */
  call?: { tool: string; args?: Record<string, unknown> };
  /** What follows the result, first match wins. Required with `call`; the last has no `when`. */
  then?: FollowUp[];
}

export interface FollowUp {
  /** About `result` (the tool's output), `error` (it failed) and the slots: `result.slots`, `!result.ok`, `result.reason = taken`. */
  when?: string;
  says: Texts;
  /** Goes on with the intent: `says` has asked for this slot, which is forgotten and filled by the next answer. */
  ask?: string;
  /** With `ask`: the answer carries on that intent instead, with the slots known so far ("On monday we have …": which one shall I book?). */
  intent?: string;
  /** Slots to forget besides. */
  forget?: string[];
}

/** What a slot can hold. `ask` is needed where an intent needs the slot; `retry` is said when its answer was not understood. */
export type SlotSpec = { ask?: Texts; retry?: Texts } & (
  | { kind: 'list'; values: (string | { value: string; say: string[] })[] }
  /** A whole number; its value is a number. */
  | { kind: 'number'; min?: number; max?: number }
  /** "half past two" is "14:30". Hours before `earliestHour` (default 8) without a m or p m are in the afternoon. */
  | { kind: 'time'; earliestHour?: number }
  /** A weekday ("tuesday", "next tuesday"), "today" or "tomorrow": said as such, because a script knows no date. */
  | { kind: 'day' }
  /** One to three words that are nothing else; `values` are those that a recogniser should expect. */
  | { kind: 'name'; values?: string[] }
  /** Figures one by one, as in a telephone number; its value is a text. Default 3 to 15 of them. */
  | { kind: 'digits'; min?: number; max?: number }
  /** Letters and figures one by one, as in a booking code. Default 2 to 12. */
  | { kind: 'spelled'; min?: number; max?: number }
  /** Any words; `values` are examples for the recogniser. */
  | { kind: 'text'; values?: string[] }
);

export type SlotValue = string | number;
