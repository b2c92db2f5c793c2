/**
 * The entries of a Sphinx dictionary (`word PH ON ES`, further pronunciations as `word(2)`) for some words only: the
 * recogniser needs 10 MB with the words of a grammar and 35 MB with all.
 */
export function dictionaryEntries(dictionary: string, words: ReadonlySet<string>): Map<string, string[]> {
  const entries = new Map<string, string[]>();
  for (let at = 0; at < dictionary.length; ) {
    const newline = dictionary.indexOf('\n', at);
    const stop = newline < 0 ? dictionary.length : newline;
    const blank = dictionary.indexOf(' ', at);
    if (blank > at && blank < stop) {
      const name = dictionary.slice(at, blank);
      const word = wordOf(name);
      if (words.has(word)) {
        const found = entries.get(word);
        const phones = dictionary.slice(blank + 1, stop).trim();
        if (found === undefined) entries.set(word, [phones]);
        else found.push(phones);
      }
    }
    at = stop + 1;
  }
  return entries;
}

export function dictionaryText(entries: ReadonlyMap<string, readonly string[]>): string {
  const lines: string[] = [];
  for (const [word, all] of entries)
    all.forEach((phones, i) => {
      lines.push(`${i === 0 ? word : `${word}(${i + 1})`} ${phones}`);
    });
  return `${lines.join('\n')}\n`;
}

/** `zero(2)` is a way of saying `zero`. */
export function wordOf(name: string): string {
  return name.endsWith(')') ? name.replace(/\(\d+\)$/, '') : name;
}
