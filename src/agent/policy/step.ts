import type { Ms } from '../../core/index.js';
import {
  durationOf,
  hearSound,
  hearVoice,
  hearWords,
  isBlind,
  leadIn,
  openBurst,
  quietMs,
} from './bursts.js';
import { featuresOf, judge } from './judge.js';
import { hearOpening } from './openings.js';
import type { PolicySettings } from './options.js';
import type { Burst, Decision, PolicyEffect, PolicyInput, PolicyState, Reason, TurnState } from './state.js';
import { beginTurn, endTurn, none, real, turnHeard, turnOf, voiceLevel } from './turns.js';
import { saidBy } from './words.js';

/** How sure a VAD must be of a voice that no edge has told of yet. */
const sureVad = 0.6;
const sureVadMs = 200;

/**
 * The interruption policy: evidence in, decisions out. A burst of sound is weighed while the agent has the floor
 * (weighing->yield, ->hold, ->keep); a pause ends when it is known what it was (held->yield, ->resume); a turn of the user
 * has its verdict when it has ended and its words are known or not waited for any longer (open->real, ->none).
 */
export function policyStep(state: PolicyState, input: PolicyInput, fx: PolicyEffect[]): void {
  state.transcribes = input.transcribes;
  // Somebody else took the floor from the pausing agent.
  if (state.heldMs !== null && input.floor !== 'held') state.heldMs = null;
  hear(state, input, fx);
  weigh(state, input, fx);
  expire(state, input, fx);
  wake(state, input.atMs, fx);
}

function hear(state: PolicyState, input: PolicyInput, fx: PolicyEffect[]): void {
  switch (input.t) {
    case 'sound':
      return hearSound(state, input);
    case 'voice':
      return hearVoice(state, input);
    case 'cut':
      if (state.burst?.decision !== 'yield') state.cutMs = input.atMs;
      return;
    case 'reply':
      if (state.cutMs !== null) take(state, 'model_answered', state.turns.at(-1), fx);
      return;
    case 'speech':
      if (input.edge === 'start') return begin(state, input);
      return end(state, input, fx);
    case 'opening': {
      hearOpening(state, input);
      const turn = turnOf(state, input.turn);
      if (turn !== undefined) turn.opening = input.opening.is;
      return;
    }
    case 'words': {
      hearWords(state, input);
      const turn = turnHeard(state, input);
      if (turn?.stopped && turn.verdict === 'open') settle(state, turn, input, fx);
    }
  }
}

function begin(state: PolicyState, input: Extract<PolicyInput, { t: 'speech' }>): void {
  beginTurn(state, input.turn, input);
  if (state.burst === null) openBurst(state, leadIn(state, input.atMs), input.turn);
  else state.burst.turn = input.turn;
}

function end(state: PolicyState, input: Extract<PolicyInput, { t: 'speech' }>, fx: PolicyEffect[]): void {
  const turn = turnOf(state, input.turn);
  if (turn === undefined || turn.stopped) return;
  const { burst } = state;
  if (input.edge === 'discarded') {
    state.turns = state.turns.filter((other) => other !== turn);
    if (burst?.turn === turn.turn) state.burst = null;
    return;
  }
  turn.stopped = true;
  if (turn.verdict === 'real') fx.push({ t: 'answer', turn: turn.turn });
  settle(state, turn, input, fx);
  if (burst?.turn === turn.turn) close(state, input, fx);
}

