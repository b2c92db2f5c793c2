import type { Ms } from '../../../core/index.js';
import type { Manner, NoiseKind, TicKind } from '../sound/index.js';

/** A call as data: who calls, over what line, what the caller does, and what has to come of it. */
export interface Scenario {
  name: string;
  /** Of all chance in the call. Default 1. */
  seed?: number;
  /** For the commands: a module that exports the callee, relative to the scenario's file, or the address of a running server. */
  agent?: string;
  /** `virtual` (default for modules): time is computed, a call of a minute takes a moment. `real`: it takes its time. */
  clock?: 'virtual' | 'real';
  /** How the caller speaks where a step says nothing else. */
  caller?: CallerVoiceOptions;
  line?: LineConditions;
  /** The caller hangs up after so long, and the call has failed. Default 60000. */
  limitMs?: Ms;
  /** Default of every wait. Default 15000. */
  withinMs?: Ms;
  steps: Step[];
  /** Judged over the whole call, after it. */
  expect?: Expectation[];
}

export interface CallerVoiceOptions extends Manner {
  /** How much each thing said may differ from the above, by the seed: parts of rate and pitch, decibels of level. */
  vary?: { rate?: number; pitch?: number; levelDb?: number };
}

/** What lies between the caller's mouth and the agent's ear, and back. */
export interface LineConditions {
  /** Of the audio both ways and of the recording. Default 24000, of a telephone always 8000. */
  sampleRateHz?: number;
  /** 300 to 3400 Hz and mu-law, both ways. */
  telephone?: boolean;
  /** All through the call. */
  noise?: NoiseOfStep;
  /** The agent's voice comes back into the caller's microphone. */
  echo?: {
    /** Relative to the agent's voice; default -12. */ levelDb?: number /** Default 120. */;
    delayMs?: Ms;
  };
  /** Frames of the caller's audio that never arrive, in bursts: silence stands in their place. */
  loss?: { /** Share of frames. */ rate: number /** Default 100. */; burstMs?: Ms };
}

export interface NoiseOfStep {
  kind: NoiseKind;
  /** Below the level of the caller's speech. Default 15. */
  snrDb?: number;
  /** In place of `snrDb`: RMS in dBFS. */
  levelDb?: number;
}

/** One thing that the caller does; the next begins when it is done. */
export type Step =
  /** Speaks, until it is said. Begun while the agent speaks it is an interruption, otherwise a turn, unless `intent` says. */
  | { say: Manner & { text: string; intent?: 'turn' | 'interruption' } }
  | { wait: { ms: Ms } | WaitFor }
  /** Waits for the event, then `delayMs` more: the next step is sent so long after it. */
  | { sendAfter: { event: string; delayMs: Ms; where?: Fields; withinMs?: Ms } }
  /** Waits until `agentMs` of what the agent says has been heard, of the utterance under way or the next one. */
  | { overlapAt: { agentMs: Ms; withinMs?: Ms } }
  /** Presses keys; `audible`: as tones on the line as well. */
  | { dtmf: { keys: string; gapMs?: Ms; toneMs?: Ms; audible?: boolean } }
  /** Begins, and the next step with it; until `ms` have passed or the call ends. */
  | { noise: NoiseOfStep & { ms?: Ms } }
  /** "Uh huh", or what `text` says, and no wish to speak. */
  | { backchannel: Manner & { text?: string } }
  /** A cough or another sound that is no speech. */
  | { tic: { kind?: TicKind; peakDb?: number } }
  /** Speech to somebody else in the room; by default another voice, 8 dB softer. */
  | { sideSpeech: Manner & { text: string } }
  /** Silence in the middle of what the caller has to say: an agent that speaks here cuts in. */
  | { pause: { ms: Ms } }
  /** Sends a JSON message beside the audio. */
  | { data: Fields }
  /** Waits for what is expected, at most `withinMs`; `absent`: that it does not come meanwhile. What fails here does not end the call. */
  | { expect: Expectation }
  | { hangup: { reason?: string } };

export type Fields = Record<string, unknown>;

/** Until the event has come. One that came after the last thing that the caller began to do, and that no wait has met before, counts. */
export interface WaitFor {
  for: string;
  where?: Fields;
  withinMs?: Ms;
}

/** Something that must (`absent`: must not) be so. One kind each. */
export type Expectation = ExpectedEvent | ExpectedCall | ExpectedText | ExpectedMetric;

export interface ExpectedEvent {
  /** Name of an entry of the call's log. */
  event: string;
  /** Fields that its data has, among others; a text between slashes is a regular expression. */
  where?: Fields;
  /** After the event named by `after`, or from the beginning of the call or step. */
  withinMs?: Ms;
  after?: string;
  absent?: boolean;
  /** How often, exactly. */
  times?: number;
}

/** A tool was called, with arguments that have these fields. */
export interface ExpectedCall {
  calls: string;
  args?: Fields;
  absent?: boolean;
  times?: number;
  withinMs?: Ms;
}

/**
 * Words, whatever their case and punctuation. `textContains`: the agent's text, heard or not; `heard`: what of it reached the
 * caller's ear; `understood`: what the agent took the caller to say.
 */
export interface ExpectedText {
  textContains?: string;
  heard?: string;
  understood?: string;
  absent?: boolean;
  withinMs?: Ms;
}

/** A figure of the report, such as `v2v_ms.p95`. */
export interface ExpectedMetric {
  metric: string;
  min?: number;
  max?: number;
  equals?: number;
}
