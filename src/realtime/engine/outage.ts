import { none } from '../../core/none.js';
import type { Command, Event, Ms } from '../contract.js';
import { dueMs, fail, remember } from './asks.js';
import { lineOpened } from './line.js';
import { expected, release } from './slot.js';
import {
  type Ask,
  confirmTurnRule,
  type Due,
  type EngineEffect,
  type EngineState,
  type Gone,
  type OpenCall,
  type Reply,
  type ReplyCommand,
  type RunningResponse,
  rebindGraceMs,
  without,
} from './state.js';
import { openTurn, settle } from './turns.js';

export const lostReason = 'connection_lost';

/**
 * The link is gone, with all that was under way on it. What it owed is owed still: responses of which nothing was heard
 * and creates that had not begun come again on the next link, and so do answers to turns and to tools.
 */
export function lost(state: EngineState, gone: Gone, fx: EngineEffect[]): void {
  const { flight } = gone;
  state.phase = 'reconnecting';
  const { slot } = state;
  const asks: Ask[] = [];
  const dues: Due[] = [];
  const { responses } = state;
  state.responses = none;
  for (const running of responses) endResponse(state, running, gone, { asks, dues }, fx);
  if (slot.is === 'asked' && !slot.unwanted) asks.push({ ...slot.ask, inFlight: false });
  if (slot.is === 'expected' && !slot.unwanted)
    dues.push({ reply: slot.reply, cmd: slot.cmd, wordless: slot.wordless });
  state.slot = { is: 'free' };
  state.owed = dues.concat(state.owed);
  for (const ask of state.waiting) ask.inFlight = false;
  state.waiting = asks.concat(state.waiting);
  state.abandoned = none;
  state.approvals = none;
  state.ownStops = none;
  state.unanswered = none;
  state.unwanted = none;
  for (const call in state.calls) state.calls[call]!.lost = true;
  closeTurns(state, fx);
  for (const command of flight) strand(state, command, fx);
}

/** Turns that need not be heard again become what is known of them. */
function closeTurns(state: EngineState, fx: EngineEffect[]): void {
  for (const open of [...state.turns]) {
    const { turn, item, known, committed, settled } = open;
    if (!known || committed || settled || item === null) continue;
    open.committed = true;
    settle(state, open);
    fx.push({ t: 'commit_turn', turn, item });
  }
  state.untranscribed = state.untranscribed.filter(({ turn, item }) => {
    const open = openTurn(state, turn);
    if (open !== undefined && !open.settled) return true;
    fx.push({ t: 'finish_words', turn, item });
    return false;
  });
}

/** A response never survives its link; its reply may. */
function endResponse(
  state: EngineState,
  running: RunningResponse,
  gone: Gone,
  owed: { asks: Ask[]; dues: Due[] },
  fx: EngineEffect[],
): void {
  const { id: response, reply, calls, output, item, samples } = running;
  const isWanted = running.epoch === state.epoch && !running.outOfBand && calls === 0;
  if (item !== null) fx.push({ t: 'cut_short', item, samples });
  const goesOn = isWanted && (!output || state.partialReply === 'continue');
  const again = goesOn && comesAgain(running, gone, owed);
  const status = output ? 'incomplete' : 'failed';
  const ended: Event = {
    t: 'response',
    phase: 'ended',
    response,
    status,
    reason: lostReason,
    basis: 'inferred',
  };
  fx.push({ t: 'emit', event: ended });
  fx.push({
    t: 'notice',
    notice: {
      t: 'generation',
      phase: 'ended',
      reply,
      response,
      outcome: status,
      reason: lostReason,
      calls,
      again,
    },
  });
}

/** What will answer in its place. Nobody had asked for what came by itself. */
function comesAgain(
  { id: response, reply, ask, output, item }: RunningResponse,
  { heard, instructions }: Gone,
  { asks, dues }: { asks: Ask[]; dues: Due[] },
): boolean {
  if (output) {
    const words = item === null ? '' : (heard[item] ?? '');
    asks.push(ownAsk(reply, { overrides: { instructions: `${instructions}\n\n${goOn(words)}` } }));
    return true;
  }
  if (ask !== null) asks.push({ ...ask, inFlight: false, failed: false, own: true, limit: null });
  else if (reply.cause === 'turn') dues.push({ reply, cmd: null, wordless: false });
  else if (reply.cause === 'tools') dues.push({ reply, cmd: response, wordless: false });
  else return false;
  return true;
}

/** A command that the link took along unanswered. */
function strand(state: EngineState, command: Command, fx: EngineEffect[]): void {
  if (!('cmd' in command)) return;
  const { cmd } = command;
  switch (command.t) {
    case 'item.fetch':
    case 'approve': {
      const message = 'The connection was lost before it was answered';
      state.approving = without(state.approving, cmd);
      fx.push({ t: 'emit', event: { t: 'refused', cmd, code: lostReason, message, benign: false } });
      return;
    }
    case 'image':
      fx.push({ t: 'send', command });
      return;
    case 'activity':
      // A commit by hand goes with the audio again.
      if (command.edge === 'end' && state.turns.some(({ commit }) => commit === cmd)) return;
      break;
    case 'stop':
    case 'reply':
    case 'say':
      return;
  }
  state.absorbed = state.absorbed.concat(cmd);
}

