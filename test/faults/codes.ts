import type { Ms } from '../../src/core/index.js';

/**
 * Every sample of a conversation says what it is of: a caller's sample names its utterance and its place there, a model's
 * sample its word. So what was lost, or came twice, is counted and not guessed. All are loud enough for the energy VAD.
 */
const loud = 8_192;
const placesPerUtterance = 512;
const wordsPerKind = 128;
const kindsPerTurn = 4;

/** Length of the stretch of speech whose samples are alike. */
export const windowMs: Ms = 10;
/** Length of each of the model's words. */
export const wordMs: Ms = 100;
/** Turns that samples can name. */
export const turnLimit = 32;

/** `a`: the answer to a turn; `b`: what follows its tools; `c`: anything else. */
export type WordKind = 'a' | 'b' | 'c';
const kinds: readonly WordKind[] = ['a', 'b', 'c'];

/** A piece of an utterance; `fromMs` and `ms` are multiples of the window. */
export function speech(turn: number, fromMs: Ms, ms: Ms, sampleRateHz: number): Int16Array {
  const perWindow = (sampleRateHz * windowMs) / 1000;
  const pcm = new Int16Array((sampleRateHz * ms) / 1000);
  for (let at = 0; at < pcm.length; at += perWindow) {
    const place = fromMs / windowMs + at / perWindow;
    pcm.fill(loud + turn * placesPerUtterance + place, at, at + perWindow);
  }
  return pcm;
}

/** Undefined: silence. */
export function placeOf(sample: number): { turn: number; place: number } | undefined {
  if (sample < loud) return undefined;
  const code = sample - loud;
  return { turn: Math.floor(code / placesPerUtterance), place: code % placesPerUtterance };
}

/** `a7w3`: the fourth word of the answer to turn 7. */
export function wordName(kind: WordKind, turn: number, word: number): string {
  return `${kind}${turn}w${word}`;
}

export function wordsOf(kind: WordKind, turn: number, count: number): string {
  return Array.from({ length: count }, (_, word) => wordName(kind, turn, word)).join(' ');
}

/** The sound of a word; undefined: it is none of ours. */
export function soundOf(word: string, sampleRateHz: number): Int16Array | undefined {
  const read = /^([abc])(\d+)w(\d+)$/.exec(word);
  if (read === null) return undefined;
  const [, kind, turn, place] = read;
  const code = (Number(turn) * kindsPerTurn + kinds.indexOf(kind as WordKind)) * wordsPerKind + Number(place);
  return new Int16Array((sampleRateHz * wordMs) / 1000).fill(loud + code);
}

export function wordOfSample(sample: number): string | undefined {
  if (sample < loud) return undefined;
  const code = sample - loud;
  const group = Math.floor(code / wordsPerKind);
  const kind = kinds[group % kindsPerTurn];
  return kind && wordName(kind, Math.floor(group / kindsPerTurn), code % wordsPerKind);
}

/** Adds the samples of each word to `counts`; tells each stretch of one word. */
export function countWords(
  pcm: Int16Array,
  counts: Map<string, number>,
  onStretch: (word: string) => void = () => {},
): void {
  for (let at = 0; at < pcm.length; ) {
    const sample = pcm[at]!;
    let to = at + 1;
    while (to < pcm.length && pcm[to] === sample) to += 1;
    const word = wordOfSample(sample);
    if (word !== undefined) {
      onStretch(word);
      counts.set(word, (counts.get(word) ?? 0) + to - at);
    }
    at = to;
  }
}