/** What is heard while the agent has the floor. */
function weigh(state: PolicyState, input: PolicyInput, fx: PolicyEffect[]): void {
  const { burst, settings } = state;
  if (burst === null) return;
  const turn = turnOf(state, burst.turn);
  if (isBlind(burst) && turn !== undefined && !turn.stopped) burst.lastMs = input.atMs;
  if (!hasFloor(state, input)) return;
  if (turn !== undefined && !turn.stopped) turn.overlaps = true;
  if (burst.decision === 'yield') return;
  const { is, reason, isSure } = judge(burst, state, input.atMs);
  // The pause was for a nod: it is over before it is noticed.
  const isOver =
    reason === 'backchannel' || reason === 'too_short' || (is === 'nothing' && reason !== 'noise');
  if (isOver && burst.decision === 'hold' && state.heldMs !== null) {
    burst.decision = null;
    resume(state, reason, turn, fx);
    return;
  }
  if (is === 'nothing') {
    if (durationOf(burst) >= settings.minDurationMs) keep(state, reason, turn, fx);
    return;
  }
  if (is === 'wait' || !isTaken(burst)) return;
  if (state.heldMs !== null) {
    if (isSure) take(state, reason, turn, fx);
  } else if (!mayStop(input, settings, reason === 'command')) {
    if (turn !== undefined) real(state, turn, fx);
    keep(state, input.interruptible ? 'tool_shield' : 'uninterruptible', turn, fx);
  } else if (settings.resumes && state.transcribes && !isSure) {
    state.heldMs = input.atMs;
    burst.decision = 'hold';
    burst.paused = true;
    decided(state, 'hold', reason, turn, fx);
    fx.push({ t: 'hold' });
  } else take(state, reason, turn, fx);
}

/** The agent speaks or is about to; or it would, had the wire not stopped it. */
function hasFloor({ cutMs }: PolicyState, { floor }: PolicyInput): boolean {
  return floor !== 'free' || cutMs !== null;
}

function mayStop({ interruptible, tools }: PolicyInput, settings: PolicySettings, command: boolean): boolean {
  return interruptible && (tools === 0 || !settings.toolShield || command);
}

/** Somebody took it for speech: the wire or our VAD by an edge, or the VAD's windows before that. */
function isTaken({ turn, vadMs, vadSum }: Burst): boolean {
  return turn !== null || (vadMs >= sureVadMs && vadSum >= sureVad * vadMs);
}

/** The turn is over, or its words have come, or will not. */
function settle(state: PolicyState, turn: TurnState, input: PolicyInput, fx: PolicyEffect[]): void {
  if (turn.verdict !== 'open') return;
  let is = endTurn(state, turn, input);
  if (is === null) {
    turn.deadlineMs ??= input.atMs + state.settings.timeoutMs;
    if (input.atMs < turn.deadlineMs) return;
    is = 'no_words';
  }
  if (is === 'real') {
    const { command } = saidBy(turn.words, state.settings);
    const isWeighed = turn.overlaps && hasFloor(state, input);
    if (isWeighed && mayStop(input, state.settings, command)) {
      take(state, command ? 'command' : 'words', turn, fx);
    } else real(state, turn, fx);
    return;
  }
  if (state.heldMs !== null) resume(state, is, turn, fx);
  else if (!turn.told) decided(state, turn.overlaps ? 'keep' : 'dismiss', is, turn, fx);
  none(turn, fx);
  goOn(state, fx);
}

/** The agent is stopped. */
function take(state: PolicyState, reason: Reason, turn: TurnState | undefined, fx: PolicyEffect[]): void {
  const { burst } = state;
  if (burst !== null && (turn === undefined || burst.turn === turn.turn)) burst.decision = 'yield';
  decided(state, 'yield', reason, turn, fx);
  fx.push({ t: 'yield', late: turn?.stopped === true });
  state.heldMs = null;
  state.cutMs = null;
  if (turn !== undefined) real(state, turn, fx);
}

function keep(state: PolicyState, reason: Reason, turn: TurnState | undefined, fx: PolicyEffect[]): void {
  const { burst } = state;
  if (burst === null || burst.decision !== null) return;
  burst.decision = 'keep';
  // Sound that nobody took for speech is no news.
  if (turn !== undefined) decided(state, 'keep', reason, turn, fx);
}

function resume(state: PolicyState, reason: Reason, turn: TurnState | undefined, fx: PolicyEffect[]): void {
  state.heldMs = null;
  decided(state, 'resume', reason, turn, fx);
  fx.push({ t: 'resume' });
  goOn(state, fx);
}

/** Where the wire has stopped the model for this, it is asked to go on. */
function goOn(state: PolicyState, fx: PolicyEffect[]): void {
  if (state.cutMs === null) return;
  state.cutMs = null;
  fx.push({ t: 'continue' });
}

