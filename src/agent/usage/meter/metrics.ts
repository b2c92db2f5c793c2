import type { Ms } from '../../../core/index.js';
import type { InterruptedBy } from '../../machine/state.js';
import type { ToolEnd } from '../../tools/events.js';

/** Where the time of an answer went. The four sum to `voiceToVoiceMs`. */
export interface Waterfall {
  /** From the caller's last voiced sample until the turn was taken as over. */
  commitMs: Ms;
  /** Until the first audio of the answer came. */
  modelMs: Ms;
  /** Until its first sample was played. */
  playMs: Ms;
  /** Quiet samples at its beginning. */
  leadSilenceMs: Ms;
}

/** An answer begins to be heard. */
export interface TurnMetrics {
  type: 'turn';
  turnId: string;
  /** From the last voiced sample of the caller to the first audible one of the answer. */
  voiceToVoiceMs: Ms;
  waterfall: Waterfall;
  /** To the first audible sample of anything, a filler for example. */
  ackMs: Ms;
  /** Tools ran before it. */
  withTools: boolean;
  /** The turn had interrupted the agent: this is the latency after an interruption, too. */
  interrupted: boolean;
}

/** All that is known of a turn of the caller, once the next one begins or the call ends. What did not happen is absent. */
export interface TurnReport {
  type: 'turn_completed';
  turnId: string;
  answered: boolean;
  voiceToVoiceMs?: Ms;
  waterfall?: Waterfall;
  ackMs?: Ms;
  /** From the caller's last voiced sample to the final words. */
  transcriptLagMs?: Ms;
  /** While at least one tool ran; and the part of that in which the agent was silent. */
  toolWaitMs: Ms;
  toolSilentMs: Ms;
  tools: number;
  /** Both spoke. */
  overlapMs: Ms;
}

/** The agent was stopped. */
export interface InterruptionMetrics {
  type: 'interruption';
  by: InterruptedBy;
  /** From the beginning of the caller's voice, where the ear says where that was, to the decision. */
  detectMs?: Ms;
  /** From the decision to silence at the far end; absent where nothing was being heard. */
  flushMs?: Ms;
  /** From the beginning of the caller's voice (or, where no ear says where that was, from its report) to silence. */
  stopMs?: Ms;
}

/** A tool has ended. */
export interface ToolMetrics {
  type: 'tool';
  callId: string;
  name: string;
  outcome: ToolEnd;
  waitMs: Ms;
}

/** Percentiles by nearest rank; absent where nothing was measured. */
export interface Spread {
  n: number;
  p50?: number;
  p90?: number;
  p95?: number;
  max?: number;
}

/** A call so far. A snapshot: it does not change. */
export interface CallMetrics {
  durationMs: Ms;
  /** From the start of the call to the agent's first audible sample; absent while it has said nothing. */
  firstSpeechMs?: Ms;
  turns: { count: number; answered: number; early: number; late: number };
  /** Of turns without tools, and of those with. */
  voiceToVoiceMs: Spread;
  voiceToVoiceWithToolsMs: Spread;
  commitMs: Spread;
  modelMs: Spread;
  playMs: Spread;
  leadSilenceMs: Spread;
  ackMs: Spread;
  transcriptLagMs: Spread;
  interruptions: {
    count: number;
    byUser: number;
    detectMs: Spread;
    flushMs: Spread;
    stopMs: Spread;
    /** The caller began while the agent was heard: so often, and so often the agent was silent within two seconds. */
    overlaps: number;
    yields: number;
    /** The agent paused for what was none, and went on after so long. */
    falseStops: number;
    resumeMs: Spread;
    postInterruptMs: Spread;
  };
  /** What the provider was told of a cut, against what was played. `unknown`: the far end could only guess. */
  truncationErrorMs: Spread & { unknown: number };
  /** Audio of something interrupted that was heard after the cut. */
  staleAudioMs: Ms;
  /** Both spoke. `agentBegan`: the agent began while the caller spoke. */
  overlap: { totalMs: Ms; longestMs: Ms; agentBegan: number };
  /** Both were silent for more than four seconds. */
  deadAir: { count: number; longestMs: Ms };
  talk: { userMs: Ms; agentMs: Ms };
  tools: {
    count: number;
    /** Started and never ended: always 0. */
    orphaned: number;
    outcomes: Partial<Record<ToolEnd, number>>;
    waitMs: Ms;
    silentMs: Ms;
    /** From the last result to the next audible sample. */
    postToolMs: Spread;
  };
  reconnects: { count: number; gapMs: Ms; longestGapMs: Ms };
  droppedInputMs: Ms;
}
