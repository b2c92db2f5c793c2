import type { CaptureRules, Checked } from '../kinds/rules.js';

export interface LookBack {
  rules: CaptureRules;
  /** What the session knows already: what was said since may correct it. */
  confirmed: Checked | null;
  /** The caller has just said the last turn, and may go on: a part of a value is one, too. */
  hasBegun: boolean;
  /** The reading that fits best, by the application's check as well. */
  best(texts: readonly string[]): Promise<Checked | null>;
}

/** What the turns before a capture come to: as few of the last ones as make a whole. Rejects as `best`. */
export async function valueIn(turns: readonly string[], look: LookBack): Promise<Checked | null> {
  const { confirmed, hasBegun, rules } = look;
  if (confirmed !== null) return await folded(turns, confirmed, look);
  let part: Checked | null = null;
  for (let from = turns.length - 1; from >= 0; from--) {
    const isAnswer = rules.said(turns[from]!, { text: null, open: false }).verdict === 'no';
    if (isAnswer && from > 0) continue;
    const found = await folded(turns.slice(from), null, look);
    if (found?.fit === 'whole' || found?.fit === 'open') return found;
    if (hasBegun) part ??= found;
  }
  return part;
}

/** One turn after the other, each a correction or the rest of what was before; null where none says anything. */
async function folded(
  turns: readonly string[],
  before: Checked | null,
  { rules, best }: LookBack,
): Promise<Checked | null> {
  let value = before;
  for (const turn of turns) {
    const open = value?.fit === 'short' || value?.fit === 'open';
    const found = await best(rules.said(turn, { text: value?.text ?? null, open }).texts);
    if (found !== null) value = found;
  }
  return value === before ? null : value;
}
