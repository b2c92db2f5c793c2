import { compile } from './compile.js';
import { examplesOf } from './examples.js';
import { loadDialogue } from './load.js';
import type { Form } from './pattern.js';
import type { Dialogue } from './types.js';

export interface SentenceOptions {
  /** How many sentences at most. Default 2000. */
  limit?: number;
}

/** Said before a value in an answer, by the kind of its slot. */
const leadIns: Record<string, readonly string[]> = {
  name: ['my name is', "it's", 'this is', 'for', 'i am'],
  day: ['on', 'how about'],
  time: ['at', 'how about'],
  list: ['the', 'for'],
};

/**
 * What the dialogue can understand, as a recogniser would write it: lower-case words without punctuation, numbers and times in
 * words. Every way to say each phrase comes first, then every value as an answer by itself, then the phrases with other values. The same dialogue always gives the same list. ConfigError `option_invalid` as `loadDialogue`.
 */
export function dialogueSentences(dialogue: Dialogue, { limit = 2000 }: SentenceOptions = {}): string[] {
  const { intents, slots } = compile(loadDialogue(dialogue));
  const examples = Object.fromEntries(Object.entries(slots).map(([name, spec]) => [name, examplesOf(spec)]));
  const answers = Object.keys(slots).flatMap((slot): Form[] => [
    [{ slot }],
    ...(leadIns[slots[slot]!.kind] ?? []).map(
      (words): Form => [...words.split(' ').map((word) => ({ word, token: word })), { slot }],
    ),
  ]);
  const forms = intents.flatMap((intent) => intent.forms);
  const rounds = Math.max(1, ...Object.values(examples).map((values) => values.length));
  const sentences = new Set<string>();
  const addRound = (all: readonly Form[], round: number) => {
    for (const [index, form] of all.entries()) {
      if (sentences.size >= limit) return;
      const sentence = say(form, examples, round, index);
      if (sentence !== undefined) sentences.add(sentence);
    }
  };
  addRound(forms, 0);
  for (let round = 0; round < rounds; round++) addRound(answers, round);
  for (let round = 1; round < rounds; round++) addRound(forms, round);
  return [...sentences];
}

/** Each form begins at another value, so that all values occur early. */
function say(
  form: Form,
  examples: Record<string, readonly string[]>,
  round: number,
  offset: number,
): string | undefined {
  const words: string[] = [];
  for (const [place, part] of form.entries()) {
    if ('word' in part) {
      words.push(part.word);
      continue;
    }
    const values = examples[part.slot] ?? [];
    const value = values[(round + offset + place) % values.length];
    if (value === undefined) return undefined;
    words.push(value);
  }
  return words.join(' ');
}
