import type { Standing } from '../words/apply.js';

/** What may be done with a text: `open` is whole already and may yet go on; `short` must go on; `wrong` cannot become one. */
export type Fit = 'whole' | 'open' | 'short' | 'wrong';

export interface Checked {
  /** As corrections see it: digits as they were said, an address, a date. */
  text: string;
  /** As the tool returns it: E.164 for a phone number, ISO 8601 for a date. */
  value: string;
  fit: Fit;
  /** How it is read back, piece by piece. */
  groups: readonly string[];
}

export interface Said {
  verdict: 'yes' | 'no' | null;
  wish: 'repeat' | 'stop' | 'keys' | null;
  /** What the value may be after this turn, the likeliest first. */
  texts: readonly string[];
}

/** What one kind of value knows of words and of itself. Pure. */
export interface CaptureRules {
  said(turn: string, standing: Standing): Said;
  check(text: string): Checked;
  /** Whether a turn in which nobody had asked for it may hold the value, or some of it. Absent: any may. */
  mayHold?(turn: string): boolean;
}
