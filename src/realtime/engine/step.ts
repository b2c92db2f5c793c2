import { byId } from '../../core/index.js';
import type { Command, Event, Ms, TurnRule } from '../contract.js';
import { ackForAsker, forget } from './asks.js';
import { cutHere } from './cut-here.js';
import { wake } from './deadlines.js';
import { approved, onApproval, onApprove } from './hosted.js';
import { cancelReply, interrupt } from './interrupt.js';
import { lineEnds, lineLost, nextFailed, nextReady, reconnect, swapIfQuiet, tryFailed } from './line.js';
import { lost, ownAsk, relinked, tellResult } from './outage.js';
import {
  ask,
  ended,
  expectContinuation,
  expectLess,
  expectTurn,
  refused,
  refusedAnswer,
  release,
  started,
} from './slot.js';
import {
  type Ask,
  applyTurnRule,
  confirmTurnRule,
  type EngineEffect,
  type EngineInput,
  type EngineState,
  type Gone,
  newReply,
  type RunningResponse,
  unheardGraceMs,
  without,
} from './state.js';
import { stop } from './stop.js';
import {
  awaitWords,
  commitAnswered,
  forgetUnnamed,
  onCommitByHand,
  onCommitted,
  onDiscard,
  onHeard,
  onOutput,
  onOwnEars,
  onSpeech,
  openTurn,
  wordsCame,
} from './turns.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;
type EventOf<T extends Event['t']> = Extract<Event, { t: T }>;

/** The engine's one machine: commands of the session and events of the link in, commands to the link and events of the session out. */
export function engineStep(state: EngineState, input: EngineInput, fx: EngineEffect[]): void {
  if (state.phase === 'closed') return;
  decide(state, input, fx);
  if (state.line.next !== 'none') swapIfQuiet(state, input.atMs, fx);
}

function decide(state: EngineState, input: EngineInput, fx: EngineEffect[]): void {
  switch (input.t) {
    case 'event':
      return onEvent(state, input.event, input.atMs, input.lineMs, fx);
    case 'command':
      return onCommand(state, input, fx);
    case 'connect':
      fx.push({ t: 'dial', as: 'current' });
      return;
    case 'opening':
      return applyTurnRule(state, input.turns);
    case 'dial_failed':
      if (input.as === 'next') return nextFailed(state, input.failure, input.atMs, fx);
      return tryFailed(state, input.failure, input.random, input.atMs, fx);
    case 'next_ready':
      return nextReady(state, input.endMs, input.atMs);
    case 'ends':
      return lineEnds(state, input.endMs, input.atMs);
    case 'reconnect':
      return reconnect(state, input.atMs, fx);
    case 'gone':
      return onGone(state, input, fx);
    case 'interrupt':
      return interrupt(state, input.atMs, fx);
    case 'cancel':
      return cancelReply(state, input.replyId, input.atMs, fx);
    case 'wake':
      return wake(state, input, fx);
  }
}

function onCommand(
  state: EngineState,
  { command, cause = 'user', replyId, timeoutMs, atMs, lineMs }: Extract<EngineInput, { t: 'command' }>,
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
      return ask(state, command, newReply(state, cause, turn, replyId), atMs, fx, timeoutMs);
    }
    case 'stop':
      return onStop(state, command, atMs, fx);
    case 'activity':
      if (command.edge === 'discard') onDiscard(state, lineMs);
      else if (command.edge === 'end' && state.byHand) onCommitByHand(state, command.cmd, lineMs);
      break;
    case 'item.add':
      // What was said before and has no name yet may never get one of its own.
      forgetUnnamed(state);
      break;
    case 'item.cut':
      if (state.can.cut) break;
      fx.push({ t: 'absorb', command });
      for (const event of cutHere(command)) fx.push({ t: 'emit', event });
      return;
    case 'item.remove':
      if (state.can.remove) break;
      fx.push({ t: 'absorb', command });
      fx.push({ t: 'emit', event: { t: 'ack', cmd: command.cmd, item: command.item, basis: 'sent' } });
      return;
    case 'configure': {
      const { turns } = command.patch;
      // In force from the answer on: what the server does before it is by the old rule.
      if (turns !== undefined) {
        const rule: TurnRule = turns ?? { owner: 'caller' };
        state.turnRules = { ...state.turnRules, [command.cmd]: rule };
      }
      break;
    }
    case 'approve':
      onApprove(state, command.cmd, command.approval);
      break;
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
  if (response === undefined || byId(state.responses, response) === undefined) {
    return refuse(cmd, 'response_cancel_not_active', 'No response is running', fx, true);
  }
  stop(state, response, atMs, fx, cmd);
  if (state.can.cancel) return;
  fx.push({ t: 'emit', event: { t: 'ack', cmd, basis: 'sent' } });
  const reason = 'client_cancelled';
  const status = 'cancelled';
  ended(state, { t: 'response', phase: 'ended', response, status, reason, basis: 'inferred' }, atMs, fx);
}

