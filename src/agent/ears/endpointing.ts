import type { Ms } from '../../core/index.js';
import { type Unfinished, unfinished } from './unfinished.js';

/** When a pause of the user is the end of the turn. */
export interface EndpointRules {
  /** From the last sound, where nothing speaks against it. */
  minDelayMs: Ms;
  /** From the last sound, where the words or the detector expect more. */
  maxDelayMs: Ms;
  /** From the last sound, while a number is being dictated. */
  digitsDelayMs: Ms;
  /** How many digits the user was asked for; with the last of them the turn is finished. */
  expectDigits?: number;
  /** A tag such as `en` or `nb-NO`; '' = no rules on words. */
  language: string;
  /** From which probability the detector's word counts as an end; `null`: there is no detector. */
  threshold: number | null;
}

/** Plain JSON. */
export interface EndpointState {
  rules: EndpointRules;
  /** The turn under way. */
  turn: string | null;
  hasVoice: boolean;
  /** When the last sound or word was heard, on the clock. */
  lastMs: Ms;
  text: string;
  /** The number of the pause: answers to earlier ones are void. */
  pause: number;
  /** What the detector says of this pause; `null`: it has not said. */
  probability: number | null;
  endAtMs: Ms | null;
}

export type EndpointInput =
  /** `voiceMs`: when it began or ended, on the clock. A start while no turn is under way begins `turn`. */
  (
    | { t: 'voice'; edge: 'start' | 'stop'; turn: string; voiceMs: Ms }
    /** The whole text so far. `begins`: words are the only voice here, these begin the turn. */
    | { t: 'words'; text: string; begins?: string }
    /** `null`: it could not say, and does not count. */
    | { t: 'predicted'; pause: number; probability: number | null }
    | { t: 'rules'; rules: Partial<EndpointRules> }
    | { t: 'wake' }
    /** Somebody else has ended the turn, or it was none. */
    | { t: 'over' }
  ) & { atMs: Ms };

export type EndpointEffect =
  | { t: 'begin'; turn: string }
  /** The voice goes on in the turn that had paused. */
  | { t: 'go_on' }
  | { t: 'ask'; pause: number }
  | { t: 'end'; turn: string; waitedMs: Ms; because: Unfinished | 'pause' | 'detector' }
  | { t: 'wake'; atMs: Ms | null };

export function endpointState(rules: EndpointRules): EndpointState {
  return {
    rules,
    turn: null,
    hasVoice: false,
    lastMs: 0,
    text: '',
    pause: 0,
    probability: null,
    endAtMs: null,
  };
}

/** Voice, words and a detector's judgement in; the end of the turn out. */
export function endpointStep(state: EndpointState, input: EndpointInput, fx: EndpointEffect[]): void {
  switch (input.t) {
    case 'voice':
      if (input.edge === 'start') start(state, input.turn, fx);
      else if (state.turn !== null && state.hasVoice) pause(state, input.voiceMs, fx);
      break;
    case 'words':
      words(state, input, fx);
      break;
    case 'predicted':
      if (input.pause === state.pause && !state.hasVoice) state.probability = input.probability ?? 1;
      break;
    case 'rules':
      Object.assign(state.rules, input.rules);
      break;
    case 'over':
      over(state);
      break;
    case 'wake':
      break;
  }
  judge(state, input.atMs, fx);
}

function start(state: EndpointState, turn: string, fx: EndpointEffect[]): void {
  if (state.turn === null) {
    state.turn = turn;
    state.text = '';
    fx.push({ t: 'begin', turn });
  } else if (!state.hasVoice) fx.push({ t: 'go_on' });
  state.hasVoice = true;
  state.pause += 1;
  state.probability = null;
}

function pause(state: EndpointState, voiceMs: Ms, fx: EndpointEffect[]): void {
  state.hasVoice = false;
  state.lastMs = voiceMs;
  state.pause += 1;
  state.probability = null;
  if (state.rules.threshold !== null) fx.push({ t: 'ask', pause: state.pause });
}

function words(
  state: EndpointState,
  { text, begins, atMs }: Extract<EndpointInput, { t: 'words' }>,
  fx: EndpointEffect[],
): void {
  if (text === state.text) return;
  if (begins !== undefined) {
    start(state, begins, fx);
    state.text = text;
    pause(state, atMs, fx);
  } else if (state.turn !== null) state.text = text;
}

function over(state: EndpointState): void {
  state.turn = null;
  state.hasVoice = false;
  state.text = '';
  state.pause += 1;
  state.probability = null;
}

/** The end is where the last sound was, and the delay that the present knowledge asks for. */
function judge(state: EndpointState, atMs: Ms, fx: EndpointEffect[]): void {
  if (state.turn === null || state.hasVoice) return wakeAt(state, null, fx);
  const { delayMs, because } = delayOf(state);
  const endMs = state.lastMs + delayMs;
  if (atMs < endMs) return wakeAt(state, endMs, fx);
  fx.push({ t: 'end', turn: state.turn, waitedMs: atMs - state.lastMs, because });
  over(state);
  wakeAt(state, null, fx);
}

function delayOf({ rules, text, probability }: EndpointState): {
  delayMs: Ms;
  because: Unfinished | 'pause' | 'detector';
} {
  const { minDelayMs, maxDelayMs, digitsDelayMs, expectDigits, language, threshold } = rules;
  const why = language === '' ? undefined : unfinished(text, language, expectDigits);
  if (why === 'digits') return { delayMs: Math.min(digitsDelayMs, maxDelayMs), because: why };
  if (why !== undefined) return { delayMs: maxDelayMs, because: why };
  const isUnsure = threshold !== null && (probability === null || probability < threshold);
  return isUnsure ? { delayMs: maxDelayMs, because: 'detector' } : { delayMs: minDelayMs, because: 'pause' };
}

function wakeAt(state: EndpointState, atMs: Ms | null, fx: EndpointEffect[]): void {
  if (state.endAtMs === atMs) return;
  state.endAtMs = atMs;
  fx.push({ t: 'wake', atMs });
}