/** What time decides: a burst is over after some quiet, a wait after its deadline. */
function expire(state: PolicyState, input: PolicyInput, fx: PolicyEffect[]): void {
  const { burst } = state;
  if (burst !== null && !isBlind(burst) && input.atMs - burst.lastMs >= quietMs) close(state, input, fx);
  for (const turn of state.turns) {
    if (turn.deadlineMs !== null && input.atMs >= turn.deadlineMs) settle(state, turn, input, fx);
  }
  if (state.heldMs !== null && input.atMs >= quietDeadline(state, state.heldMs)) {
    resume(state, 'no_words', state.turns.at(-1), fx);
  }
  if (state.cutMs !== null && input.atMs >= quietDeadline(state, state.cutMs)) {
    decided(state, 'keep', 'model_cut', undefined, fx);
    goOn(state, fx);
  }
}

/** The burst is over. What it was not is told, and remembered by its turn. */
function close(state: PolicyState, input: PolicyInput, fx: PolicyEffect[]): void {
  const { burst } = state;
  if (burst === null) return;
  const turn = turnOf(state, burst.turn);
  if (turn?.verdict === 'open') {
    const { is, reason } = judge(burst, state, input.atMs);
    turn.voiced ||= is !== 'nothing';
    turn.not = turn.voiced ? null : reason;
    // One that its words may yet make an interruption is not decided yet.
    const isDecided = is === 'nothing' || (is === 'wait' && !state.transcribes);
    if (isDecided && hasFloor(state, input)) keep(state, reason, turn, fx);
  }
  if (turn !== undefined) {
    turn.features = featuresOf(burst, state);
    turn.voiceDb = voiceLevel(burst) ?? turn.voiceDb;
  }
  state.burst = null;
  state.quietSinceMs = input.atMs;
}

/** By when a pause, or what the wire has cut, is decided at the latest once nothing is heard any more. */
function quietDeadline({ burst, turns, quietSinceMs, settings }: PolicyState, sinceMs: Ms): Ms {
  // Sound that goes on has its own end, and a turn whose words are waited for as well.
  if (burst !== null || turns.some(({ deadlineMs }) => deadlineMs !== null)) return Infinity;
  return Math.max(sinceMs, quietSinceMs) + settings.timeoutMs;
}

function decided(
  state: PolicyState,
  decision: Decision,
  reason: Reason,
  turn: TurnState | undefined,
  fx: PolicyEffect[],
): void {
  const { burst } = state;
  const isOfBurst = burst !== null && (turn === undefined || burst.turn === turn.turn);
  const features = isOfBurst ? featuresOf(burst, state) : { durationMs: 0, ...turn?.features };
  if (turn !== undefined) {
    turn.told = true;
    const { words, real: realWords } = saidBy(turn.words, state.settings);
    if (words > 0) Object.assign(features, { words, realWords });
  }
  fx.push({ t: 'decided', decision, reason, turn: turn?.turn ?? null, features });
}

/** Asks to be woken when the first of what time decides is due. */
function wake(state: PolicyState, nowMs: Ms, fx: PolicyEffect[]): void {
  const { burst, settings, heldMs, cutMs } = state;
  let atMs = Infinity;
  if (burst !== null && isBlind(burst)) {
    for (const ms of [settings.minDurationMs, settings.maxBackchannelMs, settings.confirmMs]) {
      if (burst.onsetMs + ms > nowMs) atMs = Math.min(atMs, burst.onsetMs + ms);
    }
  } else if (burst !== null) atMs = burst.lastMs + quietMs;
  for (const { deadlineMs } of state.turns) atMs = Math.min(atMs, deadlineMs ?? Infinity);
  for (const sinceMs of [heldMs, cutMs]) {
    if (sinceMs !== null) atMs = Math.min(atMs, quietDeadline(state, sinceMs));
  }
  const wakeMs = atMs === Infinity ? null : atMs;
  if (wakeMs === state.wakeMs) return;
  state.wakeMs = wakeMs;
  fx.push({ t: 'wake_at', atMs: wakeMs });
}
