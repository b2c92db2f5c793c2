import { distribution, type Figures, known, rate } from './figures.js';
import { type Overlap, selectivity } from './interruptions.js';
import { latency, latencyAfterTool } from './latency.js';
import type { Scene, UserTurn } from './scene.js';
import { common, totalMs } from './spans.js';

/**
 * Figures by the public thresholds of two other projects, so that numbers can be compared; measured with our detector, and
 * not in ticks of 200 ms. `eva_turn_score`: 0 to 1 for each turn, by ServiceNow's EVA; `tau_…`: the interaction panel of tau-voice.
 */
export function comparisonFigures(scene: Scene, overlaps: readonly Overlap[]): Figures {
  const scores = scene.turns.map((turn, index) =>
    turnScore(scene, turn, overlaps, index === scene.turns.length - 1),
  );
  const told = scores.filter((score) => score !== undefined);
  const answered = scene.turns.filter((turn) => turn.answeredMs !== undefined && latency(turn) > 0);
  const real = overlaps.filter(({ kind }) => kind === 'interruption');
  const yields = real.map(({ stoppedAfterMs = 0 }) => stoppedAfterMs).filter((ms) => ms <= 2000);
  const intrusions = scene.agent.filter(({ fromMs }) =>
    scene.turns.some((turn) => turn.fromMs < fromMs && fromMs < turn.toMs),
  );
  // Whoever was left without an answer at the end was left.
  const isLeft = told.length > 0 && scores.at(-1) === 0 && scene.turns.at(-1)?.answeredMs === undefined;
  return known({
    eva_turn_score:
      told.length === 0 ? undefined : isLeft ? 0 : told.reduce((sum, score) => sum + score, 0) / told.length,
    tau_response_latency_s: distribution(answered.map((turn) => latency(turn) / 1000)),
    tau_response_rate: rate(answered.length, scene.turns.length),
    tau_yield_latency_s: distribution(yields.map((ms) => ms / 1000)),
    tau_yield_rate: rate(yields.length, real.length),
    tau_agent_interruption_rate: rate(intrusions.length, scene.turns.length),
    tau_backchannels_kept: selectivity(overlaps, 'backchannel'),
    tau_tics_ignored: selectivity(overlaps, 'tic'),
    tau_side_speech_ignored: selectivity(overlaps, 'side_speech'),
  });
}

/** EVA's curve for one turn. Undefined: the agent said nothing to it, and it was not the last one (which scores 0 for the call). */
function turnScore(
  scene: Scene,
  turn: UserTurn,
  overlaps: readonly Overlap[],
  isLast: boolean,
): number | undefined {
  if (turn.answeredMs === undefined) return isLast ? 0 : undefined;
  const ms = turn.hasTool ? latencyAfterTool(turn) : latency(turn);
  const scores = [latencyScore(ms, turn.hasTool)];
  const into = scene.agent.filter(({ fromMs }) => turn.fromMs < fromMs && fromMs < turn.toMs);
  if (into.length > 0) {
    const overlapMs = totalMs(common(into, [turn]));
    scores.push(0.5 * Math.max(0, 1 - overlapMs / 2000), 0.5 * Math.max(0, 1 - (into.length - 1) / 2));
  }
  const stopped = overlaps.find(
    ({ kind, fromMs }) => kind === 'interruption' && fromMs >= turn.fromMs && fromMs < turn.toMs,
  );
  if (stopped !== undefined) scores.push(Math.max(0, 1 - (stopped.stoppedAfterMs ?? 0) / 2000));
  return Math.min(...scores);
}

/** 0 up to -500 ms, rising to 1 at 500, 1 to the plateau's end, falling to 0. */
function latencyScore(ms: number, hasTool: boolean): number {
  const [plateau, end] = hasTool ? [3000, 5000] : [2000, 3500];
  if (ms <= -500 || ms >= end) return 0;
  if (ms < 500) return (ms + 500) / 1000;
  return ms <= plateau ? 1 : (end - ms) / (end - plateau);
}
