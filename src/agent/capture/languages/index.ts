import { ConfigError } from '../../../core/index.js';
import type { Lexicon } from '../words/lexicon.js';
import { Vocabulary } from '../words/vocabulary.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { nb } from './nb.js';

const lexicons: Readonly<Record<string, Lexicon>> = { en, nb, no: nb, nn: nb, de, fr, es };
const made = new Map<string, Vocabulary>();

/** The languages that captures understand and speak. */
export const captureLanguages: readonly string[] = Object.keys(lexicons);

/** The words of a locale's language ("nb-NO"). ConfigError `option_unsupported` for one that has no tables. */
export function vocabularyOf(locale: string): Vocabulary {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  const known = made.get(language);
  if (known !== undefined) return known;
  const lexicon = lexicons[language];
  if (lexicon === undefined) {
    const message = `There are no words for '${locale}': ${captureLanguages.join(', ')}`;
    throw new ConfigError('option_unsupported', message, { param: 'locale' });
  }
  const vocabulary = new Vocabulary(lexicon);
  made.set(language, vocabulary);
  return vocabulary;
}
