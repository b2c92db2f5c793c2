import type { Ms } from '../../core/index.js';

/** A stretch of time. Lists of them are in order and do not overlap, unless they say so. */
export interface Span {
  fromMs: Ms;
  toMs: Ms;
}

/** In order, with gaps shorter than `gapMs` closed. */
export function joined(spans: readonly Span[], gapMs: Ms): Span[] {
  const out: Span[] = [];
  for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = out.at(-1);
    if (last !== undefined && fromMs - last.toMs < gapMs) last.toMs = Math.max(last.toMs, toMs);
    else out.push({ fromMs, toMs });
  }
  return out;
}

/** Where both are. */
export function common(one: readonly Span[], other: readonly Span[]): Span[] {
  return one.flatMap((a) =>
    other
      .map((b) => ({ fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) }))
      .filter(({ fromMs, toMs }) => toMs > fromMs),
  );
}

export function totalMs(spans: readonly Span[]): Ms {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

/** The one that is at that time. */
export function spanAt<S extends Span>(spans: readonly S[], atMs: Ms): S | undefined {
  return spans.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}
