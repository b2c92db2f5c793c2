import { candidates, type Standing } from '../words/apply.js';
import { lexemes } from '../words/lexemes.js';
import { understand } from '../words/understand.js';
import type { Vocabulary } from '../words/vocabulary.js';
import type { CaptureRules, Checked, Said } from './rules.js';
import { isSpelling, type Piece, pieces } from './spelled.js';

const shape = /^[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.[\p{L}]{2,}$/u;

/** E-mail addresses: words, spelled letters and signs, "j o h n dot smith at example dot org". */
export function emailRules(vocabulary: Vocabulary): CaptureRules {
  return {
    said: (turn, standing) => said(turn, standing, vocabulary),
    mayHold(turn) {
      const all = pieces(turn, vocabulary, true);
      return isSpelling(all) || all.some(({ p }) => p === 'sign');
    },
    check: (text) => check(text, vocabulary),
  };
}

function said(turn: string, standing: Standing, vocabulary: Vocabulary): Said {
  const understood = understand(lexemes(turn, vocabulary, { letters: true, soundAlikes: false }));
  const { verdict, wish, edits } = understood;
  const written = address(pieces(turn, vocabulary, true));
  const texts: string[] = [];
  if (!written.includes('@') && edits.length > 0 && standing.text !== null) {
    texts.push(...candidates({ ...understood, segments: [] }, standing));
  }
  if (written !== '' && (texts.length === 0 || written.includes('@')))
    texts.push(...placed(written, standing));
  return { verdict, wish, texts: [...new Set(texts)] };
}

/** An address, or the part of one that was said, in its place. */
function placed(written: string, { text, open }: Standing): string[] {
  if (text === null) return [written];
  const [local = '', domain = ''] = text.split('@');
  if (open) return [text + written, written];
  if (written.startsWith('@')) return [local + written];
  if (written.includes('@')) return [written];
  if (written.startsWith('.')) return [`${local}@${domain.slice(0, domain.lastIndexOf('.'))}${written}`];
  return written.includes('.') ? [`${local}@${written}`, `${written}@${domain}`] : [`${written}@${domain}`];
}

/** What stands between the words that lead to it and those that follow. */
function address(all: readonly Piece[]): string {
  const at = all.findIndex((piece) => piece.p === 'sign' && piece.text === '@');
  const end = at < 0 ? all.length : at;
  const start = all.slice(0, end).findLastIndex(isLead) + 1;
  const local = withoutSpelledTwice(all.slice(start, end)).map(textOf).join('');
  return at < 0 ? local : `${local}@${domainOf(all.slice(at + 1))}`;
}

function isLead(piece: Piece): boolean {
  return (
    piece.p === 'lead' ||
    (piece.p === 'small' && ['yes', 'no', 'sorry', 'be', 'not', 'but'].includes(piece.c))
  );
}

function textOf(piece: Piece): string {
  if (piece.p === 'word') return (piece.joined ? '-' : '') + piece.text;
  return piece.p === 'spelled' || piece.p === 'sign' ? piece.text : '';
}

/** Behind the last dot one word ends it: "gmail dot com thanks". */
function domainOf(all: readonly Piece[]): string {
  let text = '';
  let before: Piece | undefined;
  for (const piece of all) {
    const isLast = text.includes('.') && !text.endsWith('.');
    const goesOn = piece.p === 'sign' || (piece.p === 'spelled' && before?.p === 'spelled');
    if (isLast && !goesOn && !(piece.p === 'word' && piece.joined)) break;
    text += piece.p === 'lead' || piece.p === 'small' ? piece.text : textOf(piece);
    before = piece;
  }
  return text;
}

/** "Smith, s m i t h": the word goes, its letters stay. */
export function withoutSpelledTwice(all: readonly Piece[]): Piece[] {
  return all.filter((piece, i) => {
    if (piece.p !== 'word') return true;
    const rest = all.slice(i + 1);
    const from = rest.findIndex((other) => other.p === 'spelled');
    if (from < 0 || rest.slice(0, from).some((other) => other.p === 'word' || other.p === 'sign'))
      return true;
    const after = rest.slice(from);
    const stop = after.findIndex((other) => other.p !== 'spelled');
    const letters = (stop < 0 ? after : after.slice(0, stop)).map(textOf).join('');
    return (
      letters.length < 2 || letters[0] !== piece.text[0] || Math.abs(letters.length - piece.text.length) > 2
    );
  });
}

function check(text: string, vocabulary: Vocabulary): Checked {
  const value = text.toLowerCase();
  const [local = '', domain] = value.split('@');
  const isShort = domain === undefined || !domain.includes('.') || domain.endsWith('.') || local === '';
  const groups = [...local].map((sign) => nameOf(sign, vocabulary));
  if (domain !== undefined) {
    groups.push(nameOf('@', vocabulary), ...domain.split(/([.-])/).map((part) => nameOf(part, vocabulary)));
  }
  return { text: value, value, fit: shape.test(value) ? 'whole' : isShort ? 'short' : 'wrong', groups };
}

function nameOf(sign: string, vocabulary: Vocabulary): string {
  const symbols: Readonly<Record<string, string>> = vocabulary.lexicon.symbols;
  return symbols[sign]?.split('|')[0] ?? sign;
}
