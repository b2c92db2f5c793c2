import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digitGrammar } from '../../../src/agent/index.js';
import { graphText } from '../../../src/speech/embedded/stt/fsg.js';
import { checkedGraph } from '../../../src/speech/embedded/stt/word-graph.js';
import { spell, spellers, styles } from './speller.js';

const { graph } = digitGrammar({ digits: 10 });

/** Whether a sentence leads from the start to the end, over arcs likelier than `atLeast`. */
function allows(sentence: string, atLeast = 1e-7): boolean {
  const arcs = graph.arcs.filter(({ p }) => p >= atLeast);
  const silent = (states: Set<number>): Set<number> => {
    for (const state of states) {
      for (const arc of arcs) if (arc.from === state && arc.word === undefined) states.add(arc.to);
    }
    return states;
  };
  let states = silent(new Set([graph.start]));
  for (const word of sentence.split(' ')) {
    states = silent(
      new Set(arcs.flatMap((arc) => (states.has(arc.from) && arc.word === word ? [arc.to] : []))),
    );
  }
  return states.has(graph.final);
}

describe('digitGrammar', () => {
  test.each(styles)('allows every number in the style: %s', (style) => {
    const number = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(number, fc.constantFrom('oh', 'zero'), (digits, zero) => {
        const said = spell(digits, style, spellers.en!, ' ', zero);
        expect(allows(said)).toBe(true);
        expect(allows(`my number is ${said}`)).toBe(true);
        expect(allows(`${said} no sorry ${said}`)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['no the last digit is six', true],
    ['change the third digit to oh', true],
    ['not five six', true],
    ["yes that's right", true],
    ['one two three', false],
    ['the last digit is', false],
    ['good morning', false],
  ])('%s: %s', (sentence, isAllowed) => {
    expect(allows(sentence)).toBe(isAllowed);
  });

  test('a recogniser can read it', () => {
    const lines = graphText(checkedGraph(graph)).split('\n');
    expect(lines.filter((line) => line.startsWith('TRANSITION'))).toHaveLength(graph.arcs.length);
    expect(lines[1]).toBe(`NUM_STATES ${graph.states}`);
  });

  test.each([
    [{ ...graph, start: graph.states }, /start and final/],
    [{ ...graph, arcs: [{ from: 0, to: -1, p: 1 }] }, /leaves/],
    [{ ...graph, arcs: [{ from: 0, to: 1, p: 0 }] }, /p must be/],
    [{ ...graph, arcs: [{ from: 0, to: 1, p: 1, word: 'two words' }] }, /not one word/],
  ])('a graph that is none -> option_invalid', (broken, message) => {
    expect(() => checkedGraph(broken)).toThrow(message);
  });
});
