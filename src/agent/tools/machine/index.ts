import type { Ms } from '../../../core/index.js';
import type { AgentEffect, AgentMachineState } from '../../machine/state.js';
import { handedOver, handsOver, told } from './answers.js';
import {
  call,
  toolApproved,
  toolAsks,
  toolDone,
  toolTime,
  toolUpdate,
  turnPassed,
  withdraw,
} from './calls.js';
import { park, unpark } from './park.js';
import type { ToolInput } from './state.js';

/** Everything that happens to calls, but what happens to the conversation around them. */
export function toolStep(state: AgentMachineState, input: ToolInput & { atMs: Ms }, fx: AgentEffect[]): void {
  switch (input.t) {
    case 'call':
      return call(state, input, fx);
    case 'withdrawn':
      return withdraw(state, input.call, fx);
    case 'tool_done':
      return toolDone(state, input, fx);
    case 'tool_update':
      return toolUpdate(state, input, fx);
    case 'tool_asks':
      return toolAsks(state, input, fx);
    case 'tool_approved':
      return toolApproved(state, input, fx);
    case 'tools_park':
      return park(state, input.depth);
    case 'tools_unpark':
      return unpark(state, input.depth, input.atMs);
    case 'turn_passed':
      return turnPassed(state, fx);
    case 'tool_told':
      return told(state);
    case 'hands_over':
      return handsOver(state, input.call);
    case 'handed_over':
      return handedOver(state, input.call);
    case 'tool_time':
      return toolTime(state, input.atMs, fx);
  }
}
