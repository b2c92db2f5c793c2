import { type Match, matchIntent } from './match.js';
import { type Form, unfold } from './pattern.js';
import { defaultFillers } from './tokens.js';
import type { Dialogue, IntentSpec, SlotSpec, Texts } from './types.js';

/** A checked dialogue with its phrases unfolded. */
export interface CompiledDialogue {
  spec: Dialogue;
  slots: Readonly<Record<string, SlotSpec>>;
  intents: readonly CompiledIntent[];
  fillers: ReadonlySet<string>;
  threshold: number;
  /** `matchIntent`, remembered: a conversation is followed from its beginning for every reply. */
  match(tokens: readonly string[]): Match | undefined;
}

/** Messages whose match is remembered. */
const maxRemembered = 500;

export interface CompiledIntent {
  name: string;
  spec: IntentSpec;
  forms: readonly Form[];
  /** Slots that belong to it: those it needs, and those of its phrases. */
  slots: readonly string[];
}

export function compile(dialogue: Dialogue): CompiledDialogue {
  const remembered = new Map<string, Match | undefined>();
  const compiled: CompiledDialogue = {
    spec: dialogue,
    slots: dialogue.slots ?? {},
    intents: Object.entries(dialogue.intents).map(([name, spec]) => {
      const forms = spec.phrases.flatMap(unfold);
      const named = forms.flatMap((form) => form.flatMap((part) => ('slot' in part ? [part.slot] : [])));
      return { name, spec, forms, slots: [...new Set([...(spec.needs ?? []), ...named])] };
    }),
    fillers: new Set(dialogue.fillers ?? defaultFillers),
    threshold: dialogue.threshold ?? 0.6,
    match(tokens) {
      const key = tokens.join(' ');
      if (!remembered.has(key)) {
        if (remembered.size >= maxRemembered) remembered.clear();
        remembered.set(key, matchIntent(compiled, tokens));
      }
      return remembered.get(key);
    },
  };
  return compiled;
}

/** The variant for a turn: never by chance. */
export function variant(texts: Texts, turn: number): string {
  if (typeof texts === 'string') return texts;
  return texts[turn % texts.length] ?? '';
}
