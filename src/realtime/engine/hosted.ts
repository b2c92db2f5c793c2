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

/** Tools that the provider runs by itself. Nothing speaks of what they found until a reply is asked for. */
export interface Hosted {
  /** The engine asks for that reply. */
  asks: boolean;
  /** Approvals that the provider waits for, oldest first. `reply`: that asked for them, where one was running. */
  open: { approval: string; reply: Reply | null }[];
  /** Approvals that were given or denied and not confirmed, by command id. */
  answered: Record<string, Reply | null>;
}

/** What follows a response that called the provider's tools, asked for nothing else and said nothing. */
export function hostedFollowUp(
  state: EngineState,
  response: string,
  running: RunningResponse,
  status: Extract<Event, { phase: 'ended' }>['status'],
): Ask | undefined {
  const { reply, hosted, calls, output, outOfBand, stopped, epoch } = running;
  if (!state.hosted.asks || hosted === 0 || calls > 0 || output || status !== 'completed') return undefined;
  if (outOfBand || stopped || epoch !== state.epoch) return undefined;
  return ownAsk(reply, {}, `hosted_${response}`);
}

export function onApproval({ hosted, slot }: EngineState, approval: string): void {
  if (!hosted.asks) return;
  hosted.open.push({ approval, reply: slot.is === 'running' ? slot.reply : null });
  if (hosted.open.length > waitingLimit) hosted.open.shift();
}

export function onApprove({ hosted }: EngineState, cmd: string, approval: string): void {
  const index = hosted.open.findIndex((one) => one.approval === approval);
  const [open] = index < 0 ? [] : hosted.open.splice(index, 1);
  if (open !== undefined) hosted.answered[cmd] = open.reply;
}

/** The server has an answer. Once it has all that the reply waits for, the reply goes on. */
export function approved(state: EngineState, cmd: string, atMs: Ms, fx: EngineEffect[]): void {
  const { hosted } = state;
  const reply = hosted.answered[cmd];
  if (reply === undefined) return;
  delete hosted.answered[cmd];
  const isSame = (other: Reply | null) => other?.id === reply?.id;
  if (hosted.open.some((one) => isSame(one.reply)) || Object.values(hosted.answered).some(isSame)) return;
  state.waiting.push(ownAsk(reply ?? newReply(state, 'tools', state.turn), {}, `hosted_${cmd}`));
  if (state.slot.is === 'free') release(state, atMs, fx);
}
