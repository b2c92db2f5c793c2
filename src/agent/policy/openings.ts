import type { Ms } from '../../core/index.js';
import { durationOf, restMs } from './bursts.js';
import type { Verdict } from './judge.js';
import type { Burst, PolicyInput, PolicyState } from './state.js';

/** A recogniser that says nothing for so long hears nothing at all. */
const deafMs: Ms = 5_000;
/** Noise that becomes a voice later than that takes more words. */
const lateMs: Ms = 700;
/** What was told before that may have been overtaken. */
const freshMs: Ms = 160;
/** An order for so long, or anything else that is no nod for a moment of it, is one. */
const orderMs: Ms = 100;
/** It goes on with something else, or is over after so much of a pause. */
const pauseMs: Ms = 60;
/** So many words are enough at once, if it stays with them for a moment. */
const manyWords = 3;
const manyMs: Ms = 80;
/** A voice takes the floor so much later than `minDurationMs` with other words, */
const wordsLaterMs: Ms = 40;
/** and makes the agent pause with nothing but nods, because they may be the beginning of something else. */
const nodsLaterMs: Ms = 70;
/** For so long: by then it is known what it says. Less than 200 ms are no stop to who listens. */
const breathMs: Ms = 175;
/** It is known then what has been the same for so long. */
const steadyMs: Ms = 70;

/** Whether an order was heard: one that is over, or that has lasted `minDurationMs`. Noise it cannot have been then. */
export function isOrdered(burst: Burst, { settings }: PolicyState, nowMs: Ms): boolean {
  const { opening, onsetMs, lastMs } = burst;
  if (opening === null || opening.is !== 'command' || !opening.isWhole) return false;
  if (nowMs - opening.atMs > freshMs || nowMs - opening.turnedMs < orderMs) return false;
  return nowMs - onsetMs >= settings.minDurationMs || nowMs - lastMs >= pauseMs;
}

export function hearOpening(state: PolicyState, input: Extract<PolicyInput, { t: 'opening' }>): void {
  state.opens = true;
  const { burst } = state;
  if (burst === null || (burst.turn !== null && burst.turn !== input.turn)) return;
  const { opening, atMs } = input;
  const before = burst.opening;
  const hasTurned = before === null || (before.is === 'backchannel') !== (opening.is === 'backchannel');
  burst.opening = { ...opening, turnedMs: hasTurned ? atMs : before.turnedMs, atMs };
}

/** By how it begins; `null` where nobody tells that. */
export function judgeOpening(burst: Burst, state: PolicyState, nowMs: Ms): Verdict | null {
  const { opening } = burst;
  const { settings, heldMs, opens } = state;
  if (opening === null) {
    const { stt, model } = burst.words;
    const isWordless = stt.text === '' && model.text === '';
    // Its recogniser hears nothing in it, or not yet; or it hears words, and does without openings this time.
    const isAwaited = opens && nowMs - burst.onsetMs < (isWordless ? deafMs : settings.minDurationMs);
    return isAwaited ? { is: 'wait', reason: 'no_words', isSure: false } : null;
  }
  if (nowMs - opening.atMs > freshMs) return null;
  // Those are counted in what is written down.
  if (settings.minWords > 0 && opening.is !== 'command') return null;
  const durationMs = durationOf(burst);
  const isTalking = nowMs - burst.lastMs < restMs;
  const saidMs = isTalking ? nowMs - burst.onsetMs : durationMs;
  // What was something else for long before it became words may be anybody's.
  const isClose = burst.decision !== 'keep' || nowMs - burst.onsetMs < lateMs;
  const turnedMs = nowMs - opening.turnedMs;
  const isBreath = heldMs !== null && (nowMs - heldMs < breathMs || turnedMs < steadyMs);
  if (opening.is === 'backchannel') {
    if (isClose && durationMs >= settings.maxBackchannelMs)
      return { is: 'speech', reason: 'speech', isSure: true };
    const isLong = saidMs >= settings.minDurationMs + nodsLaterMs;
    const mayBeMore =
      isClose && isLong && nowMs - burst.lastMs < pauseMs && !burst.paused && settings.resumes;
    if (mayBeMore || isBreath) return { is: 'speech', reason: 'speech', isSure: false };
    return { is: 'wait', reason: 'backchannel', isSure: false };
  }
  const isSure = heldMs !== null && !isBreath;
  if (isOrdered(burst, state, nowMs)) return { is: 'speech', reason: 'command', isSure };
  // What has ended is what its last word says.
  const isLong = isClose && isTalking && saidMs >= settings.minDurationMs + wordsLaterMs;
  const isMany = opening.count >= manyWords && turnedMs >= manyMs && durationMs >= settings.minDurationMs;
  if (isMany || isLong || heldMs !== null) return { is: 'speech', reason: 'words', isSure };
  return { is: 'wait', reason: 'too_short', isSure: false };
}
