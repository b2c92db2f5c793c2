import type { Word } from '../../../realtime/contract.js';

/**
 * The part of a transcript that was heard up to `heardMs`: by the words' places where they are known, else by its share
 * of the audio, up to the end of a word.
 */
export function heardText(text: string, words: readonly Word[], heardMs: number, wholeMs: number): string {
  if (heardMs <= 0) return '';
  if (wholeMs > 0 && heardMs >= wholeMs) return text;
  if (words.length > 0) {
    const heard = words.filter((word) => word.toMs <= heardMs);
    return heard.map((word) => word.text.trim()).join(' ');
  }
  if (wholeMs <= 0) return '';
  const at = Math.floor((text.length * heardMs) / wholeMs);
  if (/\s/.test(text[at] ?? ' ')) return text.slice(0, at).trimEnd();
  return text.slice(0, text.lastIndexOf(' ', at) + 1).trimEnd();
}
