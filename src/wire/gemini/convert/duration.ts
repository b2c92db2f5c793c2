import type { Ms } from '../../../core/index.js';

/** `"50s"`, `"0.440s"` as milliseconds; undefined for anything else. */
export function durationToMs(text: string | undefined): Ms | undefined {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '');
  return match === null ? undefined : Math.round(Number(match[1]) * 1e6) / 1000;
}

/** Milliseconds as protobuf's text: whole seconds, or three digits behind the point. */
export function msToDuration(ms: Ms): string {
  const whole = Math.max(0, Math.round(ms));
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${(whole / 1000).toFixed(3)}s`;
}
