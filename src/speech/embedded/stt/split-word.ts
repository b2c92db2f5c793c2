import type { Word } from '../../../chat/item.js';

/** What the grammar has as one word is several: each has its share of the time, in whole milliseconds. */
export function splitWord({ fromMs, toMs }: Word, parts: readonly string[]): Word[] {
  const eachMs = (toMs - fromMs) / parts.length;
  return parts.map((text, i) => ({
    text,
    fromMs: Math.round(fromMs + i * eachMs),
    toMs: Math.round(fromMs + (i + 1) * eachMs),
  }));
}
