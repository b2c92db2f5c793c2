import type { Item } from '../../realtime/index.js';
import { itemText, resultValue } from '../played-llm.js';
import { type CompiledDialogue, type CompiledIntent, variant } from './compile.js';
import { type Match, spotSlots } from './match.js';
import { Readings } from './readings.js';
import { fill, holds, type Scope } from './template.js';
import { tokenise } from './tokens.js';
import type { SlotValue } from './types.js';

/** What the script owes the user now. */
export type Owed =
  | { t: 'say'; text: string }
  | { t: 'call'; tool: string; args: Record<string, unknown>; intent: string; slots: Slots };

type Slots = Record<string, SlotValue>;

/** How far a conversation has come; derived from its items alone, every time anew. */
export interface Talk {
  /** Messages of the user so far. */
  turn: number;
  /** The intent under way and what is known for it. */
  intent: string | null;
  slots: Slots;
  /** The slot that was asked for. */
  asked: string | null;
  /** Calls made, by call id: what they were for. */
  calls: Map<string, { intent: string; slots: Slots }>;
  owed: Owed[];
  /** Whether the model has said anything yet. */
  spoke: boolean;
}

/** Longer messages are no request that a phrase could fit. */
const maxTokens = 60;
/** Another intent is taken up in the middle of a question only when it fits this much better than the threshold. */
const switchMargin = 0.15;

export function follow(dialogue: CompiledDialogue, items: readonly Item[], tools: ReadonlySet<string>): Talk {
  const talk: Talk = {
    turn: 0,
    intent: null,
    slots: {},
    asked: null,
    calls: new Map(),
    owed: [],
    spoke: false,
  };
  for (const item of items) {
    if (item.kind === 'message') {
      if (item.role === 'user') hear(dialogue, talk, itemText(item), tools);
      else if (item.role === 'assistant' && itemText(item) !== '') {
        talk.spoke = true;
        talk.owed = talk.owed.filter((owed) => owed.t === 'call');
      }
    } else if (item.kind === 'call') {
      called(dialogue, talk, item);
    } else if (item.kind === 'result') {
      learned(dialogue, talk, item);
    }
  }
  return talk;
}

/** A message of the user: whatever was owed before is superseded. */
function hear(dialogue: CompiledDialogue, talk: Talk, text: string, tools: ReadonlySet<string>): void {
  const { spec, threshold } = dialogue;
  const variantNow = talk.turn;
  talk.turn += 1;
  talk.owed = [];
  const tokens = tokenise(text).slice(0, maxTokens);
  if (tokens.length === 0) {
    const question = talk.asked === null ? undefined : dialogue.slots[talk.asked]?.ask;
    say(talk, variant(question ?? spec.silence ?? spec.more ?? defaultMore, variantNow), talk.slots);
    return;
  }
  const match = dialogue.match(tokens);
  if (talk.asked !== null) {
    const answer = isRequest(talk, match, threshold) ? undefined : answerTo(dialogue, talk.asked, tokens);
    if (answer !== undefined) {
      const intent = intentOf(dialogue, talk.intent);
      const missing = (intent?.slots ?? []).filter(
        (name) => talk.slots[name] === undefined && name !== talk.asked,
      );
      const more = spotSlots(missing, answer.readings, answer.used).slots;
      Object.assign(talk.slots, more, { [talk.asked]: answer.value });
      advance(dialogue, talk, tools);
      return;
    }
    if (match === undefined) {
      const slot = dialogue.slots[talk.asked];
      say(talk, variant(slot?.retry ?? spec.notUnderstood, variantNow), talk.slots);
      return;
    }
  }
  if (match === undefined) {
    say(talk, variant(spec.notUnderstood, variantNow));
    return;
  }
  // The same intent said again in the middle of it adds to what is known.
  const before = match.intent === talk.intent ? talk.slots : {};
  talk.intent = match.intent;
  talk.slots = { ...before, ...match.slots };
  advance(dialogue, talk, tools);
}

/** asked->…->known: asks for what is missing, or does what the intent is for. */
function advance(dialogue: CompiledDialogue, talk: Talk, tools: ReadonlySet<string>): void {
  const intent = intentOf(dialogue, talk.intent);
  if (intent === undefined) return;
  const turn = talk.turn - 1;
  const missing = intent.spec.needs?.find((name) => talk.slots[name] === undefined);
  talk.asked = missing ?? null;
  if (missing !== undefined) {
    say(talk, variant(dialogue.slots[missing]?.ask ?? dialogue.spec.notUnderstood, turn), talk.slots);
    return;
  }
  const { call, says } = intent.spec;
  const slots = talk.slots;
  talk.intent = null;
  talk.slots = {};
  if (call !== undefined && !tools.has(call.tool)) {
    say(talk, variant(dialogue.spec.unavailable ?? dialogue.spec.notUnderstood, turn));
    return;
  }
  if (says !== undefined) say(talk, variant(says, turn), slots);
  if (call === undefined) return;
  const args = Object.fromEntries(
    Object.entries(call.args ?? {}).map(([name, value]) => [name, argument(value, slots)]),
  );
  talk.owed.push({ t: 'call', tool: call.tool, args, intent: intent.name, slots });
}

