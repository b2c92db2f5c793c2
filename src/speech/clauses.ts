/** Shortest text, in characters, that a comma, a colon or a semicolon ends: the first clause is kept short, so that speech starts early. */
const shortest = { first: 4, later: 40 };
/** Longest clause; beyond it a blank ends it. Bounds the work of one step of the synthesiser. */
const longest = { first: 120, later: 240 };

/** A stop after one of these never ends a clause. */
const titles = new Set(
  'dr mr mrs ms prof st mt rev gen col capt lt sgt hon gov sen rep no nos vs eg ie approx dept est ext fig tel apt ave blvd rd'.split(
    ' ',
  ),
);
/** A stop after one of these ends a clause only before a capital. */
const shortened = new Set('am pm etc inc ltd co corp jr sr us uk al'.split(' '));

/**
 * Cuts text that arrives in pieces into clauses to be spoken one by one: after `. ! ?` and at a line's end always, after `, ; :` and
 * dashes when the clause is long enough; never inside numbers, times, dates, abbreviations or initials. The clauses joined are
 * the text, and how the text was cut into pieces changes nothing.
 */
export class ClauseSplitter {
  #rest = '';
  /** Where to look on in `#rest`; everything before it holds no end. */
  #at = 0;
  #first = true;

  /** Characters that belong to no clause yet. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The clauses that these characters complete. */
  push(text: string): string[] {
    this.#rest += text;
    return this.#take(false);
  }

  /** The last clauses. The next `push` starts a new text. */
  finish(): string[] {
    const clauses = this.#take(true);
    if (this.#rest !== '') clauses.push(this.#rest);
    this.#rest = '';
    this.#at = 0;
    this.#first = true;
    return clauses;
  }

  #take(final: boolean): string[] {
    const clauses: string[] = [];
    while (this.#at < this.#rest.length) {
      const verdict = this.#judge(this.#at, final);
      if (verdict === 'wait') break;
      if (verdict === 'no') this.#at += 1;
      else {
        clauses.push(this.#rest.slice(0, verdict));
        this.#rest = this.#rest.slice(verdict);
        this.#at = 0;
        this.#first = false;
      }
    }
    return clauses;
  }

  /** Whether the blank at `at` ends a clause: where the next one begins, `no`, or `wait` for more text. */
  #judge(at: number, final: boolean): number | 'no' | 'wait' {
    const rest = this.#rest;
    const char = rest[at]!;
    if (!/\s/.test(char) || !speaks(rest, at)) return 'no';
    if (char === '\n') return at + 1;
    const size = this.#first ? 'first' : 'later';
    if (at >= longest[size]) return at + 1;
    const before = /([.!?…,;:–—-]+)["')\]”’*_]*$/.exec(rest.slice(Math.max(0, at - 12), at))?.[1];
    if (before === undefined) return 'no';
    if (/[!?…]/.test(before) || /\.\.$/.test(before)) return at + 1;
    if (before.endsWith('.')) return this.#judgeStop(at, final);
    if (before === '-') return 'no';
    if (at < shortest[size]) return 'no';
    if (!before.endsWith(',') || !/\d["')]*,$/.test(rest.slice(0, at))) return at + 1;
    // "March 4, 2025" and "1, 2, 3" stay whole.
    const next = rest.slice(at).trimStart()[0];
    if (next === undefined) return final ? 'no' : 'wait';
    return /\d/.test(next) ? 'no' : at + 1;
  }

  #judgeStop(at: number, final: boolean): number | 'no' | 'wait' {
    const rest = this.#rest;
    const word = (/(\S+)\.["')\]”’*_]*$/.exec(rest.slice(Math.max(0, at - 40), at))?.[1] ?? '').replace(
      /^["'([“‘*_]+/,
      '',
    );
    const letters = word.replaceAll('.', '').toLowerCase();
    if (titles.has(letters)) return 'no';
    // "1. First" in a list, and "J. Smith"; but "Type B." and "So do I." end.
    if (/^\d{1,3}$/.test(word) && rest.slice(0, at).trim() === `${word}.`) return 'no';
    const ambiguous = shortened.has(letters) || /^[A-Z]$/.test(word) || /^[a-z](\.[a-z])+$/i.test(word);
    if (!ambiguous || word === 'I') return at + 1;
    const next = rest.slice(at).trimStart()[0];
    if (next === undefined) return final ? 'no' : 'wait';
    return /^[A-Z]$/.test(word) || !/[A-Z]/.test(next) ? 'no' : at + 1;
  }
}

function speaks(text: string, end: number): boolean {
  return /[\p{L}\p{N}]/u.test(text.slice(0, end));
}

/** Silence that follows a clause in speech, by how it ends. */
export function pauseAfterMs(clause: string): number {
  if (/\n\s*$/.test(clause)) return 400;
  const mark = /([.!?…,;:–—])["')\]”’*_]*\s*$/.exec(clause)?.[1];
  if (mark === undefined) return 0;
  return { ',': 130, ';': 220, ':': 220, '–': 180, '—': 180 }[mark] ?? 320;
}
