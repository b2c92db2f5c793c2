import { tokenise } from './tokens.js';

/** One way to say a phrase: words and slots in a row. `text` is how a word is spelled, `token` how it is compared. */
export type Form = readonly FormPart[];
export type FormPart = { word: string; token: string } | { slot: string };

/** Ways that one phrase may unfold into. */
const maxForms = 256;

/** What is wrong with a phrase, told with its place. */
export class PatternError extends Error {}

/** All ways to say a phrase written with `[optional]`, `(one|the other)` and `{slot}`. Throws `PatternError`. */
export function unfold(phrase: string): Form[] {
  const parser = new Parser(phrase);
  const forms = parser.sequence();
  parser.end();
  const kept = forms.filter((form) => form.length > 0);
  if (kept.length === 0) throw new PatternError('it has no words');
  return kept;
}

class Parser {
  #at = 0;
  readonly #tokens: string[];

  constructor(phrase: string) {
    this.#tokens = phrase.match(/\{[^{}]*\}|[[\]()|{}]|[^\s[\]()|{}]+/g) ?? [];
  }

  /** Alternatives of a row, up to a closing bracket or the end. */
  sequence(): Form[] {
    let forms: Form[] = [[]];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token === ')' || token === ']' || token === '|') return forms;
      forms = cross(forms, this.#part());
    }
  }

  end(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw new PatternError(`'${token}' closes nothing`);
  }

  #part(): Form[] {
    const token = this.#tokens[this.#at++]!;
    if (token === '(') return this.#choice(')');
    if (token === '[') return [[], ...this.#choice(']')];
    if (token.startsWith('{')) {
      const slot = token.slice(1, -1).trim();
      if (!/^\w+$/.test(slot)) throw new PatternError(`'${token}' is no slot`);
      return [[{ slot }]];
    }
    // A word such as "10:30" is several when it is compared.
    const words = tokenise(token);
    return [words.map((word) => ({ word: words.length === 1 ? spelling(token, word) : word, token: word }))];
  }

  #choice(close: string): Form[] {
    const forms: Form[] = [...this.sequence()];
    while (this.#tokens[this.#at] === '|') {
      this.#at += 1;
      forms.push(...this.sequence());
    }
    if (this.#tokens[this.#at] !== close) throw new PatternError(`'${close}' is missing`);
    this.#at += 1;
    return forms;
  }
}

/** A recogniser's dictionary has "i'd", so the apostrophe stays in the spelling; figures become words. */
function spelling(written: string, token: string): string {
  return /\d/.test(written) ? token : written.toLowerCase().replace(/[^\p{L}\p{N}'’]/gu, '');
}

function cross(forms: readonly Form[], parts: readonly Form[]): Form[] {
  if (forms.length * parts.length > maxForms) {
    throw new PatternError(`it can be said in more than ${maxForms} ways; write it as several phrases`);
  }
  return forms.flatMap((form) => parts.map((part) => [...form, ...part]));
}
