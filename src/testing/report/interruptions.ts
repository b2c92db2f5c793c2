import type { Ms } from '../../core/index.js';
import { distribution, type Figures, known, type Rate, rate } from './figures.js';
import { latency } from './latency.js';
import type { Label, LogEntry } from './recording.js';
import type { Scene } from './scene.js';
import { common, type Span, spanAt, totalMs } from './spans.js';

/** Who has not stopped by then did not yield. */
const yieldMs: Ms = 2000;
/** A stop so soon after a sound was because of it. */
const falseStopMs: Ms = 1000;
/** Whoever speaks so soon after a sound answers it. */
const falseAnswerMs: Ms = 2000;
const resumeMs: Ms = 5000;
/** In a recording without a log, who is silent so long has stopped. */
const stoppedMs: Ms = 800;

/** Kinds of sounds that are no reason to stop. */
export const harmless = ['backchannel', 'tic', 'side_speech', 'noise'] as const;
export type Harmless = (typeof harmless)[number];

/** A sound of the caller while the agent spoke, and what the agent did. */
export interface Overlap {
  kind: Label['kind'];
  fromMs: Ms;
  toMs: Ms;
  text?: string;
  /** From the beginning of the sound; absent: the agent did not stop because of it. */
  stoppedAfterMs?: Ms;
  /** After a stop that it did not deserve, the agent went on. */
  resumedAfterMs?: Ms;
}

/** Every sound that fell into the agent's speech. */
export function overlapsOf(scene: Scene): Overlap[] {
  return scene.labels
    .filter(({ kind }) => kind === 'interruption' || isHarmless(kind))
    .flatMap((label) => {
      const into = touched(scene, label);
      return into === undefined ? [] : [overlapOf(scene, label, into)];
    });
}

/** What the agent was saying: at the beginning of the sound, of a noise that lasts at any time of it. */
function touched({ replies }: Scene, label: Label): Span | undefined {
  const at = replies.find(({ fromMs, toMs }) => fromMs < label.fromMs && toMs > label.fromMs);
  if (at !== undefined || label.kind !== 'noise') return at;
  return replies.find(({ fromMs, toMs }) => fromMs < label.toMs && toMs > label.fromMs);
}

function overlapOf(scene: Scene, label: Label, into: Span): Overlap {
  const { kind, fromMs, toMs, text } = label;
  const about = { kind, fromMs, toMs, ...(text === undefined ? {} : { text }) };
  if (kind === 'interruption') return { ...about, stoppedAfterMs: silentFrom(scene, fromMs, into) - fromMs };
  const stoppedMs = falseStop(scene, label);
  if (stoppedMs === undefined) return about;
  const again = scene.agent.find((one) => one.fromMs > stoppedMs && one.fromMs < stoppedMs + resumeMs);
  const isTaken =
    again !== undefined && scene.caller.some((one) => one.fromMs > fromMs && one.fromMs < again.fromMs);
  const resumed = again === undefined || isTaken ? {} : { resumedAfterMs: again.fromMs - stoppedMs };
  return { ...about, stoppedAfterMs: stoppedMs - fromMs, ...resumed };
}

/** The last sample of the reply: with a log, of what was heard until the far end was cleared. */
function silentFrom({ agent, log }: Scene, fromMs: Ms, into: Span): Ms {
  const cleared = log.find(
    ({ event, atMs }) => event === 'cleared' && atMs >= fromMs && atMs <= into.toMs + 100,
  );
  if (cleared === undefined) return into.toMs;
  const heard = agent.filter((one) => one.fromMs < cleared.atMs && one.toMs > fromMs);
  return Math.min(into.toMs, Math.max(fromMs, heard.at(-1)?.toMs ?? fromMs));
}

/** When the agent stopped because of a sound that was none of its business. */
function falseStop(scene: Scene, { kind, fromMs, toMs }: Label): Ms | undefined {
  const untilMs = kind === 'noise' ? toMs : Math.max(fromMs + falseStopMs, toMs);
  const isOurs = (atMs: Ms) =>
    atMs > fromMs &&
    atMs <= untilMs &&
    !scene.caller.some((one) => one.fromMs <= atMs && one.fromMs > atMs - yieldMs);
  if (scene.hasLog) {
    return scene.log.find(({ event, atMs }) => event === 'cleared' && isOurs(atMs))?.atMs;
  }
  return scene.agent.find(({ toMs: end }, index) => {
    const next = scene.agent[index + 1];
    return isOurs(end) && (next === undefined || next.fromMs - end >= stoppedMs);
  })?.toMs;
}

