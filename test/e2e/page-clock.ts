import type { Page } from 'playwright-core';

/** Milliseconds since the epoch by this process's steady clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Relates a page's audio clock to this process's clock; both run on one machine. */
export interface PageClock {
  /** When a sample is rendered: its place in the audio thread's work. */
  renderedAtMs(frame: number): number;
  /** When a sample leaves the loudspeaker, by the browser's own account of its output. */
  audibleAtMs(frame: number): number;
  /** Spread of the readings of rendering (they come in bursts), milliseconds. */
  jitterMs: number;
}

interface Reading {
  /** Page time at which rendering stood at `renderedSeconds`. */
  atMs: number;
  renderedSeconds: number;
  audibleAtMs: number;
  audibleSeconds: number;
}

/** Takes a second of readings of a page that is in a call and was opened with `tapSpeaker`. */
export async function readPageClock(page: Page): Promise<PageClock> {
  const aheadMs = await pageAheadMs(page);
  const { sampleRateHz, readings } = await page.evaluate(async () => {
    const context = window.tappedContext;
    if (!(context instanceof AudioContext)) throw new Error('the page has no audio');
    const taken: Reading[] = [];
    const { timeOrigin } = performance;
    for (let i = 0; i < 200; i++) {
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
      taken.push({
        atMs: timeOrigin + performance.now(),
        renderedSeconds: context.currentTime,
        audibleAtMs: timeOrigin + performanceTime,
        audibleSeconds: contextTime,
      });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { sampleRateHz: context.sampleRate, readings: taken };
  });
  // A reading can only be late: the earliest page time seen for a position is the truest.
  const rendered = readings.map(({ atMs, renderedSeconds }) => atMs - aheadMs - renderedSeconds * 1000);
  const audible = readings.map((r) => r.audibleAtMs - aheadMs - r.audibleSeconds * 1000);
  const startedMs = median(rendered);
  const heardFromMs = median(audible);
  return {
    renderedAtMs: (frame) => startedMs + (frame * 1000) / sampleRateHz,
    audibleAtMs: (frame) => heardFromMs + (frame * 1000) / sampleRateHz,
    jitterMs: Math.max(...rendered) - Math.min(...rendered),
  };
}

/** How far the page's clock is ahead of ours: the best of several questions and answers. */
async function pageAheadMs(page: Page): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, aheadMs: 0 };
  for (let i = 0; i < 20; i++) {
    const askedMs = nowMs();
    const pageMs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const answeredMs = nowMs();
    const tripMs = answeredMs - askedMs;
    if (tripMs < best.tripMs) best = { tripMs, aheadMs: pageMs - (askedMs + answeredMs) / 2 };
  }
  return best.aheadMs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
