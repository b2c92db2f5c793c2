import type { Ms } from '../../core/index.js';
import { durationOf, isClear, isCrowd, isUnpitched, restMs } from './bursts.js';
import { isOrdered, judgeOpening } from './openings.js';
import type { Burst, InterruptionFeatures, PolicyState, Reason } from './state.js';
import { saidBy, surelySaidBy } from './words.js';

/** What a burst of sound is taken for. `wait`: it may yet become something. */
export interface Verdict {
  is: 'speech' | 'nothing' | 'wait';
  reason: Reason;
  /** Speech: no word will make anything else of it. */
  isSure: boolean;
}

/** Echo and noise are told from a voice only by a stretch of it. */
const judgedMs: Ms = 160;
const vadShare = 0.5;
/** A VAD that is so sure needs no pitch. */
const sureShare = 0.85;
/** Share of the sound that is echo, where all of it is taken for echo. */
const echoShare = 0.5;
/** A voice rises and falls by more than this within half a second; machines do not. */
const steadyDb = 2.5;
const steadyMs: Ms = 400;

/** So many words are an interruption, however short they are. */
export const shortWords = 3;

/** How long one small word may last. */
const shortestMs: Ms = 540;
const shortMs: Ms = 240;
const letterMs: Ms = 60;
/** Who is so much softer than usual nods more often than not: that is waited for a little longer. */
const softDb = 5;
const softMs: Ms = 40;
/** One or two words make sure only after so long: the recogniser's first ideas are often others than its last. */
const sureMs: Ms = 650;

/** First what it is (echo, noise, somebody else), then what it says, then how long it is. */
export function judge(burst: Burst, state: PolicyState, nowMs: Ms): Verdict {
  const { settings, callerDb } = state;
  const other = notForUs(burst, state);
  const isHeard = other === 'noise' && isOrdered(burst, state, nowMs);
  if (other !== null && !isHeard) return { is: 'nothing', reason: other, isSure: false };
  const opened = judgeOpening(burst, state, nowMs);
  if (opened !== null) return opened;
  const surely = surelySaidBy(burst.words, settings, burst.onsetMs, nowMs);
  if (surely.command) return { is: 'speech', reason: 'command', isSure: true };
  if (surely.real >= Math.max(shortWords, settings.minWords)) {
    return { is: 'speech', reason: 'words', isSure: true };
  }
  const durationMs = durationOf(burst);
  const said = saidBy(burst.words, settings);
  const isConfirmed = durationMs >= settings.confirmMs;
  // A small word is not more than that because of what the recogniser tries behind it; but it does not last.
  const isSmall = said.words > 0 && said.real === 0;
  if (isSmall || (surely.words > 0 && surely.real === 0)) {
    const isTalking = nowMs - burst.lastMs < restMs;
    const oneWordMs = Math.max(shortestMs, shortMs + said.letters * letterMs);
    const mayLastMs = isSmall && (said.words > 1 || !isTalking) ? settings.maxBackchannelMs : oneWordMs;
    if (durationMs < Math.max(mayLastMs, settings.minDurationMs)) {
      return { is: 'wait', reason: isSmall ? 'backchannel' : 'too_short', isSure: false };
    }
    return { is: 'speech', reason: 'speech', isSure: durationMs >= settings.maxBackchannelMs };
  }
  const isSoft = callerDb !== null && burst.voiceDb < callerDb - softDb;
  if (durationMs < settings.minDurationMs + (isSoft ? softMs : 0)) {
    return { is: 'wait', reason: 'too_short', isSure: false };
  }
  const enough = Math.max(1, settings.minWords);
  if (said.real >= enough) {
    return {
      is: 'speech',
      reason: 'words',
      isSure: isConfirmed || (surely.real >= enough && durationMs >= sureMs),
    };
  }
  if (settings.minWords > 0 && state.transcribes) {
    return { is: 'wait', reason: 'too_few_words', isSure: false };
  }
  return { is: 'speech', reason: 'speech', isSure: isConfirmed };
}

/** Why it is no voice that speaks to the agent; `null`: nothing says so. */
export function notForUs(burst: Burst, { settings, callerDb, floorDb }: PolicyState): Reason | null {
  const { loudMs, periodicMs, echoMs, vadMs, vadSum } = burst;
  if (settings.echo && echoMs > 0 && echoMs >= echoShare * loudMs) return 'echo';
  // On a bad line a VAD is not sure of any voice.
  if (vadMs >= judgedMs && vadSum < vadShare * vadMs && !(loudMs > 0 && isClear(burst))) return 'noise';
  const isSure = vadMs >= judgedMs && vadSum >= sureShare * vadMs;
  if (loudMs >= judgedMs && (isUnpitched(burst) || isCrowd(burst, floorDb)) && !isSure) return 'noise';
  if (loudMs >= steadyMs && burst.peakDb - burst.lowDb < steadyDb) return 'noise';
  const { sideSpeechDb } = settings;
  const isFar = sideSpeechDb !== null && callerDb !== null && burst.voiceDb < callerDb - sideSpeechDb;
  return isFar && periodicMs > 0 ? 'side_speech' : null;
}

export function featuresOf(burst: Burst, state: PolicyState): InterruptionFeatures {
  const { loudMs, periodicMs, echoMs, vadMs, vadSum, voiceDb } = burst;
  const features: InterruptionFeatures = { durationMs: Math.round(durationOf(burst)) };
  if (loudMs > 0) {
    features.periodic = share(periodicMs, loudMs);
    features.swingDb = Math.round(burst.peakDb - burst.lowDb);
    features.overNoiseDb = Math.round(burst.peakDb - state.floorDb);
    if (echoMs > 0) features.echo = share(echoMs, loudMs);
  }
  if (vadMs > 0) features.vad = share(vadSum, vadMs);
  if (state.callerDb !== null && periodicMs > 0) features.overCallerDb = Math.round(voiceDb - state.callerDb);
  const { words, real } = saidBy(burst.words, state.settings);
  if (words > 0) {
    features.words = words;
    features.realWords = real;
  }
  return features;
}

function share(part: number, whole: number): number {
  return Math.round((100 * part) / whole) / 100;
}
