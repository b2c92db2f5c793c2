/** What callers are expected to say. Sentences are as spoken: words, no digits ("two thirty p m"), letters one by one; case and punctuation do not matter. */
export interface Grammar {
  /** Slots already filled in, all of them or a sample. A sentence that is twice as likely stands there twice. */
  sentences: readonly string[];
  /**
   * Share (0 to 1) of these sentences' words, against that of the general vocabulary, where the recogniser leaves the
   * sentences' word order. Default 0.8.
   */
  weight?: number;
}
