import { ConfigError } from '../../../core/index.js';
import type { Opening } from '../../contracts.js';

/**
 * How callers begin when the agent speaks, the most usual first: small words that leave it the floor, and orders that take it.
 */
export interface Openings {
  backchannels: readonly string[];
  commands: readonly string[];
}

export type OpeningClass = Opening['is'];

/** How the grammar spells a small phrase: `backchannel:i_see`. */
export function phraseToken(is: OpeningClass, phrase: string): string {
  return `${is}:${phrase.replaceAll(' ', '_')}`;
}

/** And the beginning of something, of which only the sounds are known: `backchannel-12`. */
export function beginningToken(is: OpeningClass, number: number): string {
  return `${is}-${number}`;
}

interface Token {
  is: OpeningClass;
  /** None: it has only begun. */
  words?: string[];
}

/** Reads what a decoder says in the grammar's words. */
export class OpeningReader {
  readonly #backchannels: ReadonlySet<string>;
  readonly #commands: ReadonlySet<string>;

  constructor({ backchannels, commands }: Openings) {
    this.#backchannels = new Set(backchannels);
    this.#commands = new Set(commands);
  }

  /** `undefined` where no word has begun yet. */
  read(tokens: readonly string[]): Opening | undefined {
    const all = tokens.map((token) => this.#token(token));
    const [first, last] = [all[0], all.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const count = all.length;
    if (all.every(({ is }) => is === 'backchannel'))
      return { is: 'backchannel', isWhole: last.words !== undefined, count };
    // An order is one whatever comes behind it.
    if (first.is === 'command') return { is: 'command', isWhole: first.words !== undefined, count };
    return { is: 'words', isWhole: last.words !== undefined, count };
  }

  /** The words of a token that is a small phrase or an order; `undefined`: it is neither. */
  smallWords(token: string): string[] | undefined {
    const { is, words } = this.#token(token);
    return is === 'words' ? undefined : words;
  }

  #token(token: string): Token {
    const marked = /^(backchannel|command|words)([:-])(.*)$/.exec(token);
    if (marked !== null) {
      const is = marked[1] as OpeningClass;
      return marked[2] === '-' ? { is } : { is, words: marked[3]!.split('_') };
    }
    // The vocabulary has small words as well.
    const is = this.#backchannels.has(token)
      ? 'backchannel'
      : this.#commands.has(token)
        ? 'command'
        : 'words';
    return { is, words: [token] };
  }
}

/** A copy in small letters. ConfigError `option_invalid` for what holds no word. */
export function checkedOpenings({ backchannels, commands }: Openings): Openings {
  for (const phrase of [...backchannels, ...commands]) {
    if (!/[a-z]/i.test(phrase)) {
      const message = `openings: '${phrase}' is not a word or a phrase`;
      throw new ConfigError('option_invalid', message, { param: 'openings' });
    }
  }
  const small = (phrases: readonly string[]) => phrases.map((phrase) => phrase.toLowerCase());
  return { backchannels: small(backchannels), commands: small(commands) };
}
