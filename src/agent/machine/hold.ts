import { beginHold, type Heard, holds, isHolding } from '../playout.js';
import { interrupt, isShieldedPlaying } from './floor.js';
import { heard } from './items.js';
import type { AgentEffect, AgentMachineState } from './state.js';

/** The agent pauses. What is on its way behind a clear cannot be held back; then it is stopped. */
export function hold(state: AgentMachineState, fx: AgentEffect[]): void {
  // What no voice may stop, none may delay.
  if (isShieldedPlaying(state)) return;
  const { playout } = state;
  if (playout.hold === 'resuming') playout.hold = 'clearing';
  if (playout.hold !== null) return;
  if (beginHold(playout)) fx.push({ t: 'hold_playout', clears: isHolding(playout) });
  else interrupt(state, 'user', fx);
}

/** The agent goes on from where it paused, as soon as that is known. */
export function resume(state: AgentMachineState, fx: AgentEffect[]): void {
  const { playout } = state;
  // Nobody has waited for an answer meanwhile: what is heard now is none.
  state.unanswered = null;
  if (playout.hold === 'clearing') playout.hold = 'resuming';
  if (playout.hold !== 'held') return;
  playout.hold = null;
  fx.push({ t: 'resume_playout', fromMs: playout.playedMs });
}

/** The far end has fallen silent for a pause. False: it was for something else. */
export function held(state: AgentMachineState, playedMs: number, fx: AgentEffect[]): boolean {
  const { playout } = state;
  if (!isHolding(playout)) return false;
  const parts: Heard[] = [];
  holds(playout, playedMs, parts);
  heard(state, parts, fx);
  if (playout.hold === null) fx.push({ t: 'resume_playout', fromMs: playout.playedMs });
  return true;
}
