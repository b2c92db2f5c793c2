/** A transcript as deltas, whatever the link gives: pieces, replacements, or the whole line. */
export class Words {
  readonly #sent = new Map<string, string>();

  /** What is to be sent of an event; '' where nothing is. A line that no longer begins as it was sent cannot be mended. */
  delta(key: string, text: string, how: 'append' | 'replace' | 'final'): string {
    const sent = this.#sent.get(key) ?? '';
    const whole = how === 'append' ? sent + text : text;
    if (how === 'final') this.#sent.delete(key);
    else this.#sent.set(key, whole);
    if (how === 'append') return text;
    // Final lines come trimmed.
    const known = whole.startsWith(sent) ? sent : sent.trim();
    return whole.startsWith(known) ? whole.slice(known.length) : '';
  }

  /** Something of this line was sent. */
  knows(key: string): boolean {
    return this.#sent.has(key);
  }

  forget(key: string): void {
    this.#sent.delete(key);
  }
}
