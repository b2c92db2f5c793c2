import type { Ms } from '../../../core/index.js';
import type { LogEntry } from '../../report/recording.js';
import { awaited, described } from '../scenario/describe.js';
import { callsThatFit, eventsThatFit, saysWords } from '../scenario/judge.js';
import type { Expectation, Fields, Step } from '../scenario/scenario.js';
import { has } from '../scenario/where.js';
import type { ScriptEffect, ScriptInput, ScriptState } from './state.js';

/** What is remembered of a call since the caller last did something. */
const eventsLimit = 10_000;

/** The caller: does one step after the other, each when the one before is done. */
export function scriptStep(state: ScriptState, input: ScriptInput, fx: ScriptEffect[]): void {
  if (state.phase === 'over') return;
  const { atMs } = input;
  if (input.t === 'event') note(state, input.entry);
  if (input.t === 'ended') return ended(state, input.reason, fx);
  if (input.t === 'sounded' && state.phase === 'sounding') next(state);
  goOn(state, atMs, fx);
  wake(state, fx);
}

function goOn(state: ScriptState, atMs: Ms, fx: ScriptEffect[]): void {
  for (;;) {
    const before = state.at;
    if (state.phase === 'ready') begin(state, atMs, fx);
    if (state.phase === 'delaying' && atMs >= state.untilMs) next(state);
    if (state.phase === 'waiting') look(state, atMs, fx);
    if (state.phase === 'over' || state.at === before) return;
  }
}

function note(state: ScriptState, entry: LogEntry): void {
  if (state.events.length >= eventsLimit) {
    state.events.shift();
    state.met = Math.max(0, state.met - 1);
  }
  state.events.push(entry);
  if (entry.source !== 'line') return;
  if (entry.event === 'agent_started') state.agentFromMs = Number(entry.data.fromMs);
  else if (entry.event === 'agent_stopped') state.agentFromMs = null;
}

function begin(state: ScriptState, atMs: Ms, fx: ScriptEffect[]): void {
  const step = state.steps[state.at];
  state.beganMs = atMs;
  if (step === undefined) return hangUp(state, 'the scenario is over', fx);
  if ('hangup' in step) return hangUp(state, step.hangup.reason ?? 'the caller hung up', fx);
  if ('noise' in step) {
    fx.push({ t: 'noise', step: state.at });
    return next(state);
  }
  if ('data' in step) {
    forget(state);
    fx.push({ t: 'send', message: step.data });
    return next(state);
  }
  if ('pause' in step) {
    fx.push({ t: 'pause', step: state.at, fromMs: atMs, toMs: atMs + step.pause.ms });
    return delay(state, atMs + step.pause.ms);
  }
  if ('wait' in step && 'ms' in step.wait) return delay(state, atMs + step.wait.ms);
  if ('wait' in step || 'sendAfter' in step || 'overlapAt' in step || 'expect' in step) {
    state.phase = 'waiting';
    state.untilMs = atMs + (withinMs(step) ?? state.withinMs);
    return;
  }
  forget(state);
  state.phase = 'sounding';
  fx.push({ t: 'sound', step: state.at });
}

/** Whether what is waited for has come. */
function look(state: ScriptState, atMs: Ms, fx: ScriptEffect[]): void {
  const step = state.steps[state.at]!;
  const isLate = atMs >= state.untilMs;
  if ('expect' in step) return lookFor(state, step.expect, isLate, fx);
  if ('overlapAt' in step) {
    const heardFrom = state.agentFromMs;
    if (heardFrom !== null && atMs >= heardFrom + step.overlapAt.agentMs) return next(state);
  } else if ('wait' in step && 'for' in step.wait) {
    if (meet(state, step.wait.for, step.wait.where) !== undefined) return next(state);
  } else if ('sendAfter' in step) {
    const { event, where, delayMs } = step.sendAfter;
    const met = meet(state, event, where);
    if (met !== undefined) return delay(state, Math.max(atMs, met.atMs + delayMs));
  }
  if (!isLate) return;
  fail(state, `${awaited(step)} did not come within ${state.untilMs - state.beganMs} ms`, fx);
  hangUp(state, 'the caller gave up', fx);
}

/** An expectation that fails is told, and the call goes on. */
function lookFor(state: ScriptState, expected: Expectation, isLate: boolean, fx: ScriptEffect[]): void {
  const isMet = isThere(state.events, expected);
  const { absent = false } = expected as { absent?: boolean };
  if (isMet && absent) fail(state, `${described(expected)} came, and should not`, fx);
  else if (!isMet && !absent && isLate) {
    fail(state, `${described(expected)} did not come within ${state.untilMs - state.beganMs} ms`, fx);
  } else if (!isMet && !isLate) return;
  next(state);
}

function isThere(events: readonly LogEntry[], expected: Expectation): boolean {
  if ('event' in expected) return eventsThatFit(events, expected).length > 0;
  if ('calls' in expected) return callsThatFit(events, expected).length > 0;
  return !('metric' in expected) && saysWords(events, expected);
}

/** The first event that fits and was not met before. */
function meet(state: ScriptState, name: string, where: Fields = {}): LogEntry | undefined {
  for (let i = state.met; i < state.events.length; i++) {
    const entry = state.events[i]!;
    if (entry.event !== name || !has(entry.data, where)) continue;
    state.met = i + 1;
    return entry;
  }
  return undefined;
}

/** The caller begins to do something: what was before is no answer to it. */
function forget(state: ScriptState): void {
  state.events = [];
  state.met = 0;
}

function delay(state: ScriptState, untilMs: Ms): void {
  state.phase = 'delaying';
  state.untilMs = untilMs;
}

function next(state: ScriptState): void {
  state.at += 1;
  state.phase = 'ready';
}

function fail(state: ScriptState, message: string, fx: ScriptEffect[]): void {
  fx.push({ t: 'failed', step: state.at, message });
}

function hangUp(state: ScriptState, reason: string, fx: ScriptEffect[]): void {
  state.phase = 'over';
  wake(state, fx);
  fx.push({ t: 'hangup', reason });
}

/** The far end is gone. That is the end that the caller waited for, or the scenario is not finished. */
function ended(state: ScriptState, reason: string, fx: ScriptEffect[]): void {
  const step = state.steps[state.at];
  const left = step !== undefined && !('hangup' in step);
  const expectsIt =
    step !== undefined &&
    'wait' in step &&
    'for' in step.wait &&
    meet(state, step.wait.for, step.wait.where) !== undefined;
  if (left && !expectsIt) fail(state, `the call was ended by the far end (${reason})`, fx);
  state.phase = 'over';
  wake(state, fx);
}

function wake(state: ScriptState, fx: ScriptEffect[]): void {
  const atMs = wanted(state);
  if (atMs === state.wakeMs) return;
  state.wakeMs = atMs;
  fx.push({ t: 'wake', atMs });
}

function wanted(state: ScriptState): Ms | null {
  if (state.phase !== 'waiting') return state.phase === 'delaying' ? state.untilMs : null;
  const step = state.steps[state.at]!;
  if (!('overlapAt' in step) || state.agentFromMs === null) return state.untilMs;
  return Math.min(state.untilMs, state.agentFromMs + step.overlapAt.agentMs);
}

function withinMs(step: Step): Ms | undefined {
  if ('expect' in step) return 'withinMs' in step.expect ? step.expect.withinMs : undefined;
  if ('wait' in step) return 'for' in step.wait ? step.wait.withinMs : undefined;
  if ('sendAfter' in step) return step.sendAfter.withinMs;
  return 'overlapAt' in step ? step.overlapAt.withinMs : undefined;
}
