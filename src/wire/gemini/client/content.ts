import { blobToPcm, outputRateHz, pcmRateHz } from '../convert/pcm.js';
import type { Part, ServerContent } from '../messages.js';
import {
  beginResponse,
  closeMessage,
  emptyResponse,
  endResponse,
  endTurn,
  messageOf,
  produced,
  responseForOutput,
} from './response.js';
import { type Client, emit } from './state.js';
import { closeWords, commitTurn, giveUpWords, heard } from './turns.js';

/** What a `serverContent` brings before its end marks. Its fields come several at once and in no promised order. */
export function content(client: Client, content: ServerContent): void {
  if (content.interactionStatus !== undefined) interaction(client, content.interactionStatus);
  // First: words beside it are those of whoever interrupted.
  if (content.interrupted === true) interrupted(client);
  if (content.inputTranscription !== undefined) heard(client, content.inputTranscription);
  for (const part of content.modelTurn?.parts ?? []) outputPart(client, part);
  const said = content.outputTranscription?.text ?? '';
  if (said !== '') spoken(client, said);
  for (const name of surfaced) if (content[name] !== undefined) emit(client, { t: 'unknown', name });
}

/** What the contract has no word for; whoever wants it finds it in the frame. */
const surfaced = ['groundingMetadata', 'urlContextMetadata', 'interimInputTranscription'] as const;

/**
 * Extended thinking answers in several turns: fillers, and then what it found. They are one response, over when the
 * interaction is. An older status, that an action is required, ends it too.
 */
function interaction(client: Client, status: string): void {
  const { state } = client;
  const busy = status === 'IN_PROGRESS';
  if (busy && !state.interacting) state.interactionAnswered = state.response !== null;
  state.interacting = busy;
  if (!state.interacting && state.response?.paused === true) {
    endResponse(client, { status: 'completed', basis: 'wire' });
  }
}

/** The end marks, after the calls that the same frame may bring. */
export function contentEnd(client: Client, content: ServerContent): void {
  if (content.generationComplete === true) {
    // Never sent for an interrupted generation: what came since was the next one.
    client.state.lateUntilMs = null;
    produced(client);
  }
  if (content.turnComplete === true) turnComplete(client, content);
}

/**
 * Output that was under way when the turn was interrupted still arrives; the interrupted turn's `turnComplete` ends that.
 * Should it be lost, the next reply must not be swallowed: so the end of a short time, a call, a finished generation or
 * the counts of a new prompt end it too.
 */
function isLate({ state, nowMs }: Client): boolean {
  if (state.lateUntilMs === null) return false;
  if (nowMs < state.lateUntilMs) return true;
  state.lateUntilMs = null;
  return false;
}

function outputPart(client: Client, part: Part): void {
  const { text, thought, inlineData } = part;
  for (const name of ['executableCode', 'codeExecutionResult'] as const) {
    if (part[name] !== undefined) emit(client, { t: 'unknown', name });
  }
  const isThought = thought === true || (text !== undefined && client.state.config?.output !== 'text');
  if (text !== undefined && text !== '') {
    if (isLate(client)) return;
    const response = responseForOutput(client);
    const message = messageOf(client, response);
    if (!isThought) message.text += text;
    emit(client, {
      t: 'said',
      response: response.response,
      item: message.item,
      part: 0,
      text,
      how: 'append',
      stage: isThought ? 'thought' : 'spoken',
    });
  }
  if (inlineData === undefined) return;
  if (pcmRateHz(inlineData.mimeType, outputRateHz) !== outputRateHz) {
    emit(client, { t: 'unknown', name: `inlineData ${inlineData.mimeType}` });
    return;
  }
  const pcm = blobToPcm(inlineData.data ?? '');
  if (pcm.length === 0 || isLate(client)) return;
  const response = responseForOutput(client);
  const { item } = messageOf(client, response);
  emit(client, { t: 'audio', response: response.response, item, part: 0, pcm });
}

/** Words of the model's speech. They may come after all audio, so they do not open the next response after `produced`. */
function spoken(client: Client, text: string): void {
  const { state } = client;
  if (isLate(client)) return;
  if (state.response === null && !mayBegin(client)) {
    // The turn is over and its words were final.
    emit(client, { t: 'unknown', name: 'outputTranscription.late' });
    return;
  }
  const response = state.response ?? beginResponse(client);
  const message = messageOf(client, response);
  message.text += text;
  emit(client, {
    t: 'said',
    response: response.response,
    item: message.item,
    part: 0,
    text,
    how: 'append',
    stage: 'spoken',
  });
}

/** Whether words alone are the beginning of a reply. Audio always is; words may be late ones of the turn before. */
function mayBegin({ state }: Client): boolean {
  if (state.continuing !== null || state.asked.length > 0 || state.turn !== null) return true;
  // Without transcription a spoken turn leaves no trace before its answer.
  return state.config?.transcription === null && state.audioSent;
}

/** Comes also with nothing under way: then what is still being played is void. */
function interrupted(client: Client): void {
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

function turnComplete(client: Client, { turnCompleteReason, waitingForInput }: ServerContent): void {
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

/** The connection is gone: what was open ends with it. */
export function endAll(client: Client, reason: string): void {
  endResponse(client, { status: 'failed', basis: 'inferred', reason });
  endTurn(client);
  giveUpWords(client);
  closeWords(client, client.state.turn);
}
