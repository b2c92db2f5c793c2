import type { FunctionCall } from '../messages.js';
import { beginResponse, closeMessage, endResponse } from './response.js';
import { addItem, type Client, emit } from './state.js';
import { closeWords } from './turns.js';

const knownLimit = 256;

/**
 * Calls close the response: some models say `generationComplete` after them and some do not, and a blocking one says
 * nothing more until it has its answers. What the model still says before that is a response of its own.
 */
export function toolCall(client: Client, functionCalls: readonly FunctionCall[]): void {
  const { state, ids } = client;
  // The service may repeat a call; on Vertex calls have no ids and cannot be told apart.
  const calls = functionCalls.filter(({ id }) => id === undefined || isNew(client, id));
  if (calls.length === 0) return;
  // An interrupted generation calls nothing.
  state.lateUntilMs = null;
  const response = state.response ?? beginResponse(client);
  closeMessage(client, response, 'completed');
  for (const { id, name = '', args } of calls) {
    const item = ids('item');
    const call = id ?? ids('call');
    const text = JSON.stringify(args ?? {});
    const added = { kind: 'call' as const, id: item, call, name, args: text };
    addItem(client, { ...added, args: '', status: 'in_progress' }, 'wire');
    emit(client, {
      t: 'call',
      phase: 'ready',
      response: response.response,
      item,
      call,
      name,
      args: text,
      owner: 'us',
    });
    emit(client, { t: 'item', phase: 'done', item: { ...added, status: 'completed' }, basis: 'wire' });
    response.items += 1;
    state.calls.push({ call, wireId: id ?? null, name, response: response.response });
  }
  if (state.answering !== null && state.answering.text.trim() !== '') closeWords(client, state.answering);
  endResponse(client, { status: 'completed', basis: 'inferred' });
}

function isNew({ state }: Client, id: string): boolean {
  if (state.knownCalls.includes(id)) return false;
  state.knownCalls.push(id);
  if (state.knownCalls.length > knownLimit) state.knownCalls.shift();
  return true;
}

/** An answer to a withdrawn call closes the session with 1008, so the call is forgotten. */
export function withdrawCalls(client: Client, wireIds: readonly string[]): void {
  const { state } = client;
  for (const wireId of wireIds) {
    const index = state.calls.findIndex((call) => call.wireId === wireId);
    const [open] = index < 0 ? [] : state.calls.splice(index, 1);
    if (open === undefined) continue;
    const { call, name, response } = open;
    state.withdrawn.push(call);
    if (state.withdrawn.length > knownLimit) state.withdrawn.shift();
    emit(client, { t: 'call', phase: 'withdrawn', response, call, name, args: '', owner: 'us' });
  }
}
