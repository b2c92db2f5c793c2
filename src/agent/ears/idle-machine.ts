import type { Ms } from '../../core/index.js';

/** Plain JSON. */
export interface IdleState {
  /** Silence after which the user is taken to be away; `null`: never. */
  awayMs: Ms | null;
  /** Silence before each prompt; a prompt's own words do not count as activity of the user. */
  promptsMs: Ms[];
  /** Prompts since the user spoke last. */
  step: number;
  /** Since when nobody has done anything; `null`: somebody does. */
  quietMs: Ms | null;
  /** Since when nobody has done anything but prompt. */
  silentMs: Ms | null;
  isAway: boolean;
  /** What the agent does now is the prompt. */
  isPrompting: boolean;
  wakeMs: Ms | null;
}

export type IdleInput = ({ t: 'states'; isAgentBusy: boolean; isUserSpeaking: boolean } | { t: 'wake' }) & {
  atMs: Ms;
};

export type IdleEffect = { t: 'away' } | { t: 'prompt'; step: number } | { t: 'wake'; atMs: Ms | null };

export function idleState(awayMs: Ms | null, promptsMs: readonly Ms[]): IdleState {
  return {
    awayMs,
    promptsMs: [...promptsMs],
    step: 0,
    quietMs: null,
    silentMs: null,
    isAway: false,
    isPrompting: false,
    wakeMs: null,
  };
}

/** Who is silent for how long, and what is due then. */
export function idleStep(state: IdleState, input: IdleInput, fx: IdleEffect[]): void {
  const { atMs } = input;
  if (input.t === 'states') states(state, input);
  if (state.quietMs !== null && state.silentMs !== null) {
    const { awayMs, promptsMs, step } = state;
    if (awayMs !== null && !state.isAway && atMs >= state.silentMs + awayMs) {
      state.isAway = true;
      fx.push({ t: 'away' });
    }
    const afterMs = promptsMs[step];
    if (afterMs !== undefined && atMs >= state.quietMs + afterMs) {
      state.step += 1;
      state.isPrompting = true;
      // Should nothing come of it, the next one is due all the same.
      state.quietMs = atMs;
      fx.push({ t: 'prompt', step });
    }
  }
  const wakeMs = next(state);
  if (wakeMs === state.wakeMs) return;
  state.wakeMs = wakeMs;
  fx.push({ t: 'wake', atMs: wakeMs });
}

function states(
  state: IdleState,
  { isAgentBusy, isUserSpeaking, atMs }: Extract<IdleInput, { t: 'states' }>,
): void {
  if (isUserSpeaking) {
    state.step = 0;
    state.isAway = false;
    state.isPrompting = false;
  }
  if (isUserSpeaking || isAgentBusy) {
    state.quietMs = null;
    if (!state.isPrompting) state.silentMs = null;
    return;
  }
  if (state.quietMs !== null) return;
  state.quietMs = atMs;
  state.silentMs ??= atMs;
  state.isPrompting = false;
}

function next({ awayMs, promptsMs, step, quietMs, silentMs, isAway }: IdleState): Ms | null {
  if (quietMs === null || silentMs === null) return null;
  const afterMs = promptsMs[step];
  const due = [
    ...(afterMs === undefined ? [] : [quietMs + afterMs]),
    ...(awayMs === null || isAway ? [] : [silentMs + awayMs]),
  ];
  return due.length === 0 ? null : Math.min(...due);
}
