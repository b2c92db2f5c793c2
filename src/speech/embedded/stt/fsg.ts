import type { WordArc, WordGraph } from './grammar.js';
import { end, type History, type NGram } from './ngram.js';

/** The model as a finite-state grammar in Sphinx's text format. */
export function fsgText(model: NGram): string {
  return graphText(ngramGraph(model));
}

/** One state per history, one for all that fell back, one for the end; arcs without a word are the steps of backing off. */
export function ngramGraph(model: NGram): WordGraph {
  const [start, fallback, final] = [0, 1, 2];
  const states = new Map([...model.histories.keys()].map((word, i) => [word, i + 3]));
  const arcs: WordArc[] = [];
  const spread = (from: number, followers: Map<string, number>) => {
    for (const [word, p] of followers) {
      if (word === end) arcs.push({ from, to: final, p });
      else arcs.push({ from, to: states.get(word) ?? fallback, p, word });
    }
  };
  const leave = (from: number, history: History) => {
    spread(from, history.followers);
    arcs.push({ from, to: fallback, p: history.backoff });
  };
  leave(start, model.start);
  for (const [word, history] of model.histories) leave(states.get(word)!, history);
  spread(fallback, model.unigrams);
  return { states: states.size + 3, start, final, arcs };
}

/** A grammar in Sphinx's text format. */
export function graphText({ states, start, final, arcs }: WordGraph): string {
  const lines = arcs.map(({ from, to, p, word = '' }) => transition(from, to, p, word));
  const head = ['FSG_BEGIN repartee', `NUM_STATES ${states}`, `START_STATE ${start}`, `FINAL_STATE ${final}`];
  return `${[...head, ...lines, 'FSG_END'].join('\n')}\n`;
}

function transition(from: number, to: number, p: number, word: string): string {
  return `TRANSITION ${from} ${to} ${Math.max(p, 1e-12).toExponential(6)}${word === '' ? '' : ` ${word}`}`;
}
