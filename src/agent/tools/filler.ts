import type { Ms } from '../../core/index.js';
import type { FillerPlan } from './machine/state.js';

/** One text, several in turn, or a function of how many were said before; undefined or '' = nothing this time. */
export type FillerText =
  | string
  | readonly string[]
  | ((said: number, call: { name: string; args: string }) => string | undefined);

/** What is said while a tool runs and nothing is heard. */
export type Filler =
  | FillerText
  | {
      text: FillerText;
      /** Silence before the first one. Default 1,000. */
      afterMs?: Ms;
      /** Silence before each further one. Default 6,000. */
      everyMs?: Ms;
      /** How many at most while the caller waits once. Default 3. */
      times?: number;
    };

export function fillerPlan(filler: Filler | null): FillerPlan | null {
  if (filler === null) return null;
  const { afterMs = 1_000, everyMs = 6_000, times = 3 } = isText(filler) ? {} : filler;
  return { afterMs, everyMs, times };
}

/** `said`: how many there were before. */
export function fillerText(
  filler: Filler | null,
  said: number,
  call: { name: string; args: string },
): string | undefined {
  if (filler === null) return undefined;
  const text = isText(filler) ? filler : filler.text;
  if (typeof text === 'function') return text(said, call);
  return typeof text === 'string' ? text : text[said % text.length];
}

function isText(filler: Filler): filler is FillerText {
  return typeof filler === 'string' || typeof filler === 'function' || Array.isArray(filler);
}
