import type { Command, Event, Ms } from '../contract.js';
import { ask, ended, expect, expectLess, interrupt, refused, slotWake, started, stop } from './slot.js';
import {
  applyTurnRule,
  type EngineEffect,
  type EngineInput,
  type EngineState,
  newReply,
  type ReplyCause,
} from './state.js';

/** The engine's one machine: commands of the session and events of the link in, commands to the link and events of the session out. */
export function engineStep(state: EngineState, input: EngineInput, fx: EngineEffect[]): void {
  if (state.phase === 'closed') return;
  switch (input.t) {
    case 'event':
      return onEvent(state, input.event, input.atMs, fx);
    case 'command':
      return onCommand(state, input.command, input.cause ?? 'user', input.reply, input.atMs, fx);
    case 'interrupt':
      return interrupt(state, input.atMs, fx);
    case 'wake':
      return slotWake(state, input.atMs, fx);
  }
}

function onCommand(
  state: EngineState,
  command: Command,
  cause: ReplyCause,
  replyId: string | undefined,
  atMs: Ms,
  fx: EngineEffect[],
): void {
  switch (command.t) {
    case 'reply':
    case 'say': {
      if (command.t === 'say' && !state.can.say) {
        return refuse(command.cmd, 'unsupported', 'This model cannot speak a given text', fx);
      }
      const reply = newReply(state, cause, cause === 'tools' ? state.turn : null);
      // A follow-up of tool results belongs to the reply that asked for the tools.
      if (replyId !== undefined) reply.id = replyId;
      return ask(state, command, reply, atMs, fx);
    }
    case 'stop': {
      const response = command.response ?? (state.slot.is === 'running' ? state.slot.response : undefined);
      if (response === undefined || state.responses[response] === undefined) {
        return refuse(command.cmd, 'response_cancel_not_active', 'No response is running', fx, true);
      }
      stop(state, response, atMs, fx, command.cmd);
      if (!state.can.cancel) {
        fx.push({ t: 'emit', event: { t: 'ack', cmd: command.cmd, basis: 'sent' } });
        ended(
          state,
          {
            t: 'response',
            phase: 'ended',
            response,
            status: 'cancelled',
            reason: 'client_cancelled',
            basis: 'inferred',
          },
          atMs,
          fx,
        );
      }
      return;
    }
    case 'item.cut':
      if (state.can.cut) break;
      state.diverged[command.item] = 'cut';
      fx.push({ t: 'emit', event: { t: 'ack', cmd: command.cmd, item: command.item, basis: 'sent' } });
      fx.push({
        t: 'emit',
        event: {
          t: 'item',
          phase: 'cut',
          item: { kind: 'message', id: command.item, role: 'assistant', parts: [] },
          heardMs: command.heardMs,
          basis: 'sent',
        },
      });
      return;
    case 'item.remove':
      if (state.can.remove) break;
      state.diverged[command.item] = 'removed';
      fx.push({ t: 'emit', event: { t: 'ack', cmd: command.cmd, item: command.item, basis: 'sent' } });
      return;
    case 'configure':
      if (command.patch.turns) applyTurnRule(state, command.patch.turns);
      else if (command.patch.turns === null) applyTurnRule(state, { owner: 'caller' });
      break;
    case 'answer': {
      const response = state.calls[command.call];
      if (response === undefined) {
        return refuse(
          command.cmd,
          'call_not_open',
          `No open call ${command.call}: answered, withdrawn or of an older link`,
          fx,
        );
      }
      delete state.calls[command.call];
      // The model goes on by itself on these wires: its reply fills the slot, nothing is sent.
      if (state.can.toolReply === 'auto' && command.then !== 'wait' && !command.more) {
        expect(state, newReply(state, 'tools', state.turn), atMs);
      }
      break;
    }
  }
  fx.push({ t: 'send', command });
}

function onEvent(state: EngineState, event: Event, atMs: Ms, fx: EngineEffect[]): void {
  switch (event.t) {
    case 'audio':
      if (alive(state, event.response)) fx.push({ t: 'emit', event });
      return;
    case 'response':
      if (event.phase === 'started') return started(state, event, atMs, fx);
      if (event.phase === 'ended') return ended(state, event, atMs, fx);
      break;
    case 'ready':
      state.phase = 'open';
      // The time it took to connect is not the model's.
      if (state.slot.is === 'asked') state.slot.deadlineMs = atMs + state.replyTimeoutMs;
      break;
    case 'closing':
      state.phase = 'closed';
      break;
    case 'speech':
      // A duplicate edge changes nothing.
      if (event.edge === 'start' && state.userSpeaking && state.turn === event.turn) return;
      state.turn = event.turn;
      state.userSpeaking = event.edge === 'start';
      break;
    case 'committed':
      state.turn = event.turn;
      if (state.autoReply && event.basis === 'wire') expect(state, newReply(state, 'turn', event.turn), atMs);
      break;
    case 'heard':
      if (event.how === 'failed' || (event.how === 'final' && event.text.trim() === ''))
        expectLess(state, atMs);
      break;
    case 'call':
      if (event.phase === 'ready' && event.owner === 'us') onCall(state, event.call, event.response);
      else if (event.phase === 'withdrawn') delete state.calls[event.call];
      break;
    case 'refused':
      if (event.cmd !== undefined && refused(state, event.cmd, event.code, event.message, atMs, fx)) return;
      break;
    case 'drop':
      state.epoch += 1;
      fx.push({
        t: 'notice',
        notice: { t: 'interrupted', by: 'server', epoch: state.epoch, response: event.response ?? null },
      });
      break;
  }
  fx.push({ t: 'emit', event });
}

function onCall(state: EngineState, call: string, response: string | null): void {
  state.calls[call] = response ?? '';
  const running = response === null ? undefined : state.responses[response];
  if (running !== undefined) running.calls += 1;
}

/** Audio of full duplex links has no response and is always of now. */
function alive(state: EngineState, response: string | null): boolean {
  if (response === null) return true;
  const running = state.responses[response];
  return running !== undefined && (running.outOfBand || running.epoch === state.epoch);
}

function refuse(cmd: string, code: string, message: string, fx: EngineEffect[], benign = false): void {
  fx.push({ t: 'emit', event: { t: 'refused', cmd, code, message, benign } });
}
