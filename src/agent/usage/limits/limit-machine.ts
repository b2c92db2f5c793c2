import type { Ms } from '../../../core/index.js';

/** What a call may use: dollars as millionths, milliseconds, answered turns, tokens in and out. */
export type LimitName = 'maxCostUsd' | 'maxDurationMs' | 'maxTurns' | 'maxTokens';

export interface Limit {
  name: LimitName;
  /** In the units that are counted. */
  max: number;
  used: number;
  /** Its approach was told. */
  told: boolean;
}

export interface LimitState {
  limits: Limit[];
  /** From this share of a limit on it is approached. */
  approachingAt: number;
  /** How long a goodbye may take; null: there is none. */
  goodbyeMs: Ms | null;
  phase: 'idle' | 'open' | 'goodbye' | 'over';
  startedMs: Ms;
  /** The limit that was reached. */
  reached: LimitName | null;
  /** When the goodbye is over, said or not. */
  dueMs: Ms;
}

export type LimitInput = { atMs: Ms } & (
  | { t: 'start' }
  | { t: 'used'; costMicroUsd: number; tokens: number }
  /** A turn of the caller is being answered. */
  | { t: 'turn' }
  | { t: 'wake' }
  /** The goodbye was heard, or cannot be. */
  | { t: 'said' }
  | { t: 'end' }
);

export type LimitEffect =
  | { t: 'approaching'; limit: LimitName; used: number; max: number }
  | { t: 'reached'; limit: LimitName; used: number; max: number }
  | { t: 'goodbye' }
  | { t: 'close'; limit: LimitName }
  /** The only time at which `wake` may change something; null: none. */
  | { t: 'wake_at'; atMs: Ms | null };

export function limitState(
  limits: Partial<Record<LimitName, number>>,
  { approachingAt, goodbyeMs }: { approachingAt: number; goodbyeMs: Ms | null },
): LimitState {
  const names = Object.keys(limits) as LimitName[];
  return {
    limits: names.map((name) => ({ name, max: limits[name] ?? 0, used: 0, told: false })),
    approachingAt,
    goodbyeMs,
    phase: 'idle',
    startedMs: 0,
    reached: null,
    dueMs: 0,
  };
}

/** Each approach is told once; the first limit that is reached ends the call: goodbye, then close, whatever happens meanwhile. */
export function limitStep(state: LimitState, input: LimitInput, fx: LimitEffect[]): void {
  const before = wakeAt(state);
  decide(state, input, fx);
  const after = wakeAt(state);
  if (after !== before) fx.push({ t: 'wake_at', atMs: after });
}

function decide(state: LimitState, input: LimitInput, fx: LimitEffect[]): void {
  const { atMs } = input;
  if (state.phase === 'over') return;
  switch (input.t) {
    case 'start':
      if (state.phase !== 'idle') return;
      state.phase = 'open';
      state.startedMs = atMs;
      break;
    case 'used':
      use(state, 'maxCostUsd', input.costMicroUsd);
      use(state, 'maxTokens', input.tokens);
      break;
    case 'turn':
      for (const limit of state.limits) if (limit.name === 'maxTurns') limit.used += 1;
      break;
    case 'said':
      if (state.phase === 'goodbye') close(state, fx);
      return;
    case 'end':
      state.phase = 'over';
      return;
    case 'wake':
      if (state.phase === 'goodbye' && atMs >= state.dueMs) close(state, fx);
  }
  if (state.phase === 'open') check(state, atMs, fx);
}

function use(state: LimitState, name: LimitName, used: number): void {
  for (const limit of state.limits) if (limit.name === name) limit.used = used;
}

function check(state: LimitState, atMs: Ms, fx: LimitEffect[]): void {
  // Whole milliseconds, as the wake-up is: a rounding error must not miss it.
  use(state, 'maxDurationMs', Math.round(atMs - state.startedMs));
  for (const limit of state.limits) {
    const { name, used, max } = limit;
    if (used >= max) return reach(state, limit, atMs, fx);
    if (limit.told || used < max * state.approachingAt) continue;
    limit.told = true;
    fx.push({ t: 'approaching', limit: name, used, max });
  }
}

function reach(state: LimitState, { name, used, max }: Limit, atMs: Ms, fx: LimitEffect[]): void {
  state.reached = name;
  state.phase = 'goodbye';
  fx.push({ t: 'reached', limit: name, used, max });
  if (state.goodbyeMs === null) return close(state, fx);
  state.dueMs = atMs + state.goodbyeMs;
  fx.push({ t: 'goodbye' });
}

function close(state: LimitState, fx: LimitEffect[]): void {
  state.phase = 'over';
  if (state.reached !== null) fx.push({ t: 'close', limit: state.reached });
}

function wakeAt({ phase, dueMs, limits, approachingAt, startedMs }: LimitState): Ms | null {
  if (phase === 'goodbye') return dueMs;
  const duration = limits.find(({ name }) => name === 'maxDurationMs');
  if (phase !== 'open' || duration === undefined) return null;
  return startedMs + Math.ceil(duration.told ? duration.max : duration.max * approachingAt);
}
