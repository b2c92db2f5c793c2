/** What callers are expected to say. Sentences are as spoken: words, no digits ("two thirty p m"), letters one by one; case and punctuation do not matter. */
export interface Grammar {
  /** Slots already filled in, all of them or a sample. A sentence that is twice as likely stands there twice. */
  sentences: readonly string[];
  /**
   * Share (0 to 1) of these sentences' words, against that of the general vocabulary, where the recogniser leaves the
   * sentences' word order. Default 0.8.
   */
  weight?: number;
  /** Instead: all that can be heard is what this allows. Sentences, weight and the general vocabulary do not count then. */
  graph?: WordGraph;
}

/**
 * What may be said, word by word: from `start` over arcs to `final`. An arc without a word is passed in silence; `p` is how likely it is
 * taken, more than 0 and up to 1.
 */
export interface WordGraph {
  /** States are 0 to `states` - 1. */
  states: number;
  start: number;
  final: number;
  arcs: readonly WordArc[];
}

export interface WordArc {
  from: number;
  to: number;
  word?: string;
  p: number;
}
