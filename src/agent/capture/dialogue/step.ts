import type { Checked } from '../kinds/rules.js';
import {
  type CaptureEffect,
  type CaptureFailure,
  type CaptureInput,
  type CaptureLine,
  type CaptureState,
  isOver,
} from './state.js';

/** Unanswered questions in a row before it is given up. */
const idleLimit = 3;

/** How a value is asked for, read back and put right. Every question has a limit, so it ends. */
export function captureStep(state: CaptureState, input: CaptureInput, fx: CaptureEffect[]): void {
  if (isOver(state)) return;
  switch (input.t) {
    case 'begin':
      if (state.phase !== 'idle') return;
      if (input.found === null) return ask(state, 'ask', fx);
      return take(state, input.found, fx);
    case 'heard':
      return heard(state, input, fx);
    case 'speech':
      state.speaking = input.edge === 'start';
      if (state.speaking) fx.push({ t: 'wait', ms: null });
      else wait(state, fx);
      return;
    case 'told':
      return wait(state, fx);
    case 'time':
      return silence(state, fx);
  }
}

function heard(state: CaptureState, input: Extract<CaptureInput, { t: 'heard' }>, fx: CaptureEffect[]): void {
  const { verdict, wish, found } = input;
  if (found !== null) {
    state.idle = 0;
    return state.phase === 'confirming' ? answered(state, found, verdict, fx) : take(state, found, fx);
  }
  if (wish === 'stop') return giveUp(state, 'declined', fx);
  if (wish === 'keys' && state.settings.ways.includes('keys')) return change(state, 'keys', fx);
  if (state.phase === 'confirming') return judged(state, verdict, wish === 'repeat', fx);
  if (wish === 'repeat') return again(state, state.way === 'free' ? 'ask' : lineOf(state), fx);
  // "That's all": what is there is whole.
  if (state.phase === 'growing' && state.standing?.fit === 'open') return readBack(state, state.standing, fx);
  failed(state, 'notUnderstood', fx);
}

/** Yes, no, or neither, to what was read back. */
function judged(
  state: CaptureState,
  verdict: 'yes' | 'no' | null,
  repeat: boolean,
  fx: CaptureEffect[],
): void {
  const value = state.standing!;
  if (verdict === 'yes' && !repeat) return confirm(state, value, fx);
  if (verdict === 'no') {
    refuse(state, value, fx);
    return failed(state, 'refused', fx);
  }
  again(state, repeat ? 'readBackSlowly' : 'yesOrNo', fx);
}

/** A value in answer to the read-back: the same one, or what it should have been. */
function answered(
  state: CaptureState,
  found: Checked,
  verdict: 'yes' | 'no' | null,
  fx: CaptureEffect[],
): void {
  const value = state.standing!;
  if (found.value === value.value) {
    // "No, I said" and the same again: perhaps the read-back was not understood.
    return verdict === 'no' ? countedReadBack(state, value, fx) : confirm(state, value, fx);
  }
  refuse(state, value, fx);
  state.failures += 1;
  const { attempts } = state.settings;
  // Who corrects comes nearer: a whole value is read back once more, but not for ever.
  const limit = found.fit === 'whole' ? 2 * attempts + 1 : attempts;
  if (state.failures >= limit) return escalate(state, fx);
  take(state, found, fx);
}

function countedReadBack(state: CaptureState, value: Checked, fx: CaptureEffect[]): void {
  state.failures += 1;
  if (state.failures >= state.settings.attempts) return escalate(state, fx);
  state.standing = value;
  say('readBackSlowly', value, fx);
}

function take(state: CaptureState, found: Checked, fx: CaptureEffect[]): void {
  state.isRefused = false;
  if (found.fit === 'wrong') {
    state.standing = null;
    return failed(state, 'notValid', fx, found);
  }
  state.standing = found;
  if (found.fit === 'whole') return readBack(state, found, fx);
  state.phase = 'growing';
  wait(state, fx);
}

function readBack(state: CaptureState, value: Checked, fx: CaptureEffect[]): void {
  if (!state.settings.confirm) return confirm(state, value, fx);
  state.phase = 'confirming';
  state.standing = value;
  say(state.way === 'free' && state.failures === 0 ? 'readBack' : 'readBackSlowly', value, fx);
}

function confirm(state: CaptureState, value: Checked, fx: CaptureEffect[]): void {
  state.phase = 'confirmed';
  fx.push({ t: 'wait', ms: null }, { t: 'confirmed', value });
}

function giveUp(state: CaptureState, reason: CaptureFailure, fx: CaptureEffect[]): void {
  state.phase = 'given_up';
  fx.push({ t: 'wait', ms: null }, { t: 'given_up', reason });
}

/** It stays as what a correction is applied to. */
function refuse(state: CaptureState, value: Checked, fx: CaptureEffect[]): void {
  state.isRefused = true;
  state.phase = 'asked';
  fx.push({ t: 'refused', value });
}

function failed(
  state: CaptureState,
  line: CaptureLine,
  fx: CaptureEffect[],
  value: Checked | null = null,
): void {
  state.failures += 1;
  if (state.failures >= state.settings.attempts) return escalate(state, fx);
  if (state.phase !== 'growing') state.phase = 'asked';
  say(line, value, fx);
}

function escalate(state: CaptureState, fx: CaptureEffect[]): void {
  const { ways } = state.settings;
  const next = ways[ways.indexOf(state.way) + 1];
  if (next === undefined) giveUp(state, 'attempts', fx);
  else change(state, next, fx);
}

function change(state: CaptureState, way: CaptureState['way'], fx: CaptureEffect[]): void {
  state.way = way;
  state.failures = 0;
  state.standing = null;
  state.isRefused = false;
  ask(state, lineOf(state), fx);
}

function ask(state: CaptureState, line: CaptureLine, fx: CaptureEffect[]): void {
  state.phase = 'asked';
  say(line, null, fx);
}

/** The same question once more, which is not a failure; but not for ever. */
function again(state: CaptureState, line: CaptureLine, fx: CaptureEffect[]): void {
  state.idle += 1;
  if (state.idle >= idleLimit) return escalate(state, fx);
  say(line, state.standing, fx);
}

function lineOf({ way }: CaptureState): CaptureLine {
  return way === 'keys' ? 'keys' : way === 'slow' ? 'oneByOne' : 'ask';
}

function silence(state: CaptureState, fx: CaptureEffect[]): void {
  if (state.speaking) return;
  const { standing } = state;
  if (state.phase === 'growing' && standing?.fit === 'open') return readBack(state, standing, fx);
  state.idle += 1;
  if (state.idle >= idleLimit) return giveUp(state, 'silence', fx);
  if (state.phase === 'confirming') return say('yesOrNo', standing, fx);
  say(state.phase === 'growing' ? 'goOn' : lineOf(state), null, fx);
}

/** While the caller speaks, nothing is waited for. */
function wait({ phase, speaking, idle, settings }: CaptureState, fx: CaptureEffect[]): void {
  if (speaking || phase === 'idle') return;
  // Once asked to go on, people take their time.
  const isShort = phase === 'growing' && idle === 0;
  fx.push({ t: 'wait', ms: isShort ? settings.pauseMs : settings.silenceMs });
}

function say(line: CaptureLine, value: Checked | null, fx: CaptureEffect[]): void {
  fx.push({ t: 'wait', ms: null }, { t: 'say', line, value });
}
