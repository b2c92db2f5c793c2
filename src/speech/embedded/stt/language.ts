import { ConfigError } from '../../../core/index.js';
import { dictionaryEntries, dictionaryText } from './dictionary.js';
import { fsgText, graphText } from './fsg.js';
import { generalSentences, generalUnigrams } from './general.js';
import type { Grammar, WordGraph } from './grammar.js';
import { buildNGram, end, type NGram } from './ngram.js';
import { knownSounds, plainWords, sentenceWords } from './sentence-words.js';

/** What the recogniser reads: a grammar and the pronunciations of its words. */
export interface Language {
  fsg: string;
  dictionary: string;
  words: number;
}

/** Gives the sounds of words, in the dictionary's spelling; '' for what has none. */
export type Pronounce = (words: readonly string[]) => string[];

/** The general vocabulary and what callers are expected to say, with its sounds. */
export interface Vocabulary {
  model: NGram;
  /** All ways of saying each word. */
  entries: ReadonlyMap<string, readonly string[]>;
}

/** A word that `dictionary` lacks is pronounced by rule; one without any sound is left out. */
export function buildLanguage(grammar: Grammar, dictionary: string, pronounce: Pronounce): Language {
  if (grammar.graph !== undefined) return graphLanguage(grammar.graph, dictionary, pronounce);
  return vocabularyLanguage(buildVocabulary(grammar, dictionary, pronounce));
}

/** All of a vocabulary, as it follows on itself. */
export function vocabularyLanguage({ model, entries }: Vocabulary): Language {
  return { fsg: fsgText(model), dictionary: dictionaryText(entries), words: entries.size };
}

/** Joins what callers are expected to say with the general vocabulary. A graph of `grammar` is not looked at. */
export function buildVocabulary(grammar: Grammar, dictionary: string, pronounce: Pronounce): Vocabulary {
  const unigrams = generalUnigrams();
  const general = generalSentences();
  const sentences = grammar.sentences.map(sentenceWords);
  const words = new Set([...unigrams.keys(), ...general.flat(), ...sentences.flat()]);
  const entries = pronunciations(words, dictionary, pronounce);
  const known = (sentence: readonly string[]) => sentence.filter((word) => entries.has(word));
  const model = buildNGram({
    sentences: sentences.map(known),
    general: general.map(known),
    unigrams: new Map([...unigrams].filter(([word]) => entries.has(word))),
    weight: checkedWeight(grammar.weight ?? 0.8),
  });
  for (const word of model.unigrams.keys())
    if (word !== end && !entries.has(word)) throw new Error(`no pronunciation for "${word}"`);
  return { model, entries };
}

/** A word without any sound cannot be heard: its arcs are left out. */
function graphLanguage(graph: WordGraph, dictionary: string, pronounce: Pronounce): Language {
  const words = new Set(graph.arcs.flatMap(({ word }) => (word === undefined ? [] : [word])));
  const entries = pronunciations(words, dictionary, pronounce);
  const arcs = graph.arcs.filter(({ word }) => word === undefined || entries.has(word));
  return { fsg: graphText({ ...graph, arcs }), dictionary: dictionaryText(entries), words: entries.size };
}

/** All ways of saying each word; one without any sound is left out. */
export function pronunciations(
  words: ReadonlySet<string>,
  dictionary: string,
  pronounce: Pronounce,
): Map<string, string[]> {
  const plain = new Set([...words].filter((word) => knownSounds(word) === undefined).map(key));
  const found = dictionaryEntries(dictionary, plain);
  const missing = [...plain].filter((word) => !found.has(word));
  for (const [i, phones] of pronounce(missing).entries()) if (phones !== '') found.set(missing[i]!, [phones]);
  const entries = new Map<string, string[]>();
  for (const word of words) {
    const known = knownSounds(word);
    const all = known === undefined ? found.get(key(word)) : [known];
    if (all !== undefined) entries.set(word, [...new Set([...all, ...all.map(frontedVowel)])]);
  }
  return entries;
}

/** Many speakers say the vowel of "two", "do" and "noon" further to the front than the dictionary has it, as in "few". */
function frontedVowel(phones: string): string {
  return phones.replace(/\b([TDN]) UW\b/, '$1 Y UW');
}

/** What a word is looked up by: without accents, which neither the dictionary nor the rules know. */
function key(word: string): string {
  return plainWords(word).join(' ').normalize('NFD').replace(/\p{M}/gu, '');
}

export function checkedWeight(weight: number): number {
  if (weight >= 0 && weight < 1) return weight;
  throw new ConfigError(
    'option_invalid',
    `grammar.weight must be at least 0 and less than 1, not ${weight}`,
    {
      param: 'grammar.weight',
    },
  );
}