/** False: it must not be sent. */
function onAnswer(state: EngineState, command: CommandOf<'answer'>, atMs: Ms, fx: EngineEffect[]): boolean {
  const { call, more, then } = command;
  const open = state.calls[call];
  if (open === undefined) {
    const message = `No open call ${call}: answered, withdrawn or never made`;
    refuse(command.cmd, 'call_not_open', message, fx);
    return false;
  }
  delete state.calls[call];
  const { id, turn } = open.reply ?? newReply(state, 'tools', state.turn);
  const goesOn = state.can.toolReply === 'auto' && then !== 'wait' && !more;
  if (open.lost) {
    tellResult(state, command, open, fx);
    if (goesOn) askOwn(state, ownAsk({ id, cause: 'tools', turn }), atMs, fx);
    return false;
  }
  // The model goes on by itself on these wires: its reply fills the slot, nothing is sent.
  if (goesOn) expectContinuation(state, { id, cause: 'tools', turn }, command.cmd, atMs);
  return true;
}

/** Whether audio is of now: of a response of this epoch. It decides nothing, so the runner may ask without an input. */
export function hears(state: EngineState, { response, item, pcm }: EventOf<'audio'>, atMs: Ms): boolean {
  const running = heardOf(state, response, atMs);
  // Audio of full duplex links has no response and is always of now.
  if (response === null) return true;
  if (running === undefined || running.stopped) return false;
  if (!running.outOfBand && running.epoch !== state.epoch) return false;
  if (running.item !== item) {
    running.item = item;
    running.samples = 0;
  }
  running.samples += pcm.length;
  if (!running.output) output(state, response, running);
  return true;
}

/** The first of a response that is heard. */
function output(state: EngineState, response: string, running: RunningResponse): void {
  running.output = true;
  if (!running.outOfBand) onOutput(state, response);
}

/** The link is gone: the one that waits takes its place, or another one is made. */
function onGone(state: EngineState, gone: Gone, fx: EngineEffect[]): void {
  const { line } = state;
  const { failure, planned, atMs } = gone;
  lost(state, gone, fx);
  if (line.next === 'ready') {
    if (gone.turns !== undefined) applyTurnRule(state, gone.turns);
    fx.push({ t: 'promote' });
    relinked(state, atMs, gone.lineMs, fx);
    return;
  }
  fx.push({ t: 'notice', notice: { t: 'lost', code: failure.code, message: failure.message, planned } });
  lineLost(state, gone, fx);
}

