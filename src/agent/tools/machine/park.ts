import type { Ms } from '../../../core/index.js';
import type { AgentMachineState } from '../../machine/state.js';
import type { CallState } from './state.js';

/** A tool's call for whose result somebody waits. */
export function isWaitedFor({ result, parked }: CallState): boolean {
  return result === undefined && parked === undefined;
}

/** A task talks with the user: what tools are at work has no deadline, is no silence, and is not what the user interrupts. */
export function park(state: AgentMachineState, depth: number): void {
  for (const one of state.calls) {
    if (one.work !== 'running' || one.parked !== undefined) continue;
    one.parked = depth;
    one.dueMs = null;
  }
}

/** The task is over: their time begins anew. */
export function unpark(state: AgentMachineState, depth: number, atMs: Ms): void {
  for (const one of state.calls) {
    if (one.parked === undefined || one.parked < depth) continue;
    delete one.parked;
    const { timeoutMs } = one.plan;
    one.dueMs = one.work === 'running' && timeoutMs !== null ? atMs + timeoutMs : null;
  }
}
