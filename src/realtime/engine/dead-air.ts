import type { Ms } from '../contract.js';
import { reconnect } from './line.js';
import { ownAsk } from './outage.js';
import { release } from './slot.js';
import type { EngineEffect, EngineState, Slot } from './state.js';

/**
 * The user's turn has ended and nothing has come of it. True: something is done about it, once a turn; the reply is not
 * over then.
 */
export function deadAir(
  state: EngineState,
  slot: Extract<Slot, { is: 'expected' }>,
  atMs: Ms,
  fx: EngineEffect[],
): boolean {
  const { reply } = slot;
  const { afterMs, text } = state.deadAir;
  // What cannot be said is no help.
  const then = state.deadAir.then === 'say' && !state.can.say ? 'fail' : state.deadAir.then;
  if (reply.cause !== 'turn' || reply.turn === null || state.silentTurn === reply.turn) return false;
  state.silentTurn = reply.turn;
  fx.push({
    t: 'notice',
    notice: { t: 'dead_air', turn: reply.turn, waitedMs: afterMs ?? state.replyTimeoutMs, then },
  });
  if (then === 'reconnect') {
    slot.deadlineMs = atMs + state.replyTimeoutMs;
    // Whatever goes on is this very silence.
    reconnect(state, atMs, fx);
    state.line.forceMs = atMs;
    return true;
  }
  if (then === 'fail') return false;
  const ask = ownAsk(reply);
  if (then === 'say') ask.command = { t: 'say', cmd: ask.cmd, text, cuttable: true };
  state.waiting = [ask, ...state.waiting];
  release(state, atMs, fx);
  return true;
}
