import { ConfigError } from '../../../core/index.js';
import type { WordGraph } from './grammar.js';
import { sentenceWords } from './sentence-words.js';

/** A copy in the recogniser's spelling. ConfigError `option_invalid` for a state or a probability that cannot be. */
export function checkedGraph({ states, start, final, arcs }: WordGraph): WordGraph {
  const isState = (state: number) => Number.isInteger(state) && state >= 0 && state < states;
  if (!isState(start) || !isState(final)) fail('start and final must be states');
  return {
    states,
    start,
    final,
    arcs: arcs.map(({ from, to, word, p }) => {
      if (!isState(from) || !isState(to)) fail(`an arc from ${from} to ${to} leaves the ${states} states`);
      if (!(p > 0 && p <= 1)) fail(`p must be more than 0 and at most 1, not ${p}`);
      if (word === undefined) return { from, to, p };
      const [spelled, ...more] = sentenceWords(word);
      if (spelled === undefined || more.length > 0) fail(`'${word}' is not one word`);
      return { from, to, word: spelled, p };
    }),
  };
}

function fail(message: string): never {
  throw new ConfigError('option_invalid', `grammar.graph: ${message}`, { param: 'grammar.graph' });
}
