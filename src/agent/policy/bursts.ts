import type { Ms } from '../../core/index.js';
import type { Burst, PolicyInput, PolicyState } from './state.js';
import { hearText, noWords } from './words.js';

type InputOf<T extends PolicyInput['t']> = Extract<PolicyInput, { t: T }>;

/** So far above the noise something is to be heard. */
const loudDb = 8;
/** A voice has a pitch; its consonants have none for this long. */
const periodicFrom = 0.5;
/** One voice alone repeats itself better than many at once. */
const clearFrom = 0.8;
const consonantMs: Ms = 100;
/** For so long where a recogniser hears words in it: "make it six". */
const spokenMs: Ms = 300;
const periodicShare = 0.3;
const clearShare = 0.25;
const faintShare = 0.04;
/** How far down to the noise one voice goes between its syllables. */
const pausesShare = 0.5;
/** Many voices are told from one by a longer stretch. */
const crowdMs: Ms = 300;
/** Correlation from which sound is what we played ourselves. */
const echoFrom = 0.5;
const voiceFrom = 0.5;
/** Sound before the first vowel is part of the word. */
const leadMs: Ms = 240;
/** Echo that is none after so much of it never was one. */
const doubtedMs: Ms = 160;
/** After so much rest a word is over, */
export const restMs: Ms = 110;
/** and after so much quiet a burst is. */
export const quietMs: Ms = 360;

export function openBurst(state: PolicyState, onsetMs: Ms, turn: string | null): Burst {
  const burst: Burst = {
    turn,
    onsetMs,
    lastMs: onsetMs,
    soundMs: 0,
    loudMs: 0,
    periodicMs: 0,
    clearMs: 0,
    echoMs: 0,
    peakDb: -100,
    lowDb: 0,
    voiceDb: -100,
    vadMs: 0,
    vadSum: 0,
    words: noWords(),
    opening: null,
    paused: false,
    decision: null,
    reason: null,
  };
  state.burst = burst;
  return burst;
}

/** From the first sign of the voice to its last. */
export function durationOf({ onsetMs, lastMs }: Burst): Ms {
  return Math.max(0, lastMs - onsetMs);
}

/** A stretch of the caller's sound. */
export function hearSound(state: PolicyState, input: InputOf<'sound'>): void {
  const { atMs, levelDb, floorDb, durationMs, periodicity, echo } = input;
  state.floorDb = floorDb;
  const isLoud = levelDb >= floorDb + loudDb;
  const isEcho = state.settings.echo && echo !== null && echo >= echoFrom;
  state.soundSinceMs = isLoud ? (state.soundSinceMs ?? atMs - durationMs) : null;
  state.loudSinceMs = isLoud && !isEcho ? (state.loudSinceMs ?? atMs - durationMs) : null;
  // Noise hides pitch, as far as it goes.
  const pitched = isLoud && !isEcho ? (periodicity ?? 0) / (1 - 10 ** ((floorDb - levelDb) / 10)) : 0;
  const isPeriodic = pitched >= periodicFrom;
  if (isPeriodic) state.lastPeriodicMs = atMs;
  if (isPeriodic && state.burst === null) openBurst(state, leadIn(state, atMs - durationMs), null);
  const { burst } = state;
  if (burst === null) return;
  burst.soundMs += durationMs;
  if (!isLoud) return;
  burst.loudMs += durationMs;
  burst.peakDb = Math.max(burst.peakDb, levelDb);
  burst.lowDb = Math.min(burst.lowDb, levelDb);
  if (isEcho) burst.echoMs += durationMs;
  if (isPeriodic) {
    burst.voiceDb = mixed(burst.voiceDb, burst.periodicMs, levelDb, durationMs);
    burst.periodicMs += durationMs;
    if (pitched >= clearFrom) burst.clearMs += durationMs;
  }
  const unpitchedMs = burst.opening === null ? consonantMs : spokenMs;
  if (!isEcho && atMs - state.lastPeriodicMs <= unpitchedMs) burst.lastMs = atMs;
}

/** A window of a VAD. */
export function hearVoice(state: PolicyState, { atMs, probability, durationMs }: InputOf<'voice'>): void {
  state.lastVadMs = atMs;
  const { burst } = state;
  if (burst === null) return;
  burst.vadMs += durationMs;
  burst.vadSum += probability * durationMs;
  // Pitch is the quicker of the two; where there is none, a voice may be hoarse.
  const isHoarse = state.loudSinceMs !== null && burst.echoMs === 0 && isUnpitched(burst);
  if (probability >= voiceFrom && (burst.soundMs === 0 || isHoarse)) burst.lastMs = atMs;
}

/** Less of its sound is periodic than of a voice: vowels and nasals are, coughs are not. */
export function isUnpitched({ periodicMs, loudMs }: Burst): boolean {
  return periodicMs < periodicShare * loudMs;
}

/** So much of it has a clear pitch that it can be nothing but a voice, or a machine. */
export function isClear({ clearMs, loudMs }: Burst): boolean {
  return clearMs >= 0.4 * loudMs;
}

/** Many voices at once: no pitch is clear, and none of them pauses for all. */
export function isCrowd({ clearMs, loudMs, peakDb, lowDb }: Burst, floorDb: number): boolean {
  if (loudMs < crowdMs) return false;
  const hasPauses = peakDb - lowDb >= pausesShare * (peakDb - floorDb - loudDb);
  return clearMs < (hasPauses ? faintShare : clearShare) * loudMs;
}

/** Words, for the burst that they belong to. */
export function hearWords(state: PolicyState, { turn, source, text, isFinal, atMs }: InputOf<'words'>): void {
  const { burst } = state;
  if (burst === null || (turn !== null && burst.turn !== null && turn !== burst.turn)) return;
  hearText(burst.words, source, text, isFinal, atMs);
}

/** Where a word that is noticed now began. */
export function leadIn({ loudSinceMs, soundSinceMs }: PolicyState, atMs: Ms): Ms {
  // Too little of a voice may look like an echo.
  if (soundSinceMs !== null && atMs - soundSinceMs <= doubtedMs) return soundSinceMs;
  return Math.max(loudSinceMs ?? atMs, atMs - leadMs);
}

/** Nothing but edges is known of it: it lasts as long as they say. */
export function isBlind({ soundMs, vadMs }: Burst): boolean {
  return soundMs === 0 && vadMs === 0;
}

/** Mean of two levels by their power and time. */
function mixed(db: number, ms: Ms, otherDb: number, otherMs: Ms): number {
  if (ms === 0) return otherDb;
  const power = 10 ** (db / 10) * ms + 10 ** (otherDb / 10) * otherMs;
  return 10 * Math.log10(power / (ms + otherMs));
}
