import type { CaptureRules, Checked } from '../kinds/rules.js';

const ranks = { whole: 0, open: 1, short: 3, wrong: 4 } as const;
/** A value that the caller has refused already comes behind all others that are whole. */
const refusedRank = 2;

/** Of the ways to understand a turn, the first that fits best. */
export function best(
  texts: readonly string[],
  rules: CaptureRules,
  refused: ReadonlySet<string>,
): Checked | null {
  let found: Checked | null = null;
  let rank = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const checked = rules.check(text);
    const fits = checked.fit === 'whole' || checked.fit === 'open';
    const own = fits && refused.has(checked.value) ? refusedRank : ranks[checked.fit];
    if (own < rank) [found, rank] = [checked, own];
    if (own === 0) break;
  }
  return found;
}
