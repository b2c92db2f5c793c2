import type { Ms } from '../../core/index.js';
import type { PolicySettings } from './options.js';
import { type Reading, read } from './phrases.js';
import type { Burst, InterruptionFeatures, PolicyState, Reason, Words } from './state.js';

/** What a burst of sound is taken for. `wait`: it may yet become something. */
export interface Verdict {
  is: 'speech' | 'nothing' | 'wait';
  reason: Reason;
}

/** Echo and noise are told from a voice only by a stretch of it. */
const judgedMs: Ms = 160;
/** Share of a voice's sound that is periodic, at least: vowels and nasals are, coughs are not. */
const periodicShare = 0.3;
const vadShare = 0.5;
/** Share of the sound that is echo, where all of it is taken for echo. */
const echoShare = 0.5;
/** A voice rises and falls by more than this within half a second; machines do not. */
const steadyDb = 2.5;
const steadyMs: Ms = 400;

/** First what it is (echo, noise, somebody else), then what it says, then how long it is. */
export function judge(burst: Burst, state: PolicyState): Verdict {
  const { settings } = state;
  const other = notForUs(burst, state);
  if (other !== null) return { is: 'nothing', reason: other };
  const said = reading(burst.words, settings);
  if (said.command) return { is: 'speech', reason: 'command' };
  if (said.real >= Math.max(1, settings.minWords)) return { is: 'speech', reason: 'words' };
  const durationMs = durationOf(burst);
  const onlySmall = said.words > 0 && said.real === 0;
  if (onlySmall) {
    const isLong = durationMs >= settings.maxBackchannelMs;
    return isLong ? { is: 'speech', reason: 'speech' } : { is: 'wait', reason: 'backchannel' };
  }
  if (settings.minWords > 0 && state.transcribes) return { is: 'wait', reason: 'too_few_words' };
  if (durationMs < settings.minDurationMs) return { is: 'wait', reason: 'too_short' };
  return { is: 'speech', reason: 'speech' };
}

/** Why it is no voice that speaks to the agent; `null`: nothing says so. */
export function notForUs(burst: Burst, { settings, callerDb }: PolicyState): Reason | null {
  const { loudMs, periodicMs, echoMs, vadMs, vadSum } = burst;
  if (settings.echo && echoMs > 0 && echoMs >= echoShare * loudMs) return 'echo';
  if (vadMs >= judgedMs && vadSum < vadShare * vadMs) return 'noise';
  if (loudMs >= judgedMs && periodicMs < periodicShare * loudMs) return 'noise';
  if (loudMs >= steadyMs && burst.peakDb - burst.lowDb < steadyDb) return 'noise';
  const { sideSpeechDb } = settings;
  const isFar = sideSpeechDb !== null && callerDb !== null && burst.voiceDb < callerDb - sideSpeechDb;
  return isFar && periodicMs > 0 ? 'side_speech' : null;
}

/** Of all who heard it, whoever understood most. */
export function reading(words: Words, settings: PolicySettings): Reading {
  const model = read(words.model, settings);
  if (words.stt === '') return model;
  const stt = read(words.stt, settings);
  return {
    words: Math.max(model.words, stt.words),
    real: Math.max(model.real, stt.real),
    command: model.command || stt.command,
  };
}

export function durationOf({ onsetMs, lastMs }: Burst): Ms {
  return Math.max(0, lastMs - onsetMs);
}

export function featuresOf(burst: Burst, state: PolicyState): InterruptionFeatures {
  const { loudMs, periodicMs, echoMs, vadMs, vadSum, voiceDb } = burst;
  const features: InterruptionFeatures = { durationMs: Math.round(durationOf(burst)) };
  if (loudMs > 0) {
    features.periodic = share(periodicMs, loudMs);
    features.overNoiseDb = Math.round(burst.peakDb - state.floorDb);
    if (echoMs > 0) features.echo = share(echoMs, loudMs);
  }
  if (vadMs > 0) features.vad = share(vadSum, vadMs);
  if (state.callerDb !== null && periodicMs > 0) features.overCallerDb = Math.round(voiceDb - state.callerDb);
  const { words, real } = reading(burst.words, state.settings);
  if (words > 0) {
    features.words = words;
    features.realWords = real;
  }
  return features;
}

function share(part: number, whole: number): number {
  return Math.round((100 * part) / whole) / 100;
}
