import type { ServerContent } from '../messages.js';
import { closeMessage, emptyResponse, endResponse, endTurn } from './response.js';
import { type Client, emit } from './state.js';
import { closeWords, commitTurn, giveUpWords } from './turns.js';

/** Comes also with nothing under way: then what is still being played is void. */
export function interrupted(client: Client): void {
  const { state } = client;
  const { response, ownCut } = state;
  state.ownCut = null;
  emit(client, response === null ? { t: 'drop' } : { t: 'drop', response: response.response });
  const reason = ownCut === 'reply' || ownCut === 'answer' ? 'superseded' : 'turn_detected';
  endResponse(client, { status: 'cancelled', basis: 'wire', reason });
  // The reply that cut the others is the one that lives.
  if (ownCut !== 'answer') cutUnbegun(client, reason, ownCut === 'reply' ? 1 : 0);
  endTurn(client);
  // Words from here are those of whoever interrupted.
  giveUpWords(client);
  state.lateUntilMs = client.nowMs + client.lateOutputMs;
  state.owesTurnComplete = true;
}

/** Replies that were owed and cut before their first sound; the last `kept` of those asked for are spared. */
function cutUnbegun(client: Client, reason: string, kept: number): void {
  const { state } = client;
  while (state.continuing !== null || state.asked.length > kept) {
    emptyResponse(client, { status: 'cancelled', basis: 'inferred', reason });
  }
}

export function turnComplete(client: Client, { turnCompleteReason, waitingForInput }: ServerContent): void {
  const { state } = client;
  state.lateUntilMs = null;
  if (state.owesTurnComplete) {
    state.owesTurnComplete = false;
    return;
  }
  // The user's line before the model's: that is the order in which they were said.
  if (state.answering !== null && state.answering.text.trim() !== '') closeWords(client, state.answering);
  if (state.response !== null && state.interacting) {
    closeMessage(client, state.response, 'completed');
    state.response.paused = true;
  } else if (state.response !== null) {
    const { message, items } = state.response;
    const silent = message === null && items === 0;
    endResponse(
      client,
      turnCompleteReason === undefined || !silent
        ? { status: 'completed', basis: 'wire' }
        : { status: 'incomplete', basis: 'wire', reason: turnCompleteReason },
    );
  } else if (waitingForInput === true) {
    leaveUnanswered(client);
  } else if (turnCompleteReason !== 'NEED_MORE_INPUT' && isOwed(client)) {
    emptyResponse(client, { status: 'incomplete', basis: 'wire', reason: turnCompleteReason ?? 'empty' });
  }
  endTurn(client);
  state.ownCut = null;
}

/** The model heard the turn and chose to say nothing: nobody need wait for its answer. */
function leaveUnanswered(client: Client): void {
  const { state } = client;
  const reason = 'waiting_for_input';
  if (state.asked.length > 0) emptyResponse(client, { status: 'completed', basis: 'wire', reason });
  const { turn } = state;
  if (turn === null) return;
  commitTurn(client, turn, 'reply');
  closeWords(client, turn);
  state.turn = null;
  state.audioSent = false;
}

/** Whether a turn that ended without output was to be one. Async calls end their turn without an answer. */
function isOwed({ state }: Client): boolean {
  if (state.asked.length > 0) return true;
  if (state.continuing !== null) return !state.continuesAsync;
  return state.calls.length === 0 && state.turn !== null;
}
