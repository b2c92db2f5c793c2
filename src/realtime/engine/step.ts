import type { Command, Event, Ms } from '../contract.js';
import { ackForAsker, forget } from './asks.js';
import { wake } from './deadlines.js';
import { cancelReply, interrupt } from './interrupt.js';
import { ask, ended, expectContinuation, expectLess, expectTurn, refused, started } from './slot.js';
import {
  applyTurnRule,
  type EngineEffect,
  type EngineInput,
  type EngineState,
  newReply,
  type RunningResponse,
  unheardGraceMs,
} from './state.js';
import { stop } from './stop.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;

/** The engine's one machine: commands of the session and events of the link in, commands to the link and events of the session out. */
export function engineStep(state: EngineState, input: EngineInput, fx: EngineEffect[]): void {
  if (state.phase === 'closed') return;
  switch (input.t) {
    case 'event':
      return onEvent(state, input.event, input.atMs, fx);
    case 'command':
      return onCommand(state, input, fx);
    case 'opening':
      return applyTurnRule(state, input.turns);
    case 'interrupt':
      return interrupt(state, input.atMs, fx);
    case 'cancel':
      return cancelReply(state, input.replyId, input.atMs, fx);
    case 'wake':
      return wake(state, input.atMs, fx);
  }
}

function onCommand(
  state: EngineState,
  { command, cause = 'user', replyId, atMs }: Extract<EngineInput, { t: 'command' }>,
  fx: EngineEffect[],
): void {
  switch (command.t) {
    case 'say':
      if (!state.can.say) {
        return refuse(command.cmd, 'unsupported', 'This model cannot speak a given text', fx);
      }
      return ask(state, command, newReply(state, cause, null, replyId), atMs, fx);
    case 'reply': {
      const turn = cause === 'tools' ? state.turn : null;
      return ask(state, command, newReply(state, cause, turn, replyId), atMs, fx);
    }
    case 'stop':
      return onStop(state, command, atMs, fx);
    case 'item.cut':
      if (state.can.cut) break;
      return pretendCut(command, fx);
    case 'item.remove':
      if (state.can.remove) break;
      fx.push({ t: 'emit', event: { t: 'ack', cmd: command.cmd, item: command.item, basis: 'sent' } });
      return;
    case 'configure': {
      const { turns } = command.patch;
      // In force from the answer on: what the server does before it is by the old rule.
      if (turns !== undefined) state.turnRules[command.cmd] = turns ?? { owner: 'caller' };
      break;
    }
    case 'answer':
      if (!onAnswer(state, command, atMs, fx)) return;
      break;
  }
  fx.push({ t: 'send', command });
}

function onStop(state: EngineState, command: CommandOf<'stop'>, atMs: Ms, fx: EngineEffect[]): void {
  const { slot } = state;
  const { cmd } = command;
  if (command.response === undefined && slot.is === 'asked') {
    // asked->stop->asked: it is stopped as soon as it begins
    slot.unwanted = true;
    fx.push({ t: 'emit', event: { t: 'ack', cmd, basis: 'sent' } });
    return;
  }
  const response = command.response ?? (slot.is === 'running' ? slot.response : undefined);
  if (response === undefined || state.responses[response] === undefined) {
    return refuse(cmd, 'response_cancel_not_active', 'No response is running', fx, true);
  }
  stop(state, response, atMs, fx, cmd);
  if (state.can.cancel) return;
  fx.push({ t: 'emit', event: { t: 'ack', cmd, basis: 'sent' } });
  const reason = 'client_cancelled';
  const status = 'cancelled';
  ended(state, { t: 'response', phase: 'ended', response, status, reason, basis: 'inferred' }, atMs, fx);
}

/** Where the server cannot be told, the session's own list is cut, and says that it is only that. */
function pretendCut({ cmd, item: id, heardMs }: CommandOf<'item.cut'>, fx: EngineEffect[]): void {
  fx.push({ t: 'emit', event: { t: 'ack', cmd, item: id, basis: 'sent' } });
  const item = { kind: 'message', id, role: 'assistant', parts: [] } as const;
  fx.push({
    t: 'emit',
    event: { t: 'item', phase: 'cut', item: { ...item, parts: [] }, heardMs, basis: 'sent' },
  });
}

