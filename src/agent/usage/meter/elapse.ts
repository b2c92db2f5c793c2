import type { Ms } from '../../../core/index.js';
import type { MeterState } from './state.js';

/** Both are silent for longer: dead air. */
const deadAirMs: Ms = 4_000;

/** Time goes by: it belongs to whoever was heard, and whatever ran, until now. */
export function elapse(state: MeterState, nowMs: Ms): void {
  const ms = nowMs - state.atMs;
  state.atMs = nowMs;
  if (ms <= 0) return;
  const { sums, turn, user, agent } = state;
  if (user) sums.userMs += ms;
  if (agent) sums.agentMs += ms;
  if (user && agent) {
    sums.overlapMs += ms;
    if (turn !== null) turn.overlapMs += ms;
  }
  if (state.tools.length === 0) return;
  sums.toolWaitMs += ms;
  if (turn !== null) turn.toolWaitMs += ms;
  if (agent) return;
  sums.toolSilentMs += ms;
  if (turn !== null) turn.toolSilentMs += ms;
}

/** Stretches in which both speak, or nobody, end when that changes, and with the call. */
export function settleRuns(state: MeterState, nowMs: Ms): void {
  const { sums, user, agent, endedMs } = state;
  const isOver = endedMs !== null;
  if (state.silentMs !== null && (user || agent || isOver)) {
    const ms = nowMs - state.silentMs;
    if (ms > deadAirMs) {
      sums.deadAirs += 1;
      sums.longestDeadAirMs = Math.max(sums.longestDeadAirMs, ms);
    }
    state.silentMs = null;
  } else if (state.silentMs === null && !user && !agent && !isOver) state.silentMs = nowMs;
  if (state.bothMs !== null && !(user && agent)) {
    sums.longestOverlapMs = Math.max(sums.longestOverlapMs, nowMs - state.bothMs);
    state.bothMs = null;
  } else if (state.bothMs === null && user && agent) state.bothMs = nowMs;
}
