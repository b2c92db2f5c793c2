/**
 * Cuts streaming text into clauses: after `. ! ? ; :` or a comma that is followed by a space, or at a line break. What
 * goes in comes out verbatim, spaces included.
 */
export class Clauses {
  #rest = '';

  /** The clauses that are complete now. */
  push(text: string): string[] {
    this.#rest += text;
    const clauses: string[] = [];
    for (let end = boundary(this.#rest); end > 0; end = boundary(this.#rest)) {
      clauses.push(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end);
    }
    return clauses;
  }

  /** What is left, if anything. */
  flush(): string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

/** Place after the first complete clause; 0 = there is none. A comma in "1,000" or a point in "3.5" ends nothing. */
function boundary(text: string): number {
  const match = /[.!?;:,][)"'”’]*\s+(?=\S)|\n+(?=\S)/u.exec(text);
  return match === null ? 0 : match.index + match[0].length;
}
