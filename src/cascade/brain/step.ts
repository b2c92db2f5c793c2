import type { Ids, Step } from '../../core/index.js';
import type { Command } from '../../realtime/index.js';
import { configure, open } from './configure.js';
import { noImages } from './item-list.js';
import { add, answer, cut, fetchItem, remove } from './items.js';
import { progress, reply, say, stop, wakeResponses } from './replies.js';
import { broken, called, clause, silent, spoken, thought, written } from './speaking.js';
import { type BrainEffect, type BrainInput, type BrainState, emit, type Pass, refuse } from './state.js';
import { activity, endOverlong, idle, isTooLong, voice } from './turns.js';
import { wakeWords } from './waiting.js';
import { words } from './words.js';

/**
 * The brain of a pipeline: turns, items, the response slot, cancel, cut and tool calls, decided from commands, the VAD's
 * edges, and what recogniser, language model and synthesiser say. `ids` mints link ids; nothing else comes from outside.
 */
export function brainStep(ids: Ids): Step<BrainState, BrainInput, BrainEffect> {
  return (state, input, fx) => {
    if (state.phase === 'closed') return;
    if (input.in === 'audio') {
      hear(state, input, fx, ids);
      return;
    }
    const pass: Pass = { state, fx, ids, nowMs: input.nowMs };
    switch (input.in) {
      case 'command':
        obey(pass, input.command);
        break;
      case 'voice':
        voice(pass, input);
        break;
      case 'words':
        words(pass, input);
        break;
      case 'wake':
        wake(pass);
        break;
      default:
        progress(pass, input.response);
        respond(pass, input);
    }
    askToWake(pass);
  };
}

/** Most audio decides nothing: it costs its one effect and no more. */
function hear(
  state: BrainState,
  { endMs, nowMs }: Extract<BrainInput, { in: 'audio' }>,
  fx: BrainEffect[],
  ids: Ids,
): void {
  if (state.phase !== 'open') return;
  state.positionMs = endMs;
  if (isTooLong(state)) endOverlong({ state, fx, ids, nowMs });
  if (!state.overflowed) fx.push({ fx: 'hear' });
}

function respond(pass: Pass, input: Extract<BrainInput, { response: string }>): void {
  switch (input.in) {
    case 'written':
      written(pass, input);
      break;
    case 'called':
      called(pass, input);
      break;
    case 'thought':
      thought(pass, input);
      break;
    case 'clause':
      clause(pass, input);
      break;
    case 'spoken':
      spoken(pass, input);
      break;
    case 'silent':
      silent(pass, input);
      break;
    case 'broken':
      broken(pass, input);
      break;
  }
}

function obey(pass: Pass, command: Exclude<Command, { t: 'audio' }>): void {
  const { state } = pass;
  if (command.t === 'close') {
    state.phase = 'closed';
    emit(pass, { t: 'closing', code: 'closed', disposition: 'done', message: command.reason ?? '' });
    pass.fx.push({ fx: 'shut' });
    return;
  }
  if ((command.t === 'open') !== (state.phase === 'new')) {
    const message =
      command.t === 'open' ? 'The link is open already.' : 'The first command of a link is open.';
    refuse(pass, 'cmd' in command ? command.cmd : undefined, { code: 'illegal_command', message });
    return;
  }
  switch (command.t) {
    case 'open':
      open(pass, command);
      break;
    case 'configure':
      configure(pass, command);
      break;
    case 'activity':
      activity(pass, command);
      break;
    case 'item.add':
      add(pass, command.cmd, command.item, command.after);
      break;
    case 'item.remove':
      remove(pass, command);
      break;
    case 'item.cut':
      cut(pass, command);
      break;
    case 'item.fetch':
      fetchItem(pass, command);
      break;
    case 'answer':
      answer(pass, command);
      break;
    case 'reply':
      reply(pass, command);
      break;
    case 'say':
      say(pass, command);
      break;
    case 'stop':
      stop(pass, command);
      break;
    case 'image':
      refuse(pass, command.cmd, noImages('mime'));
      break;
    case 'approve':
      refuse(pass, command.cmd, { code: 'unsupported', message: 'A pipeline asks for no approvals.' });
      break;
    case 'raw':
      refuse(pass, undefined, {
        code: 'unsupported',
        message: `A pipeline has no wire and takes no frames of '${command.wire}'.`,
      });
      break;
  }
}

function wake(pass: Pass): void {
  const { state, nowMs } = pass;
  state.wakeAtMs = null;
  wakeWords(pass);
  wakeResponses(pass);
  if (state.idleAtMs !== null && state.idleAtMs <= nowMs) idle(pass);
}

/** Asks for an earlier wake-up only: one that comes too early finds nothing to do and asks again. */
function askToWake({ state, fx }: Pass): void {
  if (state.phase === 'closed') return;
  let want = state.idleAtMs ?? Infinity;
  for (const unheard of state.unheard) want = Math.min(want, unheard.deadlineMs);
  if (state.main !== null) want = Math.min(want, state.main.quietAtMs);
  for (const response of state.aside) want = Math.min(want, response.quietAtMs);
  if (want >= (state.wakeAtMs ?? Infinity)) return;
  state.wakeAtMs = want;
  fx.push({ fx: 'wake_at', atMs: want });
}