function onEvent(state: EngineState, event: Event, atMs: Ms, lineMs: Ms, fx: EngineEffect[]): void {
  switch (event.t) {
    case 'audio':
      if (hears(state, event, atMs)) fx.push({ t: 'emit', event });
      return;
    case 'part': {
      const running = heardOf(state, event.response, atMs);
      if (running !== undefined && event.phase === 'started') {
        running.kind = event.kind;
        if (running.item !== event.item) running.samples = 0;
        running.item = event.item;
      }
      break;
    }
    case 'said': {
      const running = heardOf(state, event.response, atMs);
      const isHeard = running?.kind === 'text' && !running.output && event.stage !== 'thought';
      if (isHeard && event.response !== null) output(state, event.response, running);
      break;
    }
    case 'response':
      if (event.phase === 'started') {
        if (event.cause.by === 'turn') forgetUnnamed(state);
        return started(state, event, atMs, fx);
      }
      if (event.phase === 'ended') return ended(state, event, atMs, fx);
      heardOf(state, event.response, atMs);
      break;
    case 'ready':
      fx.push({ t: 'emit', event });
      return relinked(state, atMs, lineMs, fx);
    case 'expiring':
      lineEnds(state, atMs + event.inMs, atMs, true);
      break;
    case 'closing':
      state.phase = 'closed';
      break;
    case 'speech':
      if (isTold(state, event)) return;
      onSpeech(state, event, lineMs);
      if (event.basis === 'local') onOwnEars(state, event);
      state.turn = event.turn;
      state.userSpeaking = event.edge === 'start';
      // Wires without ears say nothing of the turn before they answer it.
      if (event.edge === 'stop' && event.basis === 'local' && state.autoReply) {
        expectTurn(state, newReply(state, 'turn', event.turn), atMs);
        expectLess(state, event.turn, atMs, unheardGraceMs);
      }
      break;
    case 'committed': {
      const open = openTurn(state, event.turn);
      const wasCommitted = open?.replayed === true && open.committed;
      onCommitted(state, event, lineMs);
      // Committed on an earlier link; its answer is owed since then.
      if (wasCommitted) return;
      awaitWords(state, event);
      state.turn = event.turn;
      if (state.autoReply && event.basis === 'wire') {
        expectTurn(state, newReply(state, 'turn', event.turn), atMs);
      }
      break;
    }
    case 'heard':
      if (startsAnew(state, event)) event = { ...event, how: 'replace' };
      onHeard(state, event);
      if (event.how === 'final' || event.how === 'failed') wordsCame(state, event);
      if (event.how === 'failed' || (event.how === 'final' && event.text.trim() === '')) {
        expectLess(state, event.turn, atMs);
      }
      break;
    case 'call': {
      const running = heardOf(state, event.response, atMs);
      if (event.phase === 'withdrawn') delete state.calls[event.call];
      else if (event.phase === 'ready' && event.owner === 'us') {
        const { name, args } = event;
        state.calls[event.call] = { reply: running?.reply ?? null, name, args, lost: false };
        if (running !== undefined) running.calls += 1;
        // What it asks for, too, is its answer to what was said.
        if (event.response !== null) onOutput(state, event.response);
      } else if (event.phase === 'ready' && running !== undefined) running.hosted += 1;
      break;
    }
    case 'approval':
      onApproval(state, event.approval);
      break;
    case 'ack':
      if (forget(state, 'ownStops', event.cmd)) return;
      confirmTurnRule(state, event.cmd);
      commitAnswered(state, event.cmd, true);
      fx.push({ t: 'emit', event: ackForAsker(state, event) });
      return approved(state, event.cmd, atMs, fx);
    case 'refused':
      if (event.cmd !== undefined) {
        state.turnRules = without(state.turnRules, event.cmd);
        state.approving = without(state.approving, event.cmd);
        commitAnswered(state, event.cmd, false);
      }
      if (refused(state, event, atMs, fx)) return;
      fx.push({ t: 'emit', event });
      return refusedAnswer(state, event, atMs, fx);
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
  // For every frame of audio: a search of its own meets one shape of objects only.
  for (const running of state.responses) {
    if (running.id !== response) continue;
    running.heardMs = atMs;
    return running;
  }
  return undefined;
}

/** A duplicate edge changes nothing, nor does one that an earlier link has told. */
function isTold(state: EngineState, { edge, turn }: EventOf<'speech'>): boolean {
  if (edge === 'start' && state.userSpeaking && state.turn === turn) return true;
  const open = openTurn(state, turn);
  if (open?.replayed !== true || edge === 'discarded') return false;
  const isOver = open.endMs !== null;
  if (isOver) open.replayedUntilMs = null;
  return isOver;
}

/** Words of a turn that is heard again take the place of those that an earlier link had told. */
function startsAnew(state: EngineState, { turn, how }: EventOf<'heard'>): boolean {
  if (how !== 'append' || turn === undefined) return false;
  const open = openTurn(state, turn);
  if (open?.again !== true) return false;
  open.again = false;
  return true;
}

function askOwn(state: EngineState, ask: Ask, atMs: Ms, fx: EngineEffect[]): void {
  state.waiting = state.waiting.concat(ask);
  if (state.slot.is === 'free') release(state, atMs, fx);
}

function refuse(cmd: string, code: string, message: string, fx: EngineEffect[], benign = false): void {
  fx.push({ t: 'emit', event: { t: 'refused', cmd, code, message, benign } });
}
