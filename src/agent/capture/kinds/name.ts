import { candidates, type Standing } from '../words/apply.js';
import { lexemes } from '../words/lexemes.js';
import { tokens } from '../words/tokens.js';
import { understand } from '../words/understand.js';
import type { Vocabulary } from '../words/vocabulary.js';
import type { CaptureRules, Said } from './rules.js';
import { isSpelling, type Piece, pieces } from './spelled.js';

/** A name that is said without more has no more words. */
const bareWords = 3;

/** Names, said and spelled: the letters count more than the word. */
export function nameRules(vocabulary: Vocabulary): CaptureRules {
  return {
    said: (turn, standing) => said(turn, standing, vocabulary),
    mayHold(turn) {
      const all = pieces(turn, vocabulary, false);
      const isBare = tokens(turn).length <= bareWords;
      return isBare || isSpelling(all) || all.some(({ p }) => p === 'lead');
    },
    check(text) {
      const value = text.trim();
      const groups = value.split(' ').flatMap((word) => [word, ...word.toUpperCase()]);
      return { text: value, value, fit: value === '' ? 'wrong' : 'whole', groups };
    },
  };
}

function said(turn: string, standing: Standing, vocabulary: Vocabulary): Said {
  const understood = understand(lexemes(turn, vocabulary, { letters: true, soundAlikes: false }));
  const { verdict, wish, edits } = understood;
  if (standing.text !== null && edits.length > 0) {
    const changed = candidates(
      { ...understood, segments: [] },
      { ...standing, text: standing.text.toLowerCase() },
    );
    if (changed.length > 0) return { verdict, wish, texts: changed.map(capitals) };
  }
  const all = pieces(turn, vocabulary, false);
  // Whatever else is said about a name that was read back is no name.
  const name = standing.text === null || isNamed(all) ? nameOf(all, standing.text) : '';
  return { verdict, wish, texts: name === '' ? [] : [capitals(name)] };
}

/** "My name is …", or letters. */
function isNamed(all: readonly Piece[]): boolean {
  return all.some(({ p }) => p === 'lead' || p === 'spelled');
}

function nameOf(all: readonly Piece[], before: string | null): string {
  const start = all.findLastIndex(({ p }) => p === 'lead') + 1;
  const words: string[] = [];
  let letters = '';
  const spelled = () => {
    if (letters === '') return;
    const place = words.findLastIndex((word) => word[0] === letters[0]);
    if (letters.length > 1 && place >= 0) words[place] = letters;
    else words.push(letters);
    letters = '';
  };
  // "Anna Novak, that's n o v a k": what was spelled is one of the words before.
  const told = all.slice(0, start).flatMap((piece) => (piece.p === 'word' ? [piece.text] : []));
  const rest = all.slice(start);
  if (rest.every((piece) => piece.p === 'spelled' || piece.p === 'small')) {
    const known = before?.toLowerCase().split(' ') ?? [];
    words.push(...(told.length > 0 ? told : known));
  }
  for (const piece of rest) {
    if (piece.p === 'spelled') letters += piece.text;
    else if (piece.p === 'word') {
      spelled();
      if (piece.joined && words.length > 0) words[words.length - 1] += `-${piece.text}`;
      else words.push(piece.text);
    }
  }
  spelled();
  return words.join(' ');
}

function capitals(name: string): string {
  return name.replace(
    /(^|[\s'-])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}
