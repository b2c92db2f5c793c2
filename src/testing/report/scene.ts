import { type Ms, samplesToMs } from '../../core/index.js';
import type { Label, LogEntry, Recording } from './recording.js';
import { speechSegments, utterances } from './segments.js';
import { joined, type Span } from './spans.js';

/** What a report is made of. Without labels the caller's speech is found in the recording; without a log some figures are absent. */
export interface ReportInput {
  recording: Recording;
  log?: readonly LogEntry[];
  labels?: readonly Label[];
}

/** Something the caller wanted to say, from the first sample to the last, and what came of it. */
export interface UserTurn extends Span {
  /** It began while the agent spoke. */
  isInterruption: boolean;
  /** The first sound of the agent after it, before the caller speaks again. */
  answeredMs?: Ms;
  /** A tool was started for it. */
  hasTool: boolean;
  /** The first sound of the agent after the last of its tools. */
  answeredAfterToolMs?: Ms;
}

/** A call laid out in time: what all figures are read from. */
export interface Scene {
  recording: Recording;
  durationMs: Ms;
  log: readonly LogEntry[];
  hasLog: boolean;
  labels: readonly Label[];
  isLabelled: boolean;
  /** The caller's speech to the agent. */
  caller: readonly Span[];
  agent: readonly Span[];
  /** The agent's speech with the pauses between sentences closed. */
  replies: readonly Span[];
  turns: readonly UserTurn[];
}

/** Speech of a caller with no agent between is one turn up to this gap. */
const turnGapMs: Ms = 1200;

/** Lays a call out. */
export function sceneOf({ recording, log = [], labels = [] }: ReportInput): Scene {
  const { sampleRateHz, caller, agent } = recording;
  const isLabelled = labels.length > 0;
  const speech = isLabelled
    ? joined(labels.filter(isDirected), 1)
    : speechSegments(caller, sampleRateHz).speech;
  const agentSpeech = speechSegments(agent, sampleRateHz).speech;
  const replies = utterances(agentSpeech);
  const scene = {
    recording,
    durationMs: samplesToMs(caller.length, sampleRateHz),
    log,
    hasLog: log.length > 0,
    labels,
    isLabelled,
    caller: speech,
    agent: agentSpeech,
    replies,
  };
  return { ...scene, turns: turnsOf(speech, agentSpeech, replies, labels, log) };
}

/** Speech that the agent has to react to. */
export function isDirected({ kind }: Label): boolean {
  return kind === 'turn' || kind === 'interruption';
}

function turnsOf(
  speech: readonly Span[],
  agent: readonly Span[],
  replies: readonly Span[],
  labels: readonly Label[],
  log: readonly LogEntry[],
): UserTurn[] {
  const pauses = labels.filter(({ kind }) => kind === 'pause');
  const groups: Span[] = [];
  for (const span of speech) {
    const last = groups.at(-1);
    if (last !== undefined && isOneTurn(last, span, pauses, agent)) last.toMs = span.toMs;
    else groups.push({ ...span });
  }
  return groups.map((turn, index): UserTurn => {
    const untilMs = groups[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const during = (atMs: Ms) => atMs >= turn.fromMs && atMs < untilMs;
    const tools = log.filter(({ event, atMs }) => event === 'tool_started' && during(atMs));
    const done = log.findLast(({ event, atMs }) => event === 'function_tools_executed' && during(atMs));
    // A sound that began within the turn and goes on is an answer that came too early.
    const answer = agent.find(
      ({ fromMs, toMs }) => fromMs > turn.fromMs && fromMs < untilMs && toMs > turn.toMs,
    );
    const late =
      done === undefined ? undefined : agent.find(({ fromMs }) => during(fromMs) && fromMs >= done.atMs);
    return {
      ...turn,
      isInterruption: replies.some(({ fromMs, toMs }) => fromMs < turn.fromMs && toMs > turn.fromMs),
      hasTool: tools.length > 0,
      ...(answer === undefined ? {} : { answeredMs: answer.fromMs }),
      ...(late === undefined ? {} : { answeredAfterToolMs: late.fromMs }),
    };
  });
}

/** The caller's own pause joins, whatever its length; otherwise a gap in which nobody speaks, if it is short. */
function isOneTurn(before: Span, after: Span, pauses: readonly Label[], agent: readonly Span[]): boolean {
  const within = (span: Span) => span.fromMs < after.fromMs && span.toMs > before.toMs;
  if (pauses.some(within)) return true;
  const isAnswered = agent.some(({ fromMs }) => fromMs >= before.toMs && fromMs < after.fromMs);
  return !isAnswered && after.fromMs - before.toMs < turnGapMs;
}
