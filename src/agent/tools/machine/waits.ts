import type { Ms } from '../../../core/index.js';
import type { AgentEffect, AgentMachineState } from '../../machine/state.js';
import { hasRoom } from './answers.js';
import { isWaitedFor } from './park.js';
import type { CallState } from './state.js';

/** What is due now, and when to look again: fillers while the caller waits, and the ends of waits. */
export function toolWaits(state: AgentMachineState, atMs: Ms, fx: AgentEffect[]): void {
  const { calls, background, toolWakeMs } = state;
  if (calls.length === 0 && background.length === 0 && toolWakeMs === null && state.quietSinceMs === null)
    return;
  let wakeMs = fillers(state, atMs, fx);
  for (const { dueMs } of [...calls, ...background]) {
    if (dueMs !== null && (wakeMs === null || dueMs < wakeMs)) wakeMs = dueMs;
  }
  if (wakeMs === state.toolWakeMs) return;
  state.toolWakeMs = wakeMs;
  fx.push({ t: 'wake_tools', atMs: wakeMs });
}

/** Says the next filler where the caller has heard nothing for long enough; when the one after it would be due. */
function fillers(state: AgentMachineState, atMs: Ms, fx: AgentEffect[]): Ms | null {
  const waiting = state.calls.find((one) => isWaitedFor(one) && one.plan.filler !== null);
  const plan = waiting?.plan.filler ?? null;
  if (waiting === undefined || plan === null) {
    state.quietSinceMs = null;
    state.fillersSaid = 0;
    return null;
  }
  if (!hasRoom(state)) {
    state.quietSinceMs = null;
    return null;
  }
  state.quietSinceMs ??= atMs;
  const dueMs = () => (state.quietSinceMs ?? atMs) + (state.fillersSaid === 0 ? plan.afterMs : plan.everyMs);
  if (state.fillersSaid < plan.times && atMs >= dueMs()) {
    fx.push(filler(waiting, state.fillersSaid));
    state.fillersSaid += 1;
    state.quietSinceMs = atMs;
  }
  return state.fillersSaid < plan.times ? dueMs() : null;
}

function filler({ call, name, args }: CallState, said: number): AgentEffect {
  return { t: 'filler', call, name, args, said };
}
