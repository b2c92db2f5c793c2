import { advance, beginClear, endClear, type Heard, isPlaying } from '../playout.js';
import type { AgentEffect, AgentInput, AgentMachineState } from './state.js';

/** Takes the floor from the agent: the model is stopped, the far end silenced; `cleared` brings the exact position. */
export function interrupt(
  state: AgentMachineState,
  by: 'user' | 'application' | 'server',
  fx: AgentEffect[],
): void {
  for (const id in state.replies) {
    const reply = state.replies[id]!;
    reply.interrupted = true;
    reply.followUp = false;
  }
  if (by !== 'server') fx.push({ t: 'stop_model' });
  const playing = isPlaying(state.playout);
  if (playing && !state.playout.clearing) {
    beginClear(state.playout);
    fx.push({ t: 'clear_playout' });
  }
  fx.push({ t: 'interrupted', by });
}

/** The far end is silent and told what it had played. */
export function cleared(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'cleared' }>,
  fx: AgentEffect[],
): void {
  const cuts: Heard[] = [];
  endClear(state.playout, input.playedMs, cuts);
  for (const { item, part, heardMs, writtenMs } of cuts) {
    fx.push({ t: 'truncate', item, part, heardMs, writtenMs, estimated: input.estimated });
    if (state.items[item] === undefined) continue;
    delete state.items[item];
    fx.push({ t: 'settled', item, heard: heardMs > 0 ? 'partly' : 'unheard' });
  }
  for (const id in state.replies) {
    const reply = state.replies[id]!;
    if (reply.interrupted) reply.endMs = 0;
    else if (reply.endMs === Number.POSITIVE_INFINITY) reply.endMs = state.playout.lineMs;
  }
  settleDoneItems(state, fx);
}

export function playback(
  state: AgentMachineState,
  input: Extract<AgentInput, { t: 'playback' }>,
  fx: AgentEffect[],
): void {
  if (input.phase === 'started' && state.unanswered !== null) {
    fx.push({
      t: 'turn_answered',
      turn: state.unanswered.turn,
      latencyMs: input.atMs - state.unanswered.endedMs,
    });
    state.unanswered = null;
  }
  const heard: Heard[] = [];
  advance(state.playout, input.playedMs, heard);
  for (const { item, heardMs, writtenMs } of heard) fx.push({ t: 'heard', item, heardMs, writtenMs });
  settleDoneItems(state, fx);
}

/** Items that are complete and of which everything written has been played. */
export function settleDoneItems(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const id in state.items) {
    const item = state.items[id]!;
    if (!item.done || isUnplayed(state, id)) continue;
    delete state.items[id];
    // Text is read as it comes.
    const heard = item.writtenMs > 0 || item.kind === 'text';
    fx.push({ t: 'settled', item: id, heard: heard ? 'heard' : 'unheard' });
  }
}

function isUnplayed({ playout }: AgentMachineState, item: string): boolean {
  if (playout.next.some((segment) => segment.item === item)) return true;
  return playout.segments.some((segment) => segment.item === item && segment.toMs > playout.playedMs + 0.5);
}

/** Replies that have no response under way, no tool, no follow-up, and nothing left to play. */
export function settleReplies(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const id in state.replies) {
    const reply = state.replies[id]!;
    if (reply.responses > 0 || reply.followUp) continue;
    if (state.playout.clearing || reply.endMs > state.playout.playedMs + 0.5) continue;
    if (state.calls.some((call) => state.responses[call.response]?.reply === id)) continue;
    delete state.replies[id];
    fx.push({ t: 'reply_done', reply: id, interrupted: reply.interrupted });
  }
}
