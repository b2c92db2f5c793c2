import type { Ms } from '../../../core/index.js';

/** Where speech starts and stops, decided from one probability per window. No clock: positions of audio come in with each window. */
export type VadEdgesState = VadEdgesOptions &
  (
    | { phase: 'silence' }
    /** Speech, not yet long enough to count. */
    | { phase: 'rising'; startMs: Ms }
    | { phase: 'speech' }
    /** Silence within speech, not yet long enough to end it. */
    | { phase: 'falling'; endMs: Ms }
  );

export interface VadEdgesOptions {
  /** Probability from which a window is speech. */
  threshold: number;
  minSpeechMs: Ms;
  silenceMs: Ms;
}

export type VadEdgesInput =
  | { t: 'window'; probability: number; fromMs: Ms; toMs: Ms }
  | { t: 'options'; options: Partial<VadEdgesOptions> }
  | { t: 'reset' };

export type VadEdgesEffect = { t: 'speech_started'; atMs: Ms } | { t: 'speech_stopped'; atMs: Ms };

/** Once speaking, a window counts as silence only when it is this far below the threshold. */
const hysteresis = 0.15;

export const vadEdgesDefaults: VadEdgesOptions = { threshold: 0.5, minSpeechMs: 50, silenceMs: 500 };

export function vadEdgesState(options: Partial<VadEdgesOptions> = {}): VadEdgesState {
  return { ...vadEdgesDefaults, ...options, phase: 'silence' };
}

/**
 * silence -(>= threshold)-> rising -(lasted minSpeechMs)-> speech -(< threshold - 0.15)-> falling -(lasted silenceMs)-> silence;
 * rising -(< threshold - 0.15)-> silence; falling -(>= threshold)-> speech. Probabilities between the two limits change nothing.
 */
export function stepVadEdges(state: VadEdgesState, input: VadEdgesInput, fx: VadEdgesEffect[]): void {
  if (input.t === 'options') Object.assign(state, input.options);
  else if (input.t === 'reset') move(state, { phase: 'silence' });
  else {
    const loud = input.probability >= state.threshold;
    const quiet = input.probability < Math.max(state.threshold - hysteresis, state.threshold / 4);
    if (state.phase === 'silence' && loud) move(state, { phase: 'rising', startMs: input.fromMs });
    else if (state.phase === 'rising' && quiet) move(state, { phase: 'silence' });
    else if (state.phase === 'speech' && quiet) move(state, { phase: 'falling', endMs: input.fromMs });
    else if (state.phase === 'falling' && loud) move(state, { phase: 'speech' });
    if (state.phase === 'rising' && input.toMs - state.startMs >= state.minSpeechMs) {
      fx.push({ t: 'speech_started', atMs: state.startMs });
      move(state, { phase: 'speech' });
    } else if (state.phase === 'falling' && input.toMs - state.endMs >= state.silenceMs) {
      fx.push({ t: 'speech_stopped', atMs: state.endMs });
      move(state, { phase: 'silence' });
    }
  }
}

type Phase =
  | { phase: 'silence' | 'speech' }
  | { phase: 'rising'; startMs: Ms }
  | { phase: 'falling'; endMs: Ms };

function move(state: VadEdgesState, phase: Phase): void {
  Object.assign(state, phase);
}
