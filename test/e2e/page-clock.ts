import type { Page } from 'playwright-core';
import { type ClockReading, clockReadings } from '../browser/speaker-tap.js';

/** Milliseconds since the epoch by this process's steady clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Relates a page's audio clock (24 kHz) to this process's clock; both run on one machine. */
export interface PageClock {
  /** When a sample had been rendered at the latest: the first reading that saw it. Rendering goes in bursts of about 20 ms. */
  renderedAtMs(frame: number): number;
  /** When a sample left the loudspeaker, by the browser's own account of its output. */
  audibleAtMs(frame: number): number;
}

/** Takes the readings of a page that was opened with `tapSpeaker`. */
export async function readPageClock(page: Page): Promise<PageClock> {
  const aheadMs = await pageAheadMs(page);
  const readings = await clockReadings(page);
  const firstAt = (seconds: number, of: (reading: ClockReading) => number): ClockReading => {
    const found = readings.find((reading) => of(reading) >= seconds) ?? readings.at(-1);
    if (found === undefined) throw new Error('the page has no audio');
    return found;
  };
  return {
    renderedAtMs(frame) {
      return firstAt(frame / 24_000, (reading) => reading.renderedSeconds).atMs - aheadMs;
    },
    audibleAtMs(frame) {
      const { audibleAtMs, audibleSeconds } = firstAt(frame / 24_000, (reading) => reading.audibleSeconds);
      return audibleAtMs + frame / 24 - audibleSeconds * 1000 - aheadMs;
    },
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
