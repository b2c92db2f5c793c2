/** Ends a sentence; never spoken. */
export const end = '</s>';

/** What may follow one word (or the start), and how much is left for all that was not seen to follow it. */
export interface History {
  followers: Map<string, number>;
  backoff: number;
}

/**
 * A bigram model with backoff: after a history, a follower with its probability, or, for the probability `backoff`, any word by
 * `unigrams`. Probabilities of a history and of the unigrams sum to 1; both may give `end`.
 */
export interface NGram {
  unigrams: Map<string, number>;
  start: History;
  /** Words that were seen to be followed by something; all others fall back at once. */
  histories: Map<string, History>;
}

export interface NGramOptions {
  /** Sentences of the domain, as words. */
  sentences: readonly (readonly string[])[];
  /** Sentences of the general language: their order counts where the domain says nothing. */
  general: readonly (readonly string[])[];
  /** Of the general language; sums to 1. */
  unigrams: ReadonlyMap<string, number>;
  /** Share of the domain in what follows when the model falls back. */
  weight: number;
}

/** Taken off each count (absolute discounting), to be given to what was not seen. */
const discount = 0.6;
/** Weight of a general pair of words against one of the domain seen once. */
const generalCount = 1;

const startOfSentence = '<s>';

/** Counts and discounts; nothing is random. Without sentences of the domain the general language is all there is. */
export function buildNGram(options: NGramOptions): NGram {
  const domain = count(options.sentences);
  const general = count(options.general);
  const weight = domain.size === 0 ? 0 : options.weight;
  const unigrams = new Map<string, number>();
  const add = (word: string, share: number) => {
    if (share > 0) unigrams.set(word, (unigrams.get(word) ?? 0) + share);
  };
  for (const [word, share] of variety(domain)) add(word, weight * share);
  // One word in eight ends a sentence of the general language.
  add(end, (1 - weight) / 8);
  for (const [word, share] of options.unigrams) add(word, ((1 - weight) * share * 7) / 8);
  const histories = new Map<string, History>();
  for (const [word, followers] of general) histories.set(word, smooth(merge(followers, domain.get(word))));
  for (const [word, followers] of domain) if (!general.has(word)) histories.set(word, smooth(followers));
  const start = histories.get(startOfSentence) ?? { followers: new Map(), backoff: 1 };
  histories.delete(startOfSentence);
  return { unigrams: normalised(unigrams), start, histories };
}

type Counts = Map<string, Map<string, number>>;

function count(sentences: readonly (readonly string[])[]): Counts {
  const counts: Counts = new Map();
  for (const sentence of sentences) {
    if (sentence.length === 0) continue;
    let before = startOfSentence;
    for (const word of [...sentence, end]) {
      let followers = counts.get(before);
      if (followers === undefined) counts.set(before, (followers = new Map()));
      followers.set(word, (followers.get(word) ?? 0) + 1);
      before = word;
    }
  }
  return counts;
}

/** Share of each word by the number of different words it follows: a word met in one place only is unlikely in a new one (Kneser and Ney 1995). */
function variety(counts: Counts): Map<string, number> {
  const places = new Map<string, number>();
  for (const followers of counts.values())
    for (const word of followers.keys()) places.set(word, (places.get(word) ?? 0) + 1);
  return normalised(places);
}

function merge(general: Map<string, number>, domain: Map<string, number> | undefined): Map<string, number> {
  const merged = new Map(domain);
  for (const word of general.keys()) merged.set(word, (merged.get(word) ?? 0) + generalCount);
  return merged;
}

function smooth(counts: Map<string, number>): History {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const followers = new Map<string, number>();
  for (const [word, n] of counts) followers.set(word, Math.max(n - discount, n / 4) / total);
  const kept = [...followers.values()].reduce((sum, p) => sum + p, 0);
  return { followers, backoff: 1 - kept };
}

function normalised(shares: Map<string, number>): Map<string, number> {
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return new Map([...shares].map(([word, share]) => [word, share / total]));
}
