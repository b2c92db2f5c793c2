/** How two texts differ, word by word. */
export interface WordErrors {
  substitutions: number;
  insertions: number;
  deletions: number;
  /** Words that were said. */
  words: number;
  /** (substitutions + insertions + deletions) / words; 0 when nothing was said and nothing heard. */
  rate: number;
}

/** The words that count: small letters, no punctuation, apostrophes kept inside words, hyphens as blanks. */
export function spokenWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

/** Word errors of `heard` against `said`, by the least edits (Levenshtein over words). */
export function wordErrors(said: string, heard: string): WordErrors {
  const a = spokenWords(said);
  const b = spokenWords(heard);
  const width = b.length + 1;
  const cost = new Uint32Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++)
    for (let j = 0; j < width; j++) {
      if (i === 0 || j === 0) cost[i * width + j] = i + j;
      else {
        const change = cost[(i - 1) * width + j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
        cost[i * width + j] = Math.min(change, cost[(i - 1) * width + j]! + 1, cost[i * width + j - 1]! + 1);
      }
    }
  const errors = { substitutions: 0, insertions: 0, deletions: 0 };
  for (let i = a.length, j = b.length; i > 0 || j > 0; ) {
    const here = cost[i * width + j]!;
    const same = i > 0 && j > 0 && a[i - 1] === b[j - 1];
    if (i > 0 && j > 0 && here === cost[(i - 1) * width + j - 1]! + (same ? 0 : 1)) {
      if (!same) errors.substitutions += 1;
      i -= 1;
      j -= 1;
    } else if (i > 0 && here === cost[(i - 1) * width + j]! + 1) {
      errors.deletions += 1;
      i -= 1;
    } else {
      errors.insertions += 1;
      j -= 1;
    }
  }
  const total = errors.substitutions + errors.insertions + errors.deletions;
  return { ...errors, words: a.length, rate: total === 0 ? 0 : total / Math.max(a.length, 1) };
}

/** The errors of many texts taken together: the rate is over all words. */
export function totalErrors(all: readonly WordErrors[]): WordErrors {
  const sum = { substitutions: 0, insertions: 0, deletions: 0, words: 0 };
  for (const one of all) {
    sum.substitutions += one.substitutions;
    sum.insertions += one.insertions;
    sum.deletions += one.deletions;
    sum.words += one.words;
  }
  const total = sum.substitutions + sum.insertions + sum.deletions;
  return { ...sum, rate: total === 0 ? 0 : total / Math.max(sum.words, 1) };
}
