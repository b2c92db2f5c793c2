import type { DtmfKey, Ms } from '../../core/index.js';

/** Keys of the caller on their way to being a number. */
export interface KeyState {
  readonly timeoutMs: Ms;
  readonly terminator: DtmfKey | null;
  readonly maxDigits: number;
  /** Before that, what is pressed is kept and nothing is waited for. */
  begun: boolean;
  digits: string;
  /** When what is there is taken as all; null: nothing is there. */
  dueMs: Ms | null;
}

export type KeyInput = { atMs: Ms } & (
  | { t: 'begin' }
  | { t: 'key'; key: DtmfKey }
  | { t: 'wake' }
  | { t: 'end' }
);

/** Why the digits are all: the caller was silent, pressed the key that ends, pressed as many as there may be, or left. */
export type KeysEnded = 'timeout' | 'terminator' | 'full' | 'close';

export type KeyEffect =
  | { t: 'collected'; digits: string; ended: KeysEnded }
  /** The only time at which `wake` may change something; null: none. */
  | { t: 'wake_at'; atMs: Ms | null };

export type KeyRules = Pick<KeyState, 'timeoutMs' | 'terminator' | 'maxDigits'>;

export function keyState(options: KeyRules): KeyState {
  return { ...options, begun: false, digits: '', dueMs: null };
}

/** Each key puts the timeout off; digits are in the order of pressing, whatever is being said meanwhile. */
export function keyStep(state: KeyState, input: KeyInput, fx: KeyEffect[]): void {
  const dueBefore = state.dueMs;
  switch (input.t) {
    case 'begin':
      state.begun = true;
      if (state.digits.length >= state.maxDigits) collect(state, 'full', fx);
      else if (state.digits !== '') state.dueMs = input.atMs + state.timeoutMs;
      break;
    case 'key':
      press(state, input.key, input.atMs, fx);
      break;
    case 'wake':
      if (state.dueMs !== null && input.atMs >= state.dueMs) collect(state, 'timeout', fx);
      break;
    case 'end':
      if (state.digits !== '') collect(state, 'close', fx);
      break;
  }
  if (state.dueMs !== dueBefore) fx.push({ t: 'wake_at', atMs: state.dueMs });
}

function press(state: KeyState, key: DtmfKey, atMs: Ms, fx: KeyEffect[]): void {
  if (!state.begun) {
    if (state.digits.length < state.maxDigits) state.digits += key;
    return;
  }
  if (key === state.terminator) return collect(state, 'terminator', fx);
  state.digits += key;
  if (state.digits.length >= state.maxDigits) collect(state, 'full', fx);
  else state.dueMs = atMs + state.timeoutMs;
}

function collect(state: KeyState, ended: KeysEnded, fx: KeyEffect[]): void {
  fx.push({ t: 'collected', digits: state.digits, ended });
  state.digits = '';
  state.dueMs = null;
}
