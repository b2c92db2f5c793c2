import { en } from './languages/en.js';
import { alternatives } from './words/lexicon.js';

export interface DigitGrammarOptions {
  /** How many digits the numbers have; several lengths where they differ. Default 10. */
  digits?: number | readonly number[];
}

/** For a recogniser that follows a grammar: `embeddedStt({ grammar: digitGrammar() })`. */
export interface DigitGrammar {
  sentences: string[];
  graph: { states: number; start: number; final: number; arcs: Arc[] };
}

interface Arc {
  from: number;
  to: number;
  word?: string;
  p: number;
}

/** Digit by digit, with "double" and "triple"; in numbers of two digits; all of it mixed. */
type NumberWay = 'digits' | 'pairs' | 'any';
const rareWay = 1e-6;

/** A number that breaks off is not impossible: the caller may go on in the next turn. */
const brokenOff = 1e-8;

const word = (value: number) => alternatives(en.numbers[value] ?? '')[0]!;
const digitWords = ['zero|oh', ...Array.from({ length: 9 }, (_, i) => word(i + 1))].map(alternatives);
const leads = [
  "it's",
  'my number is',
  'the number is',
  'it is',
  'no',
  "no it's",
  'no sorry',
  'yes',
  'no i said',
];
const answers = [
  'yes',
  "yes that's right",
  "that's right",
  'right',
  'correct',
  'yes correct',
  'no',
  "no that's wrong",
  "that's not right",
];
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth last'.split(' ');

/**
 * How people say a number of so many digits in English, and put one right: digit by digit, "double five", "forty two nineteen", "no, sorry"
 * and the number again, "the last digit is six", "not five, six", yes and no. Nothing else can be heard.
 */
export function digitGrammar({ digits = 10 }: DigitGrammarOptions = {}): DigitGrammar {
  const lengths = typeof digits === 'number' ? [digits] : [...digits];
  const graph = new GraphBuilder();
  const { start, final } = graph;
  const number = graph.state();
  const ways: [NumberWay, number][] = [
    ['digits', 0.5],
    ['pairs', 0.5],
    ['any', rareWay],
  ];
  for (const [way, p] of ways) numberStates(graph, number, lengths, way, p);
  graph.path(start, number, '', 0.5);
  for (const lead of leads) graph.path(start, number, lead, 0.05);
  for (const answer of answers) graph.path(start, final, answer, 0.02);
  const correction = graph.state();
  graph.path(start, correction, '', 0.1);
  graph.path(start, correction, 'no', 0.1);
  correctionStates(graph, correction);
  return { sentences: [], graph: graph.build() };
}

/** States that count the digits, between the first and the end: people stay with one way of saying a number. */
function numberStates(
  graph: GraphBuilder,
  first: number,
  lengths: readonly number[],
  way: NumberWay,
  p: number,
): void {
  const longest = Math.max(...lengths);
  const states = Array.from({ length: longest + 1 }, () => graph.state());
  graph.path(first, states[0]!, '', p);
  states.forEach((from, count) => {
    const to = (more: number) => states[count + more];
    if (way !== 'pairs') {
      digitArcs(graph, from, to(1), 0.6);
      for (const times of [2, 3]) repeatArcs(graph, from, to(times), times);
    }
    if (way !== 'digits') pairArcs(graph, from, to(2));
    if (way === 'pairs' && count === longest - 1) digitArcs(graph, from, to(1), 1);
    if (count === 0) return;
    graph.path(from, graph.final, '', lengths.includes(count) ? 0.5 : brokenOff);
    // "..., no, sorry, ...": the number again.
    if (!lengths.includes(count)) return;
    for (const marker of ['no', 'no sorry', 'sorry', 'no wait']) graph.path(from, states[0]!, marker, 0.02);
  });
}

function digitArcs(graph: GraphBuilder, from: number, to: number | undefined, p: number): void {
  if (to === undefined) return;
  for (const words of digitWords) for (const one of words) graph.path(from, to, one, p / 11);
}

function repeatArcs(graph: GraphBuilder, from: number, to: number | undefined, times: number): void {
  if (to === undefined) return;
  const between = graph.state();
  graph.path(from, between, alternatives(en.repeats[times]!)[0]!, 0.05);
  digitArcs(graph, between, to, 1);
}

/** Two digits as one number: "oh five", ten to ninety nine. */
function pairArcs(graph: GraphBuilder, from: number, to: number | undefined): void {
  if (to === undefined) return;
  for (const zero of digitWords[0]!) {
    const between = graph.state();
    graph.path(from, between, zero, 0.05);
    digitArcs(graph, between, to, 1);
  }
  for (let value = 10; value < 20; value++) graph.path(from, to, word(value), 0.02);
  for (let tens = 20; tens < 100; tens += 10) {
    const between = graph.state();
    graph.path(from, between, word(tens), 0.02);
    graph.path(between, to, '', 0.3);
    for (let unit = 1; unit <= 9; unit++) graph.path(between, to, word(unit), 0.07);
  }
}

/** "The last digit is six", "change the third digit to seven", "not five, six", "six, not five", "the last two digits are four six". */
function correctionStates(graph: GraphBuilder, from: number): void {
  const { final } = graph;
  const one = graph.state();
  digitArcs(graph, one, final, 1);
  const place = (before: string, after: string) => {
    const [named, then] = [graph.state(), graph.state()];
    graph.path(from, named, before, 0.1);
    for (const ordinal of ordinals) graph.path(named, then, ordinal, 1 / ordinals.length);
    graph.path(then, one, after, 1);
  };
  place('the', 'digit is');
  place('the', 'one is');
  place('change the', 'digit to');
  const not = graph.state();
  const second = graph.state();
  graph.path(from, not, 'not', 0.1);
  digitArcs(graph, not, second, 1);
  graph.path(second, one, '', 1);
  const right = graph.state();
  digitArcs(graph, from, right, 0.1);
  graph.path(right, one, 'not', 1);
  const [four, three] = [graph.state(), one];
  graph.path(from, four, 'the last two digits are', 0.1);
  digitArcs(graph, four, three, 1);
}

/** Words on the way from one state to another. */
class GraphBuilder {
  readonly #arcs: Arc[] = [];
  #states = 2;
  readonly start = 0;
  readonly final = 1;

  state(): number {
    return this.#states++;
  }

  /** `p` is that of the first word. */
  path(from: number, to: number, words: string, p: number): void {
    const all = words.split(' ');
    let at = from;
    all.forEach((text, i) => {
      const next = i === all.length - 1 ? to : this.state();
      this.#arcs.push({ from: at, to: next, p: i === 0 ? p : 1, ...(text === '' ? {} : { word: text }) });
      at = next;
    });
  }

  build(): DigitGrammar['graph'] {
    return { states: this.#states, start: this.start, final: this.final, arcs: this.#arcs };
  }
}
