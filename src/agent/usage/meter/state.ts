import type { Ms } from '../../../core/index.js';
import { none } from '../../../core/none.js';
import type { InterruptedBy } from '../../machine/state.js';
import type { ToolEnd } from '../../tools/events.js';
import type { InterruptionMetrics, ToolMetrics, TurnMetrics, TurnReport, Waterfall } from './metrics.js';

/** A turn of the caller, until the next one begins. */
export interface TurnState {
  turn: string;
  /** The last voiced sample; null while it is being spoken. */
  endedMs: Ms | null;
  committedMs: Ms | null;
  /** It had stopped the agent. */
  interrupted: boolean;
  ackMs: Ms | null;
  voiceToVoiceMs: Ms | null;
  waterfall: Waterfall | null;
  transcriptLagMs: Ms | null;
  tools: number;
  toolWaitMs: Ms;
  toolSilentMs: Ms;
  overlapMs: Ms;
}

/** A response, until its first audible sample. */
export interface OnsetState {
  response: string;
  own: boolean;
  /** Its first audio came. */
  firstMs: Ms;
  /** Its first sample was played. */
  playMs: Ms | null;
  /** Quiet samples at its beginning; null while all were quiet. */
  leadMs: Ms | null;
}

/** The caller began while the agent spoke or was about to. */
export interface BargeInState {
  turn: string;
  /** Where the voice began; null: no ear said. */
  onsetMs: Ms | null;
  toldMs: Ms;
  /** The agent was being heard. */
  overlaps: boolean;
  decidedMs: Ms | null;
  /** The agent pauses, and is not heard since. */
  silentMs: Ms | null;
}

/** Measured values, for percentiles. */
export type Samples = readonly number[];

export interface MeterState {
  startedMs: Ms | null;
  endedMs: Ms | null;
  firstSpeechMs: Ms | null;
  /** Who is being heard, and how many tools run, since `atMs`. */
  user: boolean;
  agent: boolean;
  /** Calls under way. */
  tools: readonly { call: string; startedMs: Ms }[];
  atMs: Ms;
  /** Both are silent since; null: one is not. */
  silentMs: Ms | null;
  /** Both speak since; null: one does not. */
  bothMs: Ms | null;
  /** The tools have all ended, and nothing was heard since. */
  toolsDoneMs: Ms | null;
  turn: TurnState | null;
  onsets: readonly OnsetState[];
  bargeIn: BargeInState | null;
  /** The agent pauses since; null: it does not. */
  heldMs: Ms | null;
  /** Items that were cut: how much of them had been heard. */
  cuts: readonly { item: string; heardMs: Ms; exact: boolean }[];
  sums: {
    turns: number;
    answered: number;
    early: number;
    late: number;
    userMs: Ms;
    agentMs: Ms;
    overlapMs: Ms;
    longestOverlapMs: Ms;
    agentBegan: number;
    deadAirs: number;
    longestDeadAirMs: Ms;
    toolWaitMs: Ms;
    toolSilentMs: Ms;
    tools: number;
    outcomes: Readonly<Partial<Record<ToolEnd, number>>>;
    interruptions: number;
    byUser: number;
    overlaps: number;
    yields: number;
    falseStops: number;
    unknownCuts: number;
    staleMs: Ms;
    reconnects: number;
    gapMs: Ms;
    longestGapMs: Ms;
    droppedMs: Ms;
  };
  /** Of what was measured at all; `null`: nothing was. */
  samples: Partial<Record<SampleName, Samples>> | null;
}

export type SampleName =
  | 'voiceToVoice'
  | 'withTools'
  | 'commit'
  | 'model'
  | 'play'
  | 'lead'
  | 'ack'
  | 'transcriptLag'
  | 'detect'
  | 'flush'
  | 'stop'
  | 'postInterrupt'
  | 'resume'
  | 'truncation'
  | 'postTool';

export type MeterInput = { atMs: Ms } & (
  | { t: 'start' }
  | { t: 'user'; edge: 'start' | 'stop' | 'discarded'; turn: string; voiceEndedMs: Ms }
  /** Where the voice of the turn began. */
  | { t: 'onset'; turn: string; onsetMs: Ms }
  | { t: 'committed'; turn: string }
  | { t: 'words'; turn: string }
  | { t: 'first_audio'; response: string; own: boolean }
  | { t: 'lead'; response: string; leadMs: Ms }
  /** The response's first sample was played then. */
  | { t: 'playing'; response: string; playMs: Ms }
  /** Something of the agent is heard, or nothing any more. */
  | { t: 'agent'; sounds: boolean }
  | { t: 'decided'; by: InterruptedBy | null }
  | { t: 'silenced' }
  /** The agent pauses for a voice; or goes on: it was no interruption. */
  | { t: 'held' }
  | { t: 'resumed' }
  /** An item was cut where the far end stood. */
  | { t: 'cut'; item: string; heardMs: Ms; exact: boolean }
  /** What the provider was told of it. */
  | { t: 'truncated'; item: string; heardMs: Ms }
  /** How much of an item was heard, said after its cut. */
  | { t: 'stale'; item: string; heardMs: Ms }
  | { t: 'tool'; phase: 'started'; call: string }
  | { t: 'tool'; phase: 'ended'; call: string; name: string; outcome: ToolEnd }
  | { t: 'reconnected'; gapMs: Ms }
  | { t: 'dropped'; droppedMs: Ms }
  | { t: 'end' }
);

/** What is told, as it is told. */
export type MeterEffect = TurnMetrics | TurnReport | InterruptionMetrics | ToolMetrics;

const noOutcomes: MeterState['sums']['outcomes'] = {};

export function meterState(): MeterState {
  return {
    startedMs: null,
    endedMs: null,
    firstSpeechMs: null,
    user: false,
    agent: false,
    tools: none,
    atMs: 0,
    silentMs: null,
    bothMs: null,
    toolsDoneMs: null,
    turn: null,
    onsets: none,
    bargeIn: null,
    heldMs: null,
    cuts: none,
    sums: {
      turns: 0,
      answered: 0,
      early: 0,
      late: 0,
      userMs: 0,
      agentMs: 0,
      overlapMs: 0,
      longestOverlapMs: 0,
      agentBegan: 0,
      deadAirs: 0,
      longestDeadAirMs: 0,
      toolWaitMs: 0,
      toolSilentMs: 0,
      tools: 0,
      outcomes: noOutcomes,
      interruptions: 0,
      byUser: 0,
      overlaps: 0,
      yields: 0,
      falseStops: 0,
      unknownCuts: 0,
      staleMs: 0,
      reconnects: 0,
      gapMs: 0,
      longestGapMs: 0,
      droppedMs: 0,
    },
    samples: null,
  };
}