/** Whether the agent stopped when it should, and only then. */
export function interruptionFigures(scene: Scene, overlaps: readonly Overlap[]): Figures {
  const real = overlaps.filter(({ kind }) => kind === 'interruption');
  const stops = real.map(({ stoppedAfterMs = 0 }) => stoppedAfterMs);
  const yielded = stops.filter((ms) => ms <= yieldMs);
  const needless = overlaps.filter(
    ({ kind, stoppedAfterMs }) => isHarmless(kind) && stoppedAfterMs !== undefined,
  );
  const resumed = needless.flatMap(({ resumedAfterMs }) =>
    resumedAfterMs === undefined ? [] : [resumedAfterMs],
  );
  const decisions = real.flatMap((one) => decisionOf(scene.log, one));
  const after = scene.turns.filter(
    ({ isInterruption, answeredMs }) => isInterruption && answeredMs !== undefined,
  );
  return known({
    bargein_stop_ms: distribution(yielded),
    bargein_detect_ms: distribution(decisions.map(({ detectMs }) => detectMs)),
    bargein_flush_ms: distribution(decisions.map(({ flushMs }) => flushMs)),
    yield_rate: rate(yielded.length, real.length),
    missed_interruptions: scene.isLabelled ? real.length - yielded.length : undefined,
    false_interruptions: scene.isLabelled ? needless.length : undefined,
    ...Object.fromEntries(harmless.map((kind) => [`selectivity_${kind}`, selectivity(overlaps, kind)])),
    false_responses: scene.isLabelled ? falseResponses(scene).length : undefined,
    resume_rate: rate(resumed.length, needless.length),
    resume_ms: distribution(resumed),
    post_interrupt_latency_ms: distribution(after.map(latency)),
    stale_audio_ms: scene.hasLog ? staleAudioMs(scene) : undefined,
    truncation_error_ms: distribution(truncationErrors(scene.log)),
    self_interruptions: scene.hasLog && scene.isLabelled ? selfInterruptions(scene) : undefined,
  });
}

/** Share of the sounds of a kind that the agent talked through. */
export function selectivity(overlaps: readonly Overlap[], kind: Harmless): Rate | undefined {
  const all = overlaps.filter((one) => one.kind === kind);
  return rate(all.filter(({ stoppedAfterMs }) => stoppedAfterMs === undefined).length, all.length);
}

/** Whether a sound is no reason to stop. */
export function isHarmless(kind: Label['kind']): kind is Harmless {
  return harmless.some((one) => one === kind);
}

/** Sounds while the agent was silent, and owed nothing, that it answered. */
function falseResponses({ labels, replies, turns, agent }: Scene): Label[] {
  return labels.filter(({ kind, fromMs, toMs }) => {
    if (kind !== 'tic' && kind !== 'side_speech') return false;
    if (spanAt(replies, fromMs) !== undefined) return false;
    const owed = turns.some(
      (turn) => turn.fromMs < fromMs && !(turn.answeredMs !== undefined && turn.answeredMs < fromMs),
    );
    const isNext = turns.some((turn) => turn.fromMs >= fromMs && turn.fromMs < toMs + falseAnswerMs);
    return !owed && !isNext && agent.some((one) => one.fromMs > fromMs && one.fromMs < toMs + falseAnswerMs);
  });
}

function decisionOf(log: readonly LogEntry[], { fromMs, stoppedAfterMs = 0 }: Overlap) {
  const decision = log.find(
    ({ event, atMs }) => event === 'speech_interrupted' && atMs >= fromMs && atMs <= fromMs + yieldMs,
  );
  if (decision === undefined) return [];
  const detectMs = decision.atMs - fromMs;
  return [{ detectMs, flushMs: Math.max(0, stoppedAfterMs - detectMs) }];
}

/** What was heard of an interrupted reply after it should have been silent, until something new began. */
function staleAudioMs({ log, agent }: Scene): Ms {
  const graceMs: Ms = 60;
  return log
    .filter(({ event }) => event === 'speech_interrupted')
    .reduce((sum, { atMs }) => {
      const next = log.find((entry) => entry.event === 'playback_started' && entry.atMs > atMs);
      return sum + totalMs(common(agent, [{ fromMs: atMs + graceMs, toMs: next?.atMs ?? atMs + yieldMs }]));
    }, 0);
}

/** Between the position told to the model and what was really played, where one response alone was heard since the last silence. */
function truncationErrors(log: readonly LogEntry[]): Ms[] {
  return log.flatMap(({ event, data, atMs }, index) => {
    if (event !== 'remote_item_truncated') return [];
    const before = log.slice(0, index);
    const cleared = before.findLast((entry) => entry.event === 'cleared' && atMs - entry.atMs < 1000);
    const started = before.findLast(
      (entry) => entry.event === 'playback_started' && entry.atMs <= (cleared?.atMs ?? 0),
    );
    if (cleared === undefined || started === undefined) return [];
    const responses = before.filter(
      (entry) => entry.event === 'generation_audio' && entry.atMs <= started.atMs + 1,
    );
    const since = before.filter(
      (entry) =>
        entry.event === 'generation_audio' && entry.atMs > started.atMs + 1 && entry.atMs < cleared.atMs,
    );
    if (responses.length === 0 || since.length > 0) return [];
    return [Math.abs(Number(data.heardMs) - (Number(cleared.data.playedMs) - Number(started.data.playedMs)))];
  });
}

/** Interruptions by the caller's voice while the caller made no sound: echo, or noise of the line. */
function selfInterruptions({ log, labels }: Scene): number {
  const sounds = labels.filter(({ kind }) => kind !== 'pause' && kind !== 'noise');
  return log.filter(
    ({ event, data, atMs }) =>
      event === 'speech_interrupted' &&
      data.by === 'user' &&
      !sounds.some(({ fromMs, toMs }) => fromMs <= atMs && toMs > atMs - 1500),
  ).length;
}