/** Another link is ready: what was owed is asked for, or comes with the audio that is sent again. */
export function relinked(state: EngineState, atMs: Ms, lineMs: Ms, fx: EngineEffect[]): void {
  const gapMs = state.line.lostMs === null ? 0 : atMs - state.line.lostMs;
  const isFirst = state.phase === 'connecting';
  const wasLost = state.line.lostMs !== null;
  lineOpened(state, atMs);
  state.phase = 'open';
  // It was opened with them.
  for (const cmd of state.absorbed) confirmTurnRule(state, cmd);
  const again = state.turns;
  for (const turn of again) {
    turn.response = null;
    turn.again = turn.partial;
    turn.bound = false;
    turn.replayed = true;
    turn.replayedUntilMs = atMs + rebindGraceMs;
  }
  if (!state.can.hears) {
    state.unnamed = again.flatMap(({ turn, endMs }) =>
      turn === '' ? [] : [{ turn, ended: endMs !== null }],
    );
  }
  fx.push({ t: 'replay', turns: again });
  let replayedMs = 0;
  for (const { turn, startMs, endMs, settled } of again) {
    if (settled || isFirst) continue;
    const durationMs = (endMs ?? lineMs) - startMs;
    replayedMs += durationMs;
    if (turn !== '') fx.push({ t: 'notice', notice: { t: 'replayed', turn, durationMs } });
  }
  for (const cmd of state.absorbed) fx.push({ t: 'emit', event: { t: 'ack', cmd, basis: 'sent' } });
  state.absorbed = none;
  for (const cmd in state.aside) {
    const aside = state.aside[cmd]!;
    aside.deadlineMs = dueMs(state, aside.limit, atMs);
    fx.push({ t: 'send', command: aside.command });
  }
  const { tries } = state.line;
  fx.push({ t: 'notice', notice: { t: 'relinked', tries, gapMs, replayedMs, isFirst, wasLost } });
  // What was asked before the first link was ready has its time from now on.
  if (state.slot.is === 'asked') state.slot.deadlineMs = dueMs(state, state.slot.ask.limit, atMs);
  else askAgain(state, atMs, fx);
}

function askAgain(state: EngineState, atMs: Ms, fx: EngineEffect[]): void {
  const dues = state.owed;
  state.owed = none;
  const spoken = dues.findLast(({ reply }) => comesWithItsAudio(state, reply));
  const lastTurn = spoken ?? dues.findLast(({ reply }) => reply.cause === 'turn');
  const asks: Ask[] = [];
  for (const due of dues) {
    if (due === spoken) continue;
    // Whatever answers the last of the turns answers those before it, too.
    if (due.reply.cause === 'turn' && due !== lastTurn) fail(due.reply, null, mergedTurns, fx);
    else asks.push(ownAsk(due.reply));
  }
  state.waiting = asks.concat(state.waiting);
  if (spoken === undefined) return release(state, atMs, fx);
  state.unanswered = spoken.reply.turn === null ? none : [spoken.reply.turn];
  state.slot = expected(state, spoken, atMs);
}

/** The server answers it by itself once it has heard it again. */
function comesWithItsAudio(state: EngineState, { cause, turn }: Reply): boolean {
  const open = cause === 'turn' && turn !== null ? openTurn(state, turn) : undefined;
  return state.autoReply && open !== undefined && !open.settled;
}

const mergedTurns = { code: 'superseded', message: 'A later turn is answered in its place' };

/** A create of the engine's own, for a reply that is owed already. */
export function ownAsk(
  reply: Reply,
  more: Partial<Extract<ReplyCommand, { t: 'reply' }>> = {},
  cmd = `again_${reply.id}`,
): Ask {
  return {
    reply,
    cmd,
    command: { ...more, t: 'reply', cmd },
    inFlight: false,
    tries: 0,
    failed: false,
    own: true,
    limit: null,
  };
}

function goOn(words: string): string {
  const heard = words === '' ? '' : ` The user has heard: "${words}".`;
  return `Your answer was cut off by a fault of the line.${heard} Go on from there, and repeat nothing of it.`;
}

/** A result for a call of a link that is gone: told as part of the conversation, or, where no items can be added, in words with the next reply. */
export function tellResult(
  state: EngineState,
  command: Extract<Command, { t: 'answer' }>,
  { name, args }: OpenCall,
  fx: EngineEffect[],
): void {
  const { cmd, call, output, isError } = command;
  if (state.can.history === 'opening') {
    state.untold = state.untold.concat(`Result of the tool ${name} (${args}): ${output}`);
    fx.push({ t: 'absorb', command });
    fx.push({ t: 'emit', event: { t: 'ack', cmd, basis: 'sent' } });
    return;
  }
  const own = `${cmd}.call`;
  remember(state, 'ownStops', own);
  const asked = { kind: 'call', id: '', call, name, args } as const;
  const result = { kind: 'result', id: '', call, name, output, isError } as const;
  fx.push({ t: 'send', command: { t: 'item.add', cmd: own, item: asked } });
  fx.push({ t: 'send', command: { t: 'item.add', cmd, item: result } });
}

/** Results that could not be added go with the reply that speaks of them. */
export function withUntold(state: EngineState, ask: Ask): Ask {
  if (state.untold.length === 0 || ask.command.t !== 'reply') return ask;
  const text = state.untold.join('\n');
  state.untold = none;
  const told = { kind: 'message', id: '', role: 'user', parts: [{ kind: 'text', text }] } as const;
  const input = [...(ask.command.input ?? []), { ...told, parts: [...told.parts] }];
  return { ...ask, command: { ...ask.command, input } };
}
