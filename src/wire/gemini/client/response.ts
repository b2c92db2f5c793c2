import type { Item, Usage } from '../../../chat/item.js';
import type { Cause, ResponseStatus } from '../../../realtime/contract.js';
import { addItem, type Client, emit, type OpenMessage, type OpenResponse } from './state.js';
import { awaitWords, closeWords, commitTurn, currentTurn, endWordsSoon, giveUpWords } from './turns.js';

/**
 * The response that output of now belongs to. Output after everything was produced is the next turn's: the
 * `turnComplete` between them was lost.
 */
export function responseForOutput(client: Client): OpenResponse {
  const { state } = client;
  if (state.response?.produced === true) {
    endResponse(client, { status: 'completed', basis: 'inferred' });
    endTurn(client);
  }
  return state.response ?? beginResponse(client);
}

/** The wire names neither responses nor their causes: the oldest thing that is owed an answer is the cause. */
export function beginResponse(client: Client): OpenResponse {
  const { state, ids } = client;
  giveUpWords(client);
  const cause = causeOf(client);
  const response: OpenResponse = {
    response: ids('resp'),
    message: null,
    items: 0,
    produced: false,
    paused: false,
  };
  state.response = response;
  state.lateUntilMs = null;
  state.owesTurnComplete = false;
  state.interactionAnswered = true;
  emit(client, { t: 'response', phase: 'started', response: response.response, cause, outOfBand: false });
  return response;
}

function causeOf(client: Client): Cause {
  const { state } = client;
  if (state.continuing !== null) {
    const cmd = state.continuing;
    state.continuing = null;
    return { by: 'command', cmd };
  }
  const cmd = state.asked.shift();
  // A turn that we ended ourselves is what the command asked an answer for.
  if (cmd !== undefined && state.turn?.committed !== true) return { by: 'command', cmd };
  const heardTurn =
    state.turn !== null || (state.audioSent && !(state.interacting && state.interactionAnswered));
  if (!heardTurn) return { by: 'wire' };
  const turn = currentTurn(client);
  commitTurn(client, turn, 'reply');
  state.answering = turn;
  state.turn = null;
  state.audioSent = false;
  return cmd === undefined ? { by: 'turn', turn: turn.turn } : { by: 'command', cmd };
}

/** The assistant's message, begun where there is none. */
export function messageOf(client: Client, response: OpenResponse): OpenMessage {
  if (response.message !== null) return response.message;
  const kind = client.state.config?.output === 'text' ? 'text' : 'audio';
  const message: OpenMessage = { item: client.ids('item'), index: response.items, kind, text: '' };
  response.message = message;
  response.paused = false;
  addItem(client, messageItem(message, 'in_progress'), 'wire');
  emit(client, {
    t: 'part',
    phase: 'started',
    response: response.response,
    item: message.item,
    index: message.index,
    part: 0,
    kind,
  });
  response.items += 1;
  return message;
}

/** Everything has been produced; words may still come. Within an interaction more follows. */
export function produced(client: Client): void {
  const { response, answering, interacting } = client.state;
  if (response === null || response.produced || interacting) return;
  response.produced = true;
  if (answering !== null) endWordsSoon(client, answering);
  emit(client, { t: 'response', phase: 'produced', response: response.response });
}

export interface Ending {
  status: ResponseStatus;
  basis: 'wire' | 'inferred';
  reason?: string;
}

/** Ends the response under way, if there is one, with the counts gathered for it. */
export function endResponse(client: Client, ending: Ending): void {
  const { state } = client;
  const { response } = state;
  if (response === null) return;
  closeMessage(client, response, ending.status);
  state.response = null;
  const usage = takeUsage(client);
  emit(client, {
    t: 'response',
    phase: 'ended',
    response: response.response,
    ...ending,
    ...(usage === undefined ? {} : { usage }),
  });
}

/** The message is over, the response perhaps not: calls follow it. */
export function closeMessage(client: Client, response: OpenResponse, status: ResponseStatus): void {
  const { message } = response;
  if (message === null) return;
  const part = { response: response.response, item: message.item, part: 0 };
  if (message.text !== '') {
    emit(client, { t: 'said', ...part, text: message.text.trim(), how: 'final', stage: 'spoken' });
  }
  emit(client, { t: 'part', phase: 'done', ...part, index: message.index, kind: message.kind });
  const itemStatus = status === 'completed' ? 'completed' : 'incomplete';
  emit(client, { t: 'item', phase: 'done', item: messageItem(message, itemStatus), basis: 'wire' });
  response.message = null;
}

/** The wire's turn is over: nothing late belongs to it any more, but the first words of a turn that had none. */
export function endTurn(client: Client): void {
  const { answering, config } = client.state;
  client.state.answering = null;
  if (answering === null || answering.closed) return;
  if (answering.text.trim() === '' && config?.transcription !== null) awaitWords(client, answering);
  else closeWords(client, answering);
}

/** A reply that the wire ended before it began. */
export function emptyResponse(client: Client, ending: Ending): void {
  beginResponse(client);
  endResponse(client, ending);
}

function takeUsage(client: Client): Usage | undefined {
  const { usage } = client.state;
  client.state.usage = {};
  return Object.keys(usage).length === 0 ? undefined : usage;
}

function messageItem(message: OpenMessage, status: 'in_progress' | 'completed' | 'incomplete'): Item {
  const words = message.text.trim();
  return {
    kind: 'message',
    id: message.item,
    role: 'assistant',
    parts: [
      message.kind === 'text'
        ? { kind: 'text', text: words }
        : { kind: 'audio', transcript: words === '' ? null : words },
    ],
    status,
  };
}
