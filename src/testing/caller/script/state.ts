import type { Ms } from '../../../core/index.js';
import type { LogEntry } from '../../report/recording.js';
import type { Fields, Step } from '../scenario/scenario.js';

/** A caller at work. Plain JSON. */
export interface ScriptState {
  readonly steps: readonly Step[];
  /** Default of every wait. */
  readonly withinMs: Ms;
  /** The step under way. */
  at: number;
  /**
   * `ready`: the step has not begun; `sounding`: until it is said; `waiting`: for an event or what is expected; `delaying`:
   * until `untilMs`; `over`: nothing follows.
   */
  phase: 'ready' | 'sounding' | 'waiting' | 'delaying' | 'over';
  beganMs: Ms;
  untilMs: Ms;
  /** What has happened since the caller last began to do something, and how far waits have come in it. */
  events: LogEntry[];
  met: number;
  /** The agent has been speaking since then. */
  agentFromMs: Ms | null;
  /** The time that was asked for last. */
  wakeMs: Ms | null;
}

export type ScriptInput =
  | { t: 'begin'; atMs: Ms }
  | { t: 'time'; atMs: Ms }
  | { t: 'event'; entry: LogEntry; atMs: Ms }
  /** What was begun by `sound` is said. */
  | { t: 'sounded'; atMs: Ms }
  /** The far end has ended the call. */
  | { t: 'ended'; reason: string; atMs: Ms };

export type ScriptEffect =
  /** Make the sound of this step; `sounded` comes back. */
  | { t: 'sound'; step: number }
  /** Begin the noise of this step. */
  | { t: 'noise'; step: number }
  | { t: 'send'; message: Fields }
  | { t: 'pause'; step: number; fromMs: Ms; toMs: Ms }
  /** `time` is wanted then; null: not any more. */
  | { t: 'wake'; atMs: Ms | null }
  | { t: 'failed'; step: number; message: string }
  | { t: 'hangup'; reason: string };

export function scriptState(steps: readonly Step[], withinMs: Ms): ScriptState {
  return {
    steps,
    withinMs,
    at: 0,
    phase: 'ready',
    beganMs: 0,
    untilMs: 0,
    events: [],
    met: 0,
    agentFromMs: null,
    wakeMs: null,
  };
}
