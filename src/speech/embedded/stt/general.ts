import {
  common,
  digits,
  letters,
  months,
  names,
  ordinals,
  phrases,
  scales,
  teens,
  tens,
  weekdays,
} from './words.js';

/** How likely each word is where nothing is known of what came before. Sums to 1. */
export function generalUnigrams(): Map<string, number> {
  const shares: [words: readonly string[], share: number][] = [
    [digits, 0.07],
    [teens, 0.025],
    [tens, 0.025],
    [scales, 0.01],
    [ordinals, 0.02],
    [weekdays, 0.02],
    [months, 0.02],
    [letters, 0.03],
    [names, 0.07],
  ];
  const unigrams = new Map<string, number>();
  const add = (word: string, share: number) => unigrams.set(word, (unigrams.get(word) ?? 0) + share);
  for (const [words, share] of shares) for (const word of words) add(word, share / words.length);
  // Zipf's law, flattened at the head: the rank is only roughly known.
  const zipf = common.map((_, rank) => 1 / (rank + 30));
  const rest = 1 - shares.reduce((sum, [, share]) => sum + share, 0);
  const total = zipf.reduce((sum, value) => sum + value, 0);
  common.forEach((word, rank) => {
    add(word, (rest * zipf[rank]!) / total);
  });
  return unigrams;
}

/** Sentences of the general vocabulary: openings and answers, and how digits, letters, times and dates follow one another. */
export function generalSentences(): string[][] {
  const sentences = phrases.map((phrase) => phrase.split(' '));
  const pairs = (from: readonly string[], to: readonly string[]) => {
    for (const a of from) for (const b of to) sentences.push([a, b]);
  };
  const hours = [...digits.slice(2), ...teens.slice(0, 3)];
  const minutes = ['five', 'ten', 'fifteen', 'twenty', 'thirty', 'forty', 'fifty', "o'clock"];
  const halves = ['a_m', 'p_m'];
  for (const run of [digits, letters]) {
    const following = run.map((word) => `${word}+`);
    pairs(run, following);
    pairs(following, following);
  }
  pairs(tens, digits.slice(2));
  pairs(hours, [...minutes, ...halves]);
  pairs(minutes, halves);
  pairs(['past', 'to', 'at'], hours);
  pairs(months, [...ordinals, ...tens.slice(0, 2), 'the']);
  pairs(tens.slice(0, 2), ordinals.slice(0, 9));
  pairs(['the'], [...ordinals, ...tens.slice(0, 2)]);
  pairs(ordinals, ['of']);
  pairs(['of'], months);
  pairs(['on', 'next', 'this'], weekdays);
  pairs(digits.slice(2), ['hundred', 'thousand']);
  pairs(['half', 'quarter'], ['past']);
  sentences.push(['quarter', 'to'], ['spelled'], ['that', 'is', 'spelled'], ['double', 'l'], ['double', 'u']);
  return sentences;
}
