import { candidates, type Standing } from '../words/apply.js';
import { lexemes } from '../words/lexemes.js';
import { understand } from '../words/understand.js';
import type { Vocabulary } from '../words/vocabulary.js';
import { fitOf, grouped, type Length } from './digits.js';
import type { CaptureRules, Fit, Said } from './rules.js';

/** Codes of letters and digits that a regular expression describes, as a booking reference. Letters become capitals, or small ones where only those match. */
export function patternRules(
  vocabulary: Vocabulary,
  pattern: RegExp,
  length: Length | undefined,
): CaptureRules {
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''));
  return {
    said: (turn, standing) => said(turn, standing, vocabulary),
    check(text) {
      const value = [text.toUpperCase(), text.toLowerCase()].find((one) => whole.test(one));
      const bound = fitOf(text, length);
      const fit: Fit = value === undefined ? (bound === 'short' ? 'short' : 'wrong') : 'whole';
      return {
        text,
        value: value ?? text.toUpperCase(),
        fit,
        groups: grouped((value ?? text).toUpperCase()),
      };
    },
  };
}

function said(turn: string, standing: Standing, vocabulary: Vocabulary): Said {
  const understood = understand(lexemes(turn, vocabulary, { letters: true, soundAlikes: false }));
  const { verdict, wish } = understood;
  const standingText = standing.text === null ? null : standing.text.toLowerCase();
  return { verdict, wish, texts: candidates(understood, { ...standing, text: standingText }) };
}
