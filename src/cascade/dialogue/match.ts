import type { CompiledDialogue, CompiledIntent } from './compile.js';
import type { Form, FormPart } from './pattern.js';
import { Readings } from './readings.js';
import { weightOf } from './tokens.js';
import type { SlotValue } from './types.js';

export interface Match {
  intent: string;
  slots: Record<string, SlotValue>;
  /** 0..1: how much of the phrase was said, and how much of what was said is in the phrase. */
  score: number;
}

/** A way to lay the rest of a phrase over the rest of the tokens, as a chain of what fits. */
interface Alignment {
  /** Weight of the tokens that fit. */
  fit: number;
  /** Weight of those of them that are slots. */
  inSlots: number;
  at: number;
  length: number;
  slot: string | null;
  value: SlotValue;
  rest: Alignment | null;
}

/**
 * What a token of a name or a free text is worth: next to nothing, because anything could be one, but more than to pass it
 * over.
 */
const openWeight = 0.01;

/** The intent that fits best, if one fits well enough; of equals the one written first. */
export function matchIntent(dialogue: CompiledDialogue, tokens: readonly string[]): Match | undefined {
  const readings = new Readings(dialogue, tokens);
  let best: Match | undefined;
  for (const intent of dialogue.intents) {
    for (const form of intent.forms) {
      const match = matchForm(dialogue, intent, form, readings);
      if (match.score >= dialogue.threshold && match.score > (best?.score ?? 0)) best = match;
    }
  }
  return best;
}

/** Typed slots, and names that are known, said anywhere among the tokens not used yet; marks what it takes as used. */
export function spotSlots(
  names: readonly string[],
  readings: Readings,
  used: boolean[],
): { slots: Record<string, SlotValue>; weight: number } {
  const slots: Record<string, SlotValue> = {};
  let weight = 0;
  for (const name of names) {
    const typed = readings.isTyped(name);
    for (let at = 0; at < readings.tokens.length && slots[name] === undefined; at++) {
      const reading = readings
        .at(name, at)
        .find(
          ({ value, length }) =>
            (typed || readings.isKnownName(name, value)) && !used.slice(at, at + length).includes(true),
        );
      if (reading === undefined) continue;
      slots[name] = reading.value;
      used.fill(true, at, at + reading.length);
      weight += typed ? readings.weight(at, reading.length) : openWeight * reading.length;
    }
  }
  return { slots, weight };
}

function matchForm(
  dialogue: CompiledDialogue,
  intent: CompiledIntent,
  form: Form,
  readings: Readings,
): Match {
  const { tokens } = readings;
  const aligned = align(form, readings);
  const slots: Record<string, SlotValue> = {};
  const used = tokens.map(() => false);
  for (let link = aligned; link !== null; link = link.rest) {
    used.fill(true, link.at, link.at + link.length);
    if (link.slot !== null) slots[link.slot] = link.value;
  }
  const missing = intent.slots.filter((name) => slots[name] === undefined);
  const spotted = spotSlots(missing, readings, used);
  const fit = (aligned?.fit ?? 0) + spotted.weight;
  // What was said and fits, and what was said besides; and so for the phrase.
  const passedOver = tokens.reduce(
    (sum, token, index) => (used[index] || dialogue.fillers.has(token) ? sum : sum + weightOf(token)),
    0,
  );
  const words = form.reduce((sum, part) => sum + ('token' in part ? weightOf(part.token) : 0), 0);
  const phrase = words + (aligned?.inSlots ?? 0) + spotted.weight;
  const score = fit === 0 ? 0 : (2 * fit) / (phrase + fit + passedOver);
  return { intent: intent.name, slots: { ...spotted.slots, ...slots }, score };
}

/** The heaviest way to lay a phrase over the tokens in order; parts and tokens that do not fit are passed over. */
function align(form: Form, readings: Readings): Alignment | null {
  const count = readings.tokens.length;
  // best[j]: of the parts from the present one to the end, laid over the tokens from j.
  let best: (Alignment | null)[] = Array.from({ length: count + 1 }, () => null);
  for (let place = form.length - 1; place >= 0; place--) {
    const part = form[place]!;
    const row = best.slice();
    for (let at = count - 1; at >= 0; at--) {
      row[at] = take(part, form[place - 1], at, readings, best, heavier(row[at + 1]!, best[at]!));
    }
    best = row;
  }
  return best[0] ?? null;
}

function take(
  part: FormPart,
  before: FormPart | undefined,
  at: number,
  readings: Readings,
  best: readonly (Alignment | null)[],
  otherwise: Alignment | null,
): Alignment | null {
  if ('token' in part) {
    const rest = best[at + 1] ?? null;
    if (part.token !== readings.tokens[at]) return otherwise;
    const fit = (rest?.fit ?? 0) + weightOf(part.token);
    return heavier(otherwise, {
      fit,
      inSlots: rest?.inSlots ?? 0,
      at,
      length: 1,
      slot: null,
      value: 0,
      rest,
    });
  }
  const typed = readings.isTyped(part.slot);
  // Any words could be a name: only those behind the word that announces it are.
  if (!typed && before !== undefined && 'token' in before && readings.tokens[at - 1] !== before.token) {
    return otherwise;
  }
  let heaviest = otherwise;
  for (const { value, length } of readings.at(part.slot, at)) {
    const rest = best[at + length] ?? null;
    const weight = typed ? readings.weight(at, length) : openWeight * length;
    const fit = (rest?.fit ?? 0) + weight;
    const inSlots = (rest?.inSlots ?? 0) + weight;
    heaviest = heavier(heaviest, { fit, inSlots, at, length, slot: part.slot, value, rest });
  }
  return heaviest;
}

/** The first of equals. */
function heavier(one: Alignment | null, other: Alignment | null): Alignment | null {
  return (other?.fit ?? 0) > (one?.fit ?? 0) ? other : one;
}
