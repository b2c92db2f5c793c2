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

export function onApproval({ asksForHosted, approvals, slot }: EngineState, approval: string): void {
  if (!asksForHosted) return;
  approvals.push({ approval, reply: slot.is === 'running' ? slot.reply : null });
  if (approvals.length > waitingLimit) approvals.shift();
}

export function onApprove({ approvals, approving }: EngineState, cmd: string, approval: string): void {
  const index = approvals.findIndex((one) => one.approval === approval);
  const [open] = index < 0 ? [] : approvals.splice(index, 1);
  if (open !== undefined) approving[cmd] = open.reply;
}

/** The server has an answer. Once it has all that the reply waits for, the reply goes on. */
export function approved(state: EngineState, cmd: string, atMs: Ms, fx: EngineEffect[]): void {
  const { approvals, approving } = state;
  const reply = approving[cmd];
  if (reply === undefined) return;
  delete approving[cmd];
  const isSame = (other: Reply | null) => other?.id === reply?.id;
  if (approvals.some((one) => isSame(one.reply)) || Object.values(approving).some(isSame)) return;
  state.waiting.push(ownAsk(reply ?? newReply(state, 'tools', state.turn), {}, `hosted_${cmd}`));
  if (state.slot.is === 'free') release(state, atMs, fx);
}