/** False: it must not be sent. */
function onAnswer(state: EngineState, command: CommandOf<'answer'>, atMs: Ms, fx: EngineEffect[]): boolean {
  const { call, more, then } = command;
  const reply = state.calls[call];
  if (reply === undefined) {
    const message = `No open call ${call}: answered, withdrawn or of an older link`;
    refuse(command.cmd, 'call_not_open', message, fx);
    return false;
  }
  delete state.calls[call];
  // The model goes on by itself on these wires: its reply fills the slot, nothing is sent.
  if (state.can.toolReply === 'auto' && then !== 'wait' && !more) {
    const { id, turn } = reply ?? newReply(state, 'tools', state.turn);
    expectContinuation(state, { id, cause: 'tools', turn }, command.cmd, atMs);
  }
  return true;
}

/** Whether audio is of now: of a response of this epoch. It decides nothing, so the runner may ask without an input. */
export function hears(state: EngineState, { response }: Extract<Event, { t: 'audio' }>, atMs: Ms): boolean {
  const running = heardOf(state, response, atMs);
  // Audio of full duplex links has no response and is always of now.
  return response === null || running?.outOfBand === true || running?.epoch === state.epoch;
}

function onEvent(state: EngineState, event: Event, atMs: Ms, fx: EngineEffect[]): void {
  switch (event.t) {
    case 'audio':
      if (hears(state, event, atMs)) fx.push({ t: 'emit', event });
      return;
    case 'part':
    case 'said':
      heardOf(state, event.response, atMs);
      break;
    case 'response':
      if (event.phase === 'started') return started(state, event, atMs, fx);
      if (event.phase === 'ended') return ended(state, event, atMs, fx);
      heardOf(state, event.response, atMs);
      break;
    case 'ready':
      state.phase = 'open';
      // The time it took to connect is not the model's.
      if (state.slot.is === 'asked') state.slot.deadlineMs = atMs + state.replyTimeoutMs;
      for (const cmd in state.aside) state.aside[cmd]!.deadlineMs = atMs + state.replyTimeoutMs;
      break;
    case 'closing':
      state.phase = 'closed';
      break;
    case 'speech':
      // A duplicate edge changes nothing.
      if (event.edge === 'start' && state.userSpeaking && state.turn === event.turn) return;
      state.turn = event.turn;
      state.userSpeaking = event.edge === 'start';
      // Wires without ears say nothing of the turn before they answer it.
      if (event.edge === 'stop' && event.basis === 'local' && state.autoReply) {
        expectTurn(state, newReply(state, 'turn', event.turn), atMs);
        expectLess(state, event.turn, atMs, unheardGraceMs);
      }
      break;
    case 'committed':
      state.turn = event.turn;
      if (state.autoReply && event.basis === 'wire') {
        expectTurn(state, newReply(state, 'turn', event.turn), atMs);
      }
      break;
    case 'heard':
      if (event.how === 'failed' || (event.how === 'final' && event.text.trim() === '')) {
        expectLess(state, event.turn, atMs);
      }
      break;
    case 'call': {
      const running = heardOf(state, event.response, atMs);
      if (event.phase === 'withdrawn') delete state.calls[event.call];
      else if (event.phase === 'ready' && event.owner === 'us') {
        state.calls[event.call] = running?.reply ?? null;
        if (running !== undefined) running.calls += 1;
      }
      break;
    }
    case 'ack':
      if (forget(state.ownStops, event.cmd)) return;
      confirmTurnRule(state, event.cmd);
      fx.push({ t: 'emit', event: ackForAsker(state, event) });
      return;
    case 'refused':
      if (event.cmd !== undefined) delete state.turnRules[event.cmd];
      if (refused(state, event, atMs, fx)) return;
      break;
    case 'drop': {
      state.epoch += 1;
      const { response = null } = event;
      fx.push({ t: 'notice', notice: { t: 'interrupted', by: 'server', epoch: state.epoch, response } });
      break;
    }
  }
  fx.push({ t: 'emit', event });
}

/** The response under way that something came of just now. */
function heardOf(state: EngineState, response: string | null, atMs: Ms): RunningResponse | undefined {
  const running = response === null ? undefined : state.responses[response];
  if (running !== undefined) running.heardMs = atMs;
  return running;
}

function confirmTurnRule(state: EngineState, cmd: string): void {
  const rule = state.turnRules[cmd];
  if (rule === undefined) return;
  delete state.turnRules[cmd];
  applyTurnRule(state, rule);
}

function refuse(cmd: string, code: string, message: string, fx: EngineEffect[], benign = false): void {
  fx.push({ t: 'emit', event: { t: 'refused', cmd, code, message, benign } });
}
