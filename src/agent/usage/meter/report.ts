import type { Ms } from '../../../core/index.js';
import { elapse, settleRuns } from './elapse.js';
import type { CallMetrics } from './metrics.js';
import { spreadOf } from './samples.js';
import type { MeterState, SampleName } from './state.js';

/** The call so far. What is under way counts up to now. */
export function reportOf(live: MeterState, nowMs: Ms): CallMetrics {
  const state = structuredClone(live);
  const atMs = state.endedMs ?? nowMs;
  if (state.startedMs !== null && state.endedMs === null) {
    elapse(state, atMs);
    const { user, agent } = state;
    state.endedMs = atMs;
    state.user = false;
    state.agent = false;
    settleRuns(state, atMs);
    Object.assign(state, { user, agent });
  }
  const { sums, samples } = state;
  const of = (name: SampleName) => spreadOf(samples?.[name]);
  return {
    durationMs: state.startedMs === null ? 0 : atMs - state.startedMs,
    ...(state.firstSpeechMs === null ? {} : { firstSpeechMs: state.firstSpeechMs }),
    turns: { count: sums.turns, answered: sums.answered, early: sums.early, late: sums.late },
    voiceToVoiceMs: of('voiceToVoice'),
    voiceToVoiceWithToolsMs: of('withTools'),
    commitMs: of('commit'),
    modelMs: of('model'),
    playMs: of('play'),
    leadSilenceMs: of('lead'),
    ackMs: of('ack'),
    transcriptLagMs: of('transcriptLag'),
    interruptions: {
      count: sums.interruptions,
      byUser: sums.byUser,
      detectMs: of('detect'),
      flushMs: of('flush'),
      stopMs: of('stop'),
      overlaps: sums.overlaps,
      yields: sums.yields,
      falseStops: sums.falseStops,
      resumeMs: of('resume'),
      postInterruptMs: of('postInterrupt'),
    },
    truncationErrorMs: { ...of('truncation'), unknown: sums.unknownCuts },
    staleAudioMs: sums.staleMs,
    overlap: {
      totalMs: sums.overlapMs,
      longestMs: sums.longestOverlapMs,
      agentBegan: sums.agentBegan,
    },
    deadAir: { count: sums.deadAirs, longestMs: sums.longestDeadAirMs },
    talk: { userMs: sums.userMs, agentMs: sums.agentMs },
    tools: {
      count: sums.tools,
      // While the call lasts a tool may yet end.
      orphaned: live.endedMs === null ? 0 : state.tools.length,
      outcomes: sums.outcomes,
      waitMs: sums.toolWaitMs,
      silentMs: sums.toolSilentMs,
      postToolMs: of('postTool'),
    },
    reconnects: { count: sums.reconnects, gapMs: sums.gapMs, longestGapMs: sums.longestGapMs },
    droppedInputMs: sums.droppedMs,
  };
}
