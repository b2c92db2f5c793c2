import { blobToPcm, outputRateHz, pcmRateHz } from '../convert/pcm.js';
import type { Part, ServerContent } from '../messages.js';
import { beginResponse, endResponse, messageOf, produced, responseForOutput } from './response.js';
import { type Client, emit } from './state.js';
import { interrupted, turnComplete } from './turn-end.js';
import { heard } from './turns.js';

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
