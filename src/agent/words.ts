import type { HeardState } from '../chat/index.js';
import type { Word } from '../chat/item.js';
import { byId, type Ms } from '../core/index.js';
import { none } from '../core/none.js';

interface Spoken {
  id: string;
  text: string;
  words: readonly Word[];
  /** Where in `text` each of `words` ends. */
  ends: readonly number[];
  writtenMs: Ms;
  heardMs: Ms;
  /** Nothing more of it will be heard. */
  settled: HeardState | undefined;
}

/** How many settled items keep their words, for those that come late. */
const settledLimit = 8;

/** How an item's text divides at the caller's ear. */
export interface HeardText {
  heard: string;
  rest: string;
}

/**
 * The words of the items being spoken: their text as it arrives, and how much of it was heard. Where the wire gives word times they
 * are used; elsewhere the text is divided in proportion to the audio, at a word's end: an estimate.
 */
export class SpokenWords {
  #items: readonly Spoken[] = none;

  add(
    item: string,
    text: string,
    how: 'append' | 'replace' | 'final',
    words: readonly Word[] | undefined,
  ): void {
    const spoken = this.#item(item);
    if (how === 'append') spoken.text += text;
    else if (text !== '' || how === 'replace') {
      spoken.text = text;
      // The same words stand elsewhere in it; words of a text that is void are void.
      const before = how === 'replace' ? [] : spoken.words;
      spoken.words = none;
      spoken.ends = none;
      place(spoken, before);
    }
    if (words !== undefined && how !== 'final') place(spoken, words);
  }

  heard(item: string, heardMs: Ms, writtenMs: Ms): void {
    const spoken = this.#item(item);
    spoken.heardMs = Math.max(spoken.heardMs, heardMs);
    spoken.writtenMs = writtenMs;
  }

  text(item: string): string {
    return byId(this.#items, item)?.text ?? '';
  }

  heardMs(item: string): Ms {
    return byId(this.#items, item)?.heardMs ?? 0;
  }

  divide(item: string): HeardText {
    const spoken = byId(this.#items, item);
    if (spoken === undefined) return { heard: '', rest: '' };
    const end = spoken.words.length > 0 ? endByWords(spoken) : endByShare(spoken);
    return { heard: spoken.text.slice(0, end), rest: spoken.text.slice(end) };
  }

  settle(item: string, heard: HeardState): void {
    const spoken = this.#item(item);
    spoken.settled = heard;
    // Those settled last stand last, whenever they were begun.
    const items = this.#items.filter((other) => other !== spoken).concat(spoken);
    const settled = items.filter((other) => other.settled !== undefined);
    const old = settled.slice(0, -settledLimit);
    this.#items = old.length === 0 ? items : items.filter((other) => !old.includes(other));
  }

  settled(item: string): HeardState | undefined {
    return byId(this.#items, item)?.settled;
  }

  #item(item: string): Spoken {
    let spoken = byId(this.#items, item);
    if (spoken === undefined) {
      spoken = { id: item, text: '', words: none, ends: none, writtenMs: 0, heardMs: 0, settled: undefined };
      this.#items = this.#items.concat(spoken);
    }
    return spoken;
  }
}

/** Finds timed words in the text, each behind the one before. */
function place(spoken: Spoken, more: readonly Word[]): void {
  if (more.length === 0) return;
  let from = spoken.ends.at(-1) ?? 0;
  const ends = more.map(({ text }) => {
    const at = spoken.text.indexOf(text, from);
    if (at >= 0) from = at + text.length;
    return from;
  });
  spoken.words = spoken.words.concat(more);
  spoken.ends = spoken.ends.concat(ends);
}

/** A word counts as heard when more than half of it was. */
function endByWords({ words, ends, heardMs, text }: Spoken): number {
  let end = 0;
  for (let index = 0; index < words.length; index++) {
    const { fromMs, toMs } = words[index]!;
    if ((fromMs + toMs) / 2 > heardMs) return end;
    end = ends[index]!;
  }
  // All timed words were heard: what follows the last one is its punctuation, or text that has no times yet.
  const rest = /^[^\p{L}\p{N}]*/u.exec(text.slice(end));
  return end + (rest?.[0].length ?? 0);
}

function endByShare({ text, heardMs, writtenMs }: Spoken): number {
  if (writtenMs <= 0 || heardMs <= 0) return 0;
  if (heardMs >= writtenMs - 1) return text.length;
  const share = Math.round((text.length * heardMs) / writtenMs);
  return Math.max(0, text.lastIndexOf(' ', share));
}
