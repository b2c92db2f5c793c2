/** Counts of the cheapest way to turn what was said into what was understood. */
export interface WordErrors {
  words: number;
  wrong: number;
  missed: number;
  added: number;
}

export const noErrors: WordErrors = { words: 0, wrong: 0, missed: 0, added: 0 };

/** Word errors of one utterance; case and punctuation do not count. */
export function wordErrors(said: string, understood: string): WordErrors {
  const a = wordsOf(said);
  const b = wordsOf(understood);
  let row: WordErrors[] = b.map((_, j) => ({ ...noErrors, added: j + 1 }));
  row.unshift(noErrors);
  for (const [i, word] of a.entries()) {
    const next: WordErrors[] = [{ ...noErrors, missed: i + 1 }];
    for (const [j, other] of b.entries()) {
      const kept = row[j]!;
      const options = [
        word === other ? kept : { ...kept, wrong: kept.wrong + 1 },
        { ...row[j + 1]!, missed: row[j + 1]!.missed + 1 },
        { ...next[j]!, added: next[j]!.added + 1 },
      ];
      next.push(options.reduce((best, one) => (errorsIn(one) < errorsIn(best) ? one : best)));
    }
    row = next;
  }
  return { ...row.at(-1)!, words: a.length };
}

export function sum(all: readonly WordErrors[]): WordErrors {
  return all.reduce(
    (total, one) => ({
      words: total.words + one.words,
      wrong: total.wrong + one.wrong,
      missed: total.missed + one.missed,
      added: total.added + one.added,
    }),
    noErrors,
  );
}

/** Errors per word said, 0..1 and more. */
export function errorRate(errors: WordErrors): number {
  return errors.words === 0 ? 0 : errorsIn(errors) / errors.words;
}

export function errorsIn({ wrong, missed, added }: WordErrors): number {
  return wrong + missed + added;
}

export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[a-z']+/g) ?? []
  );
}
