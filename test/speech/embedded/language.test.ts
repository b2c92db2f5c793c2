import { describe, expect, it } from 'vitest';
import { dictionaryEntries, dictionaryText } from '../../../src/speech/embedded/stt/dictionary.js';
import { fsgText } from '../../../src/speech/embedded/stt/fsg.js';
import { generalSentences, generalUnigrams } from '../../../src/speech/embedded/stt/general.js';
import { buildLanguage } from '../../../src/speech/embedded/stt/language.js';
import { buildNGram, end } from '../../../src/speech/embedded/stt/ngram.js';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const sentences = ['are you open today', 'are you open tomorrow', 'are we there'].map((text) =>
  text.split(' '),
);
const unigrams = new Map(['a', 'you', 'open', 'maybe'].map((word) => [word, 0.25]));
const model = buildNGram({ sentences, general: [['yes', 'please']], unigrams, weight: 0.8 });

describe('the language model', () => {
  it('is a probability distribution after every word', () => {
    expect(sum(model.unigrams.values())).toBeCloseTo(1, 9);
    for (const history of [model.start, ...model.histories.values()]) {
      expect(history.backoff).toBeGreaterThan(0);
      expect(sum(history.followers.values()) + history.backoff).toBeCloseTo(1, 9);
    }
  });

  it('prefers what was seen more often, and keeps something for what was not', () => {
    const after = model.histories.get('are')!.followers;
    expect(after.get('you')!).toBeGreaterThan(after.get('we')!);
    expect(after.has('maybe')).toBe(false);
    expect(model.unigrams.get('maybe')).toBeGreaterThan(0);
    expect(model.start.followers.get('are')!).toBeGreaterThan(model.start.followers.get('yes')!);
    expect(model.histories.get('today')!.followers.get(end)).toBeGreaterThan(0.3);
  });

  it('is the general language alone without sentences', () => {
    const general = buildNGram({
      sentences: [],
      general: generalSentences(),
      unigrams: generalUnigrams(),
      weight: 0.8,
    });
    expect(sum(general.unigrams.values())).toBeCloseTo(1, 9);
    expect(sum(generalUnigrams().values())).toBeCloseTo(1, 9);
    expect(general.unigrams.size).toBeGreaterThan(1_000);
    expect(general.unigrams.size).toBeLessThan(1_300);
  });
});

describe('the grammar', () => {
  const lines = fsgText(model).trim().split('\n');
  const arcs = lines
    .filter((line) => line.startsWith('TRANSITION'))
    .map((line) => {
      const [, from, to, p, word] = line.split(' ');
      return { from: Number(from), to: Number(to), p: Number(p), word };
    });

  it('has a state for every history, one to fall back to and one to end in', () => {
    expect(lines[0]).toBe('FSG_BEGIN repartee');
    expect(lines.at(-1)).toBe('FSG_END');
    expect(lines).toContain(`NUM_STATES ${model.histories.size + 3}`);
    for (const { from, to, p } of arcs) {
      expect(Math.max(from, to)).toBeLessThan(model.histories.size + 3);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
    }
  });

  it('can end after every word, and reach every word from every state', () => {
    const nulls = arcs.filter((arc) => arc.word === undefined);
    const states = Array.from({ length: model.histories.size + 3 }, (_, state) => state);
    for (const state of states) {
      if (state === 2) continue;
      const fallsBack = state === 1 || nulls.some((arc) => arc.from === state && arc.to === 1);
      expect(fallsBack, `state ${state}`).toBe(true);
    }
    expect(nulls.some((arc) => arc.from === 1 && arc.to === 2)).toBe(true);
    const reachable = new Set(arcs.filter((arc) => arc.from === 1).map((arc) => arc.word));
    for (const word of ['are', 'you', 'open', 'today', 'maybe']) expect(reachable.has(word), word).toBe(true);
  });
});

describe('the dictionary', () => {
  const whole = ';; comment\nzero Z IH R OW\nzero(2) Z IY R OW\nzeroes Z IH R OW Z\no OW\nopen OW P AH N';

  it('gives all ways of saying the words asked for, and no others', () => {
    const entries = dictionaryEntries(whole, new Set(['zero', 'open', 'ope']));
    expect([...entries]).toEqual([
      ['zero', ['Z IH R OW', 'Z IY R OW']],
      ['open', ['OW P AH N']],
    ]);
    expect(dictionaryText(entries)).toBe('zero Z IH R OW\nzero(2) Z IY R OW\nopen OW P AH N\n');
  });

  it('asks for the sounds of unknown words, and leaves out what has none', () => {
    const general = [...generalUnigrams().keys(), ...generalSentences().flat()];
    const known = [...new Set(general)].map((word) => `${word.replace('+', '')} AH`).join('\n');
    const asked: string[] = [];
    const { dictionary, fsg } = buildLanguage(
      { sentences: ['Call Novák at Zyxel 5', 'call ☎ 5'] },
      known,
      (words) => {
        asked.push(...words);
        return words.map((word) => (word === '5' ? '' : 'Z IY'));
      },
    );
    expect(asked.sort()).toEqual(['5', 'novak', 'zyxel']);
    expect(dictionary).toContain('\nnovák Z IY\n');
    expect(dictionary).toContain('\np_m P IY EH M\n');
    expect(fsg).toMatch(/ zyxel\n/);
    expect(fsg).not.toMatch(/ 5\n/);
  });
});
