import { byId } from '../../core/index.js';
import type { Ms } from '../contract.js';
import { remember } from './asks.js';
import { type EngineEffect, type EngineState, stopGraceMs } from './state.js';

/** Stops a response; what it still sends is dropped by its epoch. `cmd`: of whoever waits for the answer. */
export function stop(state: EngineState, response: string, atMs: Ms, fx: EngineEffect[], cmd?: string): void {
  const running = byId(state.responses, response);
  if (running === undefined) return;
  running.stopped = true;
  if (running.epoch === state.epoch && !running.outOfBand) state.epoch += 1;
  if (holdsSlot(state, response)) {
    // running->stop->ending
    state.slot = { is: 'ending', response, reply: running.reply, deadlineMs: atMs + stopGraceMs };
  }
  if (!state.can.cancel) return;
  const id = cmd ?? `stop_${response}`;
  if (cmd === undefined) remember(state, 'ownStops', id);
  fx.push({ t: 'send', command: { t: 'stop', cmd: id, response } });
}

export function holdsSlot(state: EngineState, response: string): boolean {
  const { slot } = state;
  return (slot.is === 'running' || slot.is === 'ending') && slot.response === response;
}
