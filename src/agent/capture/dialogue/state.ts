import type { Ms } from '../../../core/index.js';
import type { Checked } from '../kinds/rules.js';

/** How the caller gives the value: as people do, one sign after the other, on the keypad. */
export type CaptureWay = 'free' | 'slow' | 'keys';

export interface CaptureSettings {
  /** In the order in which they are tried; each is left after `attempts` failures. */
  ways: readonly CaptureWay[];
  attempts: number;
  /** Whether the value is read back. */
  confirm: boolean;
  /** A value that may go on is taken for whole after so much silence. */
  pauseMs: Ms;
  /** Silence after which the caller is asked again. */
  silenceMs: Ms;
}

/** Plain JSON. */
export interface CaptureState {
  readonly settings: CaptureSettings;
  phase:
    | 'idle'
    /** A value is waited for. */
    | 'asked'
    /** Some of it is there. */
    | 'growing'
    /** It was read back. */
    | 'confirming'
    | 'confirmed'
    | 'given_up';
  way: CaptureWay;
  /** What stands: what a correction is applied to. */
  standing: Checked | null;
  /** What stands was refused. */
  isRefused: boolean;
  /** In this way of asking. */
  failures: number;
  /** Questions in a row that were met with silence or with what was no answer. */
  idle: number;
  speaking: boolean;
}

export type CaptureInput =
  /** `found`: what the turns before say, if anything. */
  | { t: 'begin'; found: Checked | null }
  | {
      t: 'heard';
      verdict: 'yes' | 'no' | null;
      wish: 'repeat' | 'stop' | 'keys' | null;
      /** What the value is after this turn; null: the turn says nothing about it. */
      found: Checked | null;
    }
  /** The caller speaks, or has stopped. */
  | { t: 'speech'; edge: 'start' | 'stop' }
  /** All that was to be said has been said, or was cut. */
  | { t: 'told' }
  /** The time that was waited for is over. */
  | { t: 'time' };

export type CaptureLine =
  | 'ask'
  | 'goOn'
  | 'readBack'
  | 'readBackSlowly'
  | 'yesOrNo'
  | 'notUnderstood'
  | 'notValid'
  | 'refused'
  | 'oneByOne'
  | 'keys'
  | 'confirmed';

export type CaptureEffect =
  | { t: 'say'; line: CaptureLine; value: Checked | null }
  /** `null`: nothing is waited for. */
  | { t: 'wait'; ms: Ms | null }
  /** The caller has said that it is not this. */
  | { t: 'refused'; value: Checked }
  | { t: 'confirmed'; value: Checked }
  | { t: 'given_up'; reason: CaptureFailure };

/** The caller did not want to; said nothing; was not understood. */
export type CaptureFailure = 'declined' | 'silence' | 'attempts';

export function captureState(settings: CaptureSettings): CaptureState {
  return {
    settings,
    phase: 'idle',
    way: settings.ways[0] ?? 'free',
    standing: null,
    isRefused: false,
    failures: 0,
    idle: 0,
    speaking: false,
  };
}

export function isOver({ phase }: CaptureState): boolean {
  return phase === 'confirmed' || phase === 'given_up';
}
