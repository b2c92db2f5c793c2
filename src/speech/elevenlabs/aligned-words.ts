import type { Word } from '../../chat/item.js';
import type { ElevenLabsChunk } from './peer.js';

/** Puts timed characters, which come in pieces, together to timed words. */
export class AlignedWords {
  #word: Word | undefined;

  /** The words that these characters complete. */
  push({
    characters,
    characterStartTimesSeconds: starts,
    characterEndTimesSeconds: ends,
  }: NonNullable<ElevenLabsChunk['alignment']>): Word[] {
    const words: Word[] = [];
    for (const [index, character] of characters.entries()) {
      if (/\s/.test(character)) {
        words.push(...this.finish());
        continue;
      }
      const fromMs = (starts[index] ?? 0) * 1_000;
      this.#word ??= { text: '', fromMs, toMs: fromMs };
      this.#word.text += character;
      this.#word.toMs = (ends[index] ?? 0) * 1_000;
    }
    return words;
  }

  /** The last one. */
  finish(): Word[] {
    const word = this.#word;
    this.#word = undefined;
    return word === undefined ? [] : [word];
  }
}
