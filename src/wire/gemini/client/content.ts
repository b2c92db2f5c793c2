import { blobToPcm, outputRateHz, pcmRateHz } from '../convert/pcm.js';
import type { Part, ServerContent } from '../messages.js';
import {
  beginResponse,
  emptyResponse,
  endResponse,
  endTurn,
  messageOf,
  produced,
  responseForOutput,
} from './response.js';
import { type Client, emit } from './state.js';
import { closeWords, heard } from './turns.js';

/** What a `serverContent` brings before its end marks. Its fields come several at once and in no promised order. */
export function content(client: Client, content: ServerContent): void {
  const { interactionStatus } = content;
  if (interactionStatus !== undefined) client.state.interacting = interactionStatus === 'IN_PROGRESS';
  // First: words beside it are those of whoever interrupted.
  if (content.interrupted === true) interrupted(client);
  if (content.inputTranscription !== undefined) heard(client, content.inputTranscription);
  for (const part of content.modelTurn?.parts ?? []) outputPart(client, part);
  const said = content.outputTranscription?.text ?? '';
  if (said !== '') spoken(client, said);
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

function outputPart(client: Client, { text, thought, inlineData }: Part): void {
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
  const reason = ownCut === 'reply' ? 'superseded' : 'turn_detected';
  endResponse(client, { status: 'cancelled', basis: 'wire', reason });
  // The reply that cut the others is the one that lives.
  cutUnbegun(client, reason, ownCut === 'reply' ? 1 : 0);
  endTurn(client);
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
  if (state.response !== null) {
    const { message, items } = state.response;
    const silent = message === null && items === 0;
    endResponse(
      client,
      turnCompleteReason === undefined || !silent
        ? { status: 'completed', basis: 'wire' }
        : { status: 'incomplete', basis: 'wire', reason: turnCompleteReason },
    );
  } else if (waitingForInput !== true && turnCompleteReason !== 'NEED_MORE_INPUT' && isOwed(client)) {
    emptyResponse(client, { status: 'incomplete', basis: 'wire', reason: turnCompleteReason ?? 'empty' });
  }
  endTurn(client);
  state.ownCut = null;
}

/** Whether a turn that ended without output was to be one. Async calls end their turn without an answer. */
function isOwed({ state, traits }: Client): boolean {
  if (state.asked.length > 0) return true;
  if (state.continuing !== null) return traits.tools === 'blocking';
  return state.calls.length === 0 && state.turn !== null;
}

/** The connection is gone: what was open ends with it. */
export function endAll(client: Client, reason: string): void {
  endResponse(client, { status: 'failed', basis: 'inferred', reason });
  endTurn(client);
  closeWords(client, client.state.turn);
}
