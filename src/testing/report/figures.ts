/** Of several measurements. Percentiles are by nearest rank. */
export interface Distribution {
  n: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  max: number;
}

/** Of something that happened or did not. `few`: fewer than ten times it could have; read it with care. */
export interface Rate {
  n: number;
  hits: number;
  value: number;
  few: boolean;
}

export type Figure = number | Distribution | Rate;
export type Figures = Record<string, Figure>;

const fewBelow = 10;

/** Undefined of nothing: what was not measured is absent from a report, never 0. What is no number was not measured. */
export function distribution(values: readonly number[]): Distribution | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { n: sorted.length, mean, p50: rank(0.5), p90: rank(0.9), p95: rank(0.95), max: sorted.at(-1)! };
}

export function rate(hits: number, n: number): Rate | undefined {
  return n === 0 ? undefined : { n, hits, value: hits / n, few: n < fewBelow };
}

/** Leaves out what is undefined. */
export function known(figures: Record<string, Figure | undefined>): Figures {
  const out: Figures = {};
  for (const [name, figure] of Object.entries(figures)) if (figure !== undefined) out[name] = figure;
  return out;
}
