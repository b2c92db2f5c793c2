import type { Ms } from '../../core/index.js';
import { distribution, type Figures, known, rate } from './figures.js';
import type { LogEntry } from './recording.js';
import type { Scene } from './scene.js';
import { common, spanAt, totalMs } from './spans.js';

/** A tool, from its start to its end. */
export interface ToolRun {
  callId: string;
  name: string;
  startedMs: Ms;
  endedMs?: Ms;
  /** `orphaned`: nothing was heard of it any more. */
  outcome: string;
}

/** Every tool that the log tells of. */
export function toolRuns(log: readonly LogEntry[]): ToolRun[] {
  return log
    .filter(({ event }) => event === 'tool_started')
    .map(({ data, atMs }) => {
      const callId = String(data.callId);
      const ended = log.find((entry) => entry.event === 'tool_ended' && entry.data.callId === callId);
      const answered = answers(log, callId)[0];
      const end = ended ?? answered?.entry;
      const outcome =
        ended?.data.outcome ??
        (answered === undefined ? 'orphaned' : answered.isError ? 'failed' : 'completed');
      const run = { callId, name: String(data.name), startedMs: atMs, outcome: String(outcome) };
      return end === undefined ? run : { ...run, endedMs: end.atMs };
    });
}

/** How long tools took, and what the caller heard meanwhile. Needs a log. */
export function toolFigures({ log, agent, turns, durationMs }: Scene, runs: readonly ToolRun[]): Figures {
  if (runs.length === 0) return {};
  const waits = runs.map(({ startedMs, endedMs = durationMs }) => ({ fromMs: startedMs, toMs: endedMs }));
  // Calls of one moment are one group: the caller hears one lead-in.
  const groups = runs.filter(
    ({ startedMs }, index) => index === 0 || startedMs - runs[index - 1]!.startedMs > 100,
  );
  const led = groups.filter(({ startedMs }) => {
    const asked = turns.findLast(({ fromMs }) => fromMs < startedMs);
    return agent.some(({ fromMs }) => fromMs > (asked?.fromMs ?? 0) && fromMs <= startedMs + 20);
  });
  const count = (outcome: string) => runs.filter((run) => run.outcome === outcome).length;
  return known({
    tool_wait_ms: distribution(waits.map(({ fromMs, toMs }) => toMs - fromMs)),
    tool_silent_wait_ms: distribution(
      waits.map((wait) => wait.toMs - wait.fromMs - totalMs(common(agent, [wait]))),
    ),
    pre_tool_speech_rate: rate(led.length, groups.length),
    post_tool_silence_ms: distribution(runs.flatMap((run) => silenceAfter(run, agent))),
    tools_completed: count('completed'),
    tools_failed: count('failed') + count('timed_out'),
    tools_cancelled: count('cancelled') + count('withdrawn') + count('closed') + count('refused'),
    tools_orphaned: count('orphaned'),
    tools_answered_twice: runs.filter(({ callId }) => answers(log, callId).length > 1).length,
  });
}

function answers(log: readonly LogEntry[], callId: string) {
  return log
    .filter(({ event }) => event === 'function_tools_executed')
    .flatMap((entry) => {
      const calls = Array.isArray(entry.data.calls) ? (entry.data.calls as Record<string, unknown>[]) : [];
      return calls
        .filter((call) => call.callId === callId)
        .map((call) => ({ entry, isError: call.isError === true }));
    });
}

function silenceAfter({ endedMs }: ToolRun, agent: Scene['agent']): Ms[] {
  if (endedMs === undefined || spanAt(agent, endedMs) !== undefined) return [];
  const next = agent.find(({ fromMs }) => fromMs >= endedMs);
  return next === undefined ? [] : [next.fromMs - endedMs];
}
