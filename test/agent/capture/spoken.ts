import { vocabularyOf } from '../../../src/agent/capture/languages/index.js';
import { candidates } from '../../../src/agent/capture/words/apply.js';
import { lexemes } from '../../../src/agent/capture/words/lexemes.js';
import { understand } from '../../../src/agent/capture/words/understand.js';

/** What a turn says about a string of digits, most likely first. */
export function digitsSaid(
  locale: string,
  text: string,
  standing: string | null = null,
  open = false,
): string[] {
  const said = (soundAlikes: boolean) => {
    const understood = understand(lexemes(text, vocabularyOf(locale), { letters: false, soundAlikes }));
    return candidates(understood, { text: standing, open });
  };
  return [...said(false), ...said(true)];
}

export function verdictOf(locale: string, text: string) {
  const { verdict, wish } = understand(
    lexemes(text, vocabularyOf(locale), { letters: false, soundAlikes: false }),
  );
  return wish ?? verdict;
}
