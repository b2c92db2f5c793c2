import type { WordGraph } from './grammar.js';
import { end, type History, type NGram } from './ngram.js';

/**
 * The model as a finite-state grammar in Sphinx's text format: one state per history, one for all that fell back, one for the
 * end; transitions without a word are the steps of backing off.
 */
export function fsgText(model: NGram): string {
  const [start, fallback, final] = [0, 1, 2];
  const states = new Map([...model.histories.keys()].map((word, i) => [word, i + 3]));
  const lines: string[] = [];
  const arc = (from: number, to: number, p: number, word = '') => lines.push(transition(from, to, p, word));
  const spread = (from: number, followers: Map<string, number>) => {
    for (const [word, p] of followers) {
      if (word === end) arc(from, final, p);
      else arc(from, states.get(word) ?? fallback, p, word);
    }
  };
  const leave = (from: number, history: History) => {
    spread(from, history.followers);
    arc(from, fallback, history.backoff);
  };
  leave(start, model.start);
  for (const [word, history] of model.histories) leave(states.get(word)!, history);
  spread(fallback, model.unigrams);
  return text(states.size + 3, start, final, lines);
}

/** A grammar that was given as it is. */
export function graphText({ states, start, final, arcs }: WordGraph): string {
  return text(
    states,
    start,
    final,
    arcs.map(({ from, to, p, word = '' }) => transition(from, to, p, word)),
  );
}

function transition(from: number, to: number, p: number, word: string): string {
  return `TRANSITION ${from} ${to} ${Math.max(p, 1e-12).toExponential(6)}${word === '' ? '' : ` ${word}`}`;
}

function text(states: number, start: number, final: number, transitions: readonly string[]): string {
  const head = ['FSG_BEGIN repartee', `NUM_STATES ${states}`, `START_STATE ${start}`, `FINAL_STATE ${final}`];
  return `${[...head, ...transitions, 'FSG_END'].join('\n')}\n`;
}
