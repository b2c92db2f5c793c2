import type { DecoderTuning } from '../stt/decoder.js';
import { dictionaryText } from '../stt/dictionary.js';
import { graphText, ngramGraph } from '../stt/fsg.js';
import type { WordArc } from '../stt/grammar.js';
import { type Language, type Pronounce, pronunciations, type Vocabulary } from '../stt/language.js';
import { end } from '../stt/ngram.js';
import { beginningToken, type OpeningClass, type Openings, phraseToken } from './openings.js';

/** The language weighs more than elsewhere, for there is little to be heard yet; and small words stand alone. */
export const openingsTuning: DecoderTuning = { lw: 8, silprob: 0.1 };

/** How often callers nod, or order, while somebody speaks to them; the rest is any words. */
const firstShare = { backchannel: 0.5, command: 0.07 };
/** How often they do it again, and how often any words follow. */
const nextShare = { backchannel: 0.4, command: 0.5 };
const wordsShare = { backchannel: 0.03, command: 0.3 };
/** The first phrases of a list are said so often twice: "yeah yeah". */
const doubled = 8;
const doubledShare = 0.15;
/** Phrases of a list become rarer like this (Zipf's law, flattened at the head). */
const flatness = 5;
/** What is not over yet, against what is. */
const unfinished = 0.3;
/** One sound alone is the beginning of too much. */
const leastSounds = 2;

interface Phrase {
  text: string;
  /** All ways of saying it. */
  sounds: readonly string[];
  p: number;
}

/**
 * The language of an utterance's first second: small phrases and orders beside the whole vocabulary, and the beginnings of
 * all these as if they were words, so that what is being said is known before it is over. The dictionary is that of the
 * recogniser; see `pronunciations`.
 */
export function openingsLanguage(
  openings: Openings,
  { model, entries }: Vocabulary,
  dictionary: string,
  pronounce: Pronounce,
): Language {
  const { states, start: anything, final, arcs: general } = ngramGraph(model);
  const fallback = anything + 1;
  const [start, nodded, ordered, cut] = [states, states + 1, states + 2, states + 3];
  const arcs: WordArc[] = [...general];
  const sounds = new Map<string, readonly string[]>(entries);
  const spread = (
    from: number,
    to: number,
    p: number,
    is: 'backchannel' | 'command',
    all: readonly Phrase[],
  ) => {
    const begun = new Map<string, number>();
    for (const phrase of all) {
      const word = phraseToken(is, phrase.text);
      sounds.set(word, phrase.sounds);
      arcs.push({ from, to, word, p: p * phrase.p * (1 - unfinished) });
      begin(begun, phrase.sounds, phrase.p);
    }
    cutOff(from, is, p, begun);
  };
  const tokens = new Map<string, string>();
  const cutOff = (from: number, is: OpeningClass, p: number, begun: ReadonlyMap<string, number>) => {
    for (const [beginning, share] of begun) {
      const key = `${is} ${beginning}`;
      const word = tokens.get(key) ?? beginningToken(is, tokens.size);
      tokens.set(key, word);
      sounds.set(word, [beginning]);
      arcs.push({ from, to: cut, word, p: p * share * unfinished });
    }
  };
  const whole = { backchannel: nodded, command: ordered };
  for (const is of ['backchannel', 'command'] as const) {
    const all = phrasesOf(openings[`${is}s`], dictionary, pronounce);
    if (all.length === 0) continue;
    spread(start, whole[is], firstShare[is], is, all);
    spread(whole[is], whole[is], nextShare[is], is, all);
    arcs.push({ from: whole[is], to: fallback, p: wordsShare[is] });
    arcs.push({ from: whole[is], to: final, p: 1 - nextShare[is] - wordsShare[is] });
  }
  arcs.push({ from: start, to: anything, p: 1 - firstShare.backchannel - firstShare.command });
  const begun = new Map<string, number>();
  for (const [word, p] of model.unigrams) if (word !== end) begin(begun, entries.get(word) ?? [], p);
  cutOff(fallback, 'words', 1, begun);
  const fsg = graphText({ states: states + 4, start, final, arcs });
  return { fsg, dictionary: dictionaryText(sounds), words: sounds.size };
}

/** Adds all beginnings of a word that is `p` likely. */
function begin(begun: Map<string, number>, sounds: readonly string[], p: number): void {
  for (const said of sounds) {
    const parts = said.split(' ');
    for (let count = leastSounds; count < parts.length; count++) {
      const beginning = parts.slice(0, count).join(' ');
      begun.set(beginning, (begun.get(beginning) ?? 0) + p / sounds.length);
    }
  }
}

/** Each, and the most usual of them twice; a phrase of which some word has no sound is left out. */
function phrasesOf(texts: readonly string[], dictionary: string, pronounce: Pronounce): Phrase[] {
  const split = (text: string) => text.toLowerCase().split(/[\s-]+/);
  const entries = pronunciations(new Set(texts.flatMap(split)), dictionary, pronounce);
  const phrases: Phrase[] = [];
  const weights = texts.map((_, rank) => 1 / (rank + flatness));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  texts.forEach((text, rank) => {
    const words = split(text);
    const sounds = words.reduce<string[]>(
      (said, word) =>
        said.flatMap((before) => (entries.get(word) ?? []).map((one) => `${before} ${one}`.trim())),
      [''],
    );
    if (sounds.length === 0) return;
    const p = weights[rank]! / total;
    const twice = rank < doubled ? doubledShare : 0;
    phrases.push({ text: words.join(' '), sounds, p: p * (1 - twice) });
    if (twice === 0) return;
    const again = sounds.map((one) => `${one} ${one}`);
    phrases.push({ text: [...words, ...words].join(' '), sounds: again, p: p * twice });
  });
  return phrases;
}
