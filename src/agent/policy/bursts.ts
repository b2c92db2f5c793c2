import type { Ms } from '../../core/index.js';
import type { Burst, PolicyInput, PolicyState } from './state.js';

type InputOf<T extends PolicyInput['t']> = Extract<PolicyInput, { t: T }>;

/** So far above the noise something is to be heard. */
const loudDb = 8;
/** A voice has a pitch; its consonants have none for this long. */
const periodicFrom = 0.5;
const consonantMs: Ms = 140;
/** Correlation from which sound is what we played ourselves. */
const echoFrom = 0.5;
const voiceFrom = 0.5;
/** Sound before the first vowel is part of the word. */
const leadMs: Ms = 240;
/** After so much quiet a burst is over. */
export const quietMs: Ms = 360;

export function openBurst(state: PolicyState, onsetMs: Ms, turn: string | null): Burst {
  const burst: Burst = {
    turn,
    onsetMs,
    lastMs: onsetMs,
    soundMs: 0,
    loudMs: 0,
    periodicMs: 0,
    echoMs: 0,
    peakDb: -100,
    lowDb: 0,
    voiceDb: -100,
    vadMs: 0,
    vadSum: 0,
    words: { model: '', stt: '' },
    decision: null,
    reason: null,
  };
  state.burst = burst;
  return burst;
}

/** A stretch of the caller's sound. */
export function hearSound(state: PolicyState, input: InputOf<'sound'>): void {
  const { atMs, levelDb, floorDb, durationMs, periodicity, echo } = input;
  state.floorDb = floorDb;
  const isLoud = levelDb >= floorDb + loudDb;
  const isEcho = state.settings.echo && echo !== null && echo >= echoFrom;
  state.loudSinceMs = isLoud && !isEcho ? (state.loudSinceMs ?? atMs - durationMs) : null;
  const isPeriodic = isLoud && !isEcho && periodicity !== null && periodicity >= periodicFrom;
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
  }
  if (!isEcho && atMs - state.lastPeriodicMs <= consonantMs) burst.lastMs = atMs;
}

/** A window of a VAD. Where there is sound to look at, a voice is as loud as one as well. */
export function hearVoice(state: PolicyState, { atMs, probability, durationMs }: InputOf<'voice'>): void {
  state.lastVadMs = atMs;
  const { burst } = state;
  if (burst === null) return;
  burst.vadMs += durationMs;
  burst.vadSum += probability * durationMs;
  const isHeard = burst.soundMs === 0 || (state.loudSinceMs !== null && burst.echoMs === 0);
  if (probability >= voiceFrom && isHeard) burst.lastMs = atMs;
}

/** Words, for the burst that they belong to. */
export function hearWords(state: PolicyState, { turn, source, text }: InputOf<'words'>): void {
  const { burst } = state;
  if (burst === null || (turn !== null && burst.turn !== null && turn !== burst.turn)) return;
  burst.words[source] = text;
}

/** Where a word that is noticed now began. */
export function leadIn(state: PolicyState, atMs: Ms): Ms {
  return Math.max(state.loudSinceMs ?? atMs, atMs - leadMs);
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
