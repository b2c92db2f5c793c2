import type { Word } from '../realtime/index.js';

/**
 * The beginning of `text` that was heard by `heardMs`: up to the last word whose middle had been played, with the
 * punctuation behind it. Without word times: the caller's own account, or as large a share of the text as of the audio,
 * cut at a word.
 */
export function heardPart(
  text: string,
  words: readonly Word[],
  heardMs: number,
  otherwise: { heardText: string; spokenMs: number },
): string {
  if (words.length > 0) return upToWords(text, words, heardMs);
  if (otherwise.heardText !== '') return otherwise.heardText;
  if (otherwise.spokenMs <= 0) return '';
  const share = Math.min(1, heardMs / otherwise.spokenMs);
  if (share === 1) return text;
  const rough = text.slice(0, Math.floor(text.length * share));
  return rough.slice(0, Math.max(0, rough.lastIndexOf(' ')));
}

function upToWords(text: string, words: readonly Word[], heardMs: number): string {
  const lower = text.toLowerCase();
  let end = 0;
  for (const word of words) {
    if ((word.fromMs + word.toMs) / 2 > heardMs) break;
    // A synthesiser may have said "ten" for "10": such a word has no place of its own and is passed over.
    const place = lower.indexOf(word.text.toLowerCase(), end);
    if (place >= 0) end = place + word.text.length;
  }
  if (end === 0) return '';
  const rest = /^[^\p{L}\p{N}\s]*/u.exec(text.slice(end))?.[0] ?? '';
  return text.slice(0, end + rest.length);
}
