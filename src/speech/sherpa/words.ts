import type { Word } from '../../chat/item.js';
import type { SherpaResult } from './peer.js';

/** How long a word lasts of which only the beginning is told, at most. */
const longestMs = 600;

/** Words from timed tokens: a token that begins with a blank (or `▁`) begins a word, and each lasts until the next begins. */
export function wordsOf({ tokens = [], timestamps = [] }: SherpaResult, startMs: number): Word[] {
  const words: Word[] = [];
  for (const [index, token] of tokens.entries()) {
    const fromMs = startMs + (timestamps[index] ?? 0) * 1_000;
    const text = token.replaceAll('▁', ' ');
    const last = words.at(-1);
    if (last !== undefined && !text.startsWith(' ')) {
      last.text += text;
      last.toMs = fromMs + longestMs;
    } else {
      if (last !== undefined) last.toMs = Math.min(last.toMs, fromMs);
      words.push({ text: text.trim(), fromMs, toMs: fromMs + longestMs });
    }
  }
  return words.filter(({ text }) => text !== '');
}
