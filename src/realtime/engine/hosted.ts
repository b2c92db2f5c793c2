import { allBut } from '../../core/none.js';
import type { Event, Ms } from '../contract.js';
import { ownAsk } from './outage.js';
import { release } from './slot.js';
import {
  type Ask,
  type EngineEffect,
  type EngineState,
  newReply,
  type Reply,
  type RunningResponse,
  waitingLimit,
  without,
} from './state.js';

// Tools that the provider runs by itself: nothing speaks of what they found until a reply is asked for.

/** An approval that the provider waits for. */
export interface OpenApproval {
  approval: string;
  /** That asked for it, where one was running. */
  reply: Reply | null;
}

/** What follows a response that called the provider's tools, asked for nothing else and said nothing. */
export function hostedFollowUp(
  state: EngineState,
  response: string,
  running: RunningResponse,
  status: Extract<Event, { phase: 'ended' }>['status'],
): Ask | undefined {
  const { reply, hosted, calls, output, outOfBand, stopped, epoch } = running;
  if (!state.asksForHosted || hosted === 0 || calls > 0 || output || status !== 'completed') return undefined;
  if (outOfBand || stopped || epoch !== state.epoch) return undefined;
  return ownAsk(reply, {}, `hosted_${response}`);
}

export function onApproval(state: EngineState, approval: string): void {
  const { asksForHosted, approvals, slot } = state;
  if (!asksForHosted) return;
  const open = { approval, reply: slot.is === 'running' ? slot.reply : null };
  state.approvals = approvals.slice(1 - waitingLimit).concat(open);
}

export function onApprove(state: EngineState, cmd: string, approval: string): void {
  const open = state.approvals.find((one) => one.approval === approval);
  if (open === undefined) return;
  state.approvals = allBut(state.approvals, open);
  state.approving = { ...state.approving, [cmd]: open.reply };
}

/** The server has an answer. Once it has all that the reply waits for, the reply goes on. */
export function approved(state: EngineState, cmd: string, atMs: Ms, fx: EngineEffect[]): void {
  const reply = state.approving[cmd];
  if (reply === undefined) return;
  state.approving = without(state.approving, cmd);
  const { approvals, approving } = state;
  const isSame = (other: Reply | null) => other?.id === reply?.id;
  if (approvals.some((one) => isSame(one.reply)) || Object.values(approving).some(isSame)) return;
  const ask = ownAsk(reply ?? newReply(state, 'tools', state.turn), {}, `hosted_${cmd}`);
  state.waiting = state.waiting.concat(ask);
  if (state.slot.is === 'free') release(state, atMs, fx);
}
