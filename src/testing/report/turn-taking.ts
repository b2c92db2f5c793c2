import type { Ms } from '../../core/index.js';
import { type Figures, known, rate } from './figures.js';
import type { LogEntry } from './recording.js';
import type { Scene } from './scene.js';
import { common, joined, type Span, totalMs } from './spans.js';

const deadAirMs: Ms = 4000;

/** Silence of both that lasts. */
export interface DeadAir extends Span {
  /** `user`: the agent had spoken last; `agent`: it owed an answer, and nothing explains why there was none. */
  waitingFor: 'user' | 'agent' | 'tool' | 'reconnect';
}

/** Who spoke when, and who was left waiting. */
export function turnTakingFigures(scene: Scene, deadAir: readonly DeadAir[]): Figures {
  const { turns, agent, replies, caller, labels, durationMs } = scene;
  const pauses = labels.filter(({ kind }) => kind === 'pause');
  const intrusions = replies.filter(({ fromMs }) =>
    turns.some((turn) => turn.fromMs < fromMs && fromMs < turn.toMs),
  );
  const cutOff = pauses.filter((pause) =>
    agent.some(({ fromMs }) => fromMs > pause.fromMs && fromMs < pause.toMs),
  );
  const both = joined(common(caller, agent), 1);
  const answered = turns.filter(({ answeredMs }) => answeredMs !== undefined).length;
  const [callerMs, agentMs] = [totalMs(caller), totalMs(agent)];
  return known({
    agent_interrupt_rate: rate(intrusions.length, turns.length),
    cut_off_rate: rate(cutOff.length, pauses.length),
    overlap_ratio: durationMs === 0 ? undefined : totalMs(both) / durationMs,
    overlap_ms: totalMs(both),
    double_talk_ms: both.reduce((most, { fromMs, toMs }) => Math.max(most, toMs - fromMs), 0),
    response_rate: rate(answered, turns.length),
    missed_turns: turns.length - answered,
    turn_count: turns.length,
    mean_turn_s: turns.length === 0 ? undefined : totalMs(turns) / turns.length / 1000,
    talk_ratio: callerMs + agentMs === 0 ? undefined : agentMs / (callerMs + agentMs),
    dead_air_count: deadAir.length,
    dead_air_agent_count: deadAir.filter(({ waitingFor }) => waitingFor === 'agent').length,
    dead_air_longest_ms: deadAir.reduce((most, { fromMs, toMs }) => Math.max(most, toMs - fromMs), 0),
    agent_words_per_min: agentMs === 0 ? undefined : wordsPerMinute(scene, agentMs),
  });
}

/** Both silent for more than four seconds, while the call went on. */
export function deadAirOf({ caller, agent, durationMs, log }: Scene): DeadAir[] {
  const sounds = joined([...caller, ...agent], 1);
  const ends = [0, ...sounds.map(({ toMs }) => toMs)];
  return ends.flatMap((fromMs, index) => {
    const toMs = sounds[index]?.fromMs ?? durationMs;
    if (toMs - fromMs <= deadAirMs) return [];
    const isAgentLast = agent.some((one) => Math.abs(one.toMs - fromMs) < 1);
    return [{ fromMs, toMs, waitingFor: excuse(log, fromMs, toMs) ?? (isAgentLast ? 'user' : 'agent') }];
  });
}

/** What took the time, where the log says it. */
function excuse(log: readonly LogEntry[], fromMs: Ms, toMs: Ms): DeadAir['waitingFor'] | undefined {
  const before = log.filter(({ atMs }) => atMs <= toMs);
  const running = before.some(({ event, data, atMs }) => {
    if (event !== 'tool_started') return false;
    const ended = log.find((entry) => entry.event === 'tool_ended' && entry.data.callId === data.callId);
    return (ended?.atMs ?? toMs) > Math.max(atMs, fromMs);
  });
  if (running) return 'tool';
  const isBetween = ({ atMs }: LogEntry) => atMs > fromMs && atMs <= toMs;
  return before.some((entry) => entry.event === 'session_reconnected' && isBetween(entry))
    ? 'reconnect'
    : undefined;
}

function wordsPerMinute({ log }: Scene, agentMs: Ms): number | undefined {
  const heard = new Map<unknown, string>();
  for (const { event, data } of log) {
    if (event === 'agent_output_transcribed') heard.set(data.itemId, String(data.heard ?? ''));
  }
  const words = [...heard.values()].reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  return words === 0 ? undefined : (words * 60_000) / agentMs;
}