function called(dialogue: CompiledDialogue, talk: Talk, item: Extract<Item, { kind: 'call' }>): void {
  const place = talk.owed.findIndex((owed) => owed.t === 'call' && owed.tool === item.name);
  const owed = talk.owed[place];
  if (owed?.t === 'call') {
    // With the words that go before it: they belong to the same response, said or not.
    talk.owed.splice(0, place + 1);
    talk.calls.set(item.call, { intent: owed.intent, slots: owed.slots });
    return;
  }
  // Of a history that this script did not make.
  const intent = dialogue.intents.find(({ spec }) => spec.call?.tool === item.name);
  if (intent !== undefined) talk.calls.set(item.call, { intent: intent.name, slots: {} });
}

function learned(dialogue: CompiledDialogue, talk: Talk, item: Extract<Item, { kind: 'result' }>): void {
  const made = talk.calls.get(item.call);
  const intent = intentOf(dialogue, made?.intent ?? null);
  if (made === undefined || intent === undefined) return;
  const scope: Scope = { ...made.slots, result: resultValue(item.output), error: item.isError === true };
  const follow = intent.spec.then?.find(({ when }) => when === undefined || holds(when, scope));
  if (follow === undefined) return;
  say(talk, variant(follow.says, Math.max(0, talk.turn - 1)), scope);
  // Another question is open already: that one is not taken back.
  if (follow.ask === undefined || talk.asked !== null) return;
  talk.intent = follow.intent ?? intent.name;
  talk.asked = follow.ask;
  talk.slots = { ...made.slots };
  for (const name of [follow.ask, ...(follow.forget ?? [])]) delete talk.slots[name];
}

/** In the middle of a question: another request that fits well, or the same one with the answer in it. */
function isRequest(talk: Talk, match: Match | undefined, threshold: number): boolean {
  if (match === undefined || talk.asked === null) return false;
  if (match.intent === talk.intent) return match.slots[talk.asked] !== undefined;
  return match.score >= threshold + switchMargin;
}

interface Answer {
  value: SlotValue;
  readings: Readings;
  /** By token: whether it belongs to the answer. */
  used: boolean[];
}

/** The value of the slot that was asked for, wherever it stands in the answer: the longest; of a name the one that is known. */
function answerTo(dialogue: CompiledDialogue, slot: string, tokens: readonly string[]): Answer | undefined {
  const spec = dialogue.slots[slot];
  if (spec === undefined) return undefined;
  const readings = new Readings(dialogue, tokens);
  const known = spec.kind === 'name' ? (spec.values ?? []).map((name) => name.toLowerCase()) : [];
  let best: Answer | undefined;
  let bestRank = 0;
  tokens.forEach((_, at) => {
    if (spec.kind === 'name' && isLeadIn(tokens, at)) return;
    const [longest] = readings.at(slot, at);
    if (longest === undefined) return;
    const { value, length } = longest;
    const rank = length + (known.includes(String(value).toLowerCase()) ? tokens.length : 0);
    // "Call me Anna": of two words that may be names, the later.
    if (spec.kind === 'name' ? rank < bestRank : rank <= bestRank) return;
    bestRank = rank;
    best = { value, readings, used: tokens.map((_token, index) => index >= at && index < at + length) };
  });
  return best;
}

/** "name" in "my name is …", "called" in "I am called …" */
function isLeadIn(tokens: readonly string[], at: number): boolean {
  return tokens[at] === 'name' || tokens[at] === 'called' || tokens[at] === 'names';
}

function say(talk: Talk, text: string, scope: Scope = {}): void {
  talk.owed.push({ t: 'say', text: fill(text, scope) });
}

function argument(value: unknown, slots: Slots): unknown {
  if (typeof value !== 'string') return value;
  const alone = /^\{(\w+)\}$/.exec(value)?.[1];
  return alone === undefined ? fill(value, slots) : slots[alone];
}

function intentOf(dialogue: CompiledDialogue, name: string | null): CompiledIntent | undefined {
  return dialogue.intents.find((intent) => intent.name === name);
}

export const defaultMore = 'Is there anything else?';
