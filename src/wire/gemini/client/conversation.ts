import type { Item } from '../../../chat/item.js';
import type { Command, Overrides } from '../../../realtime/contract.js';
import { itemsToContents, responseOf } from '../convert/content.js';
import { instructionContent } from '../convert/setup.js';
import type { Content, FunctionResponse } from '../messages.js';
import { ruleFor } from '../models.js';
import { releaseHeld } from './audio.js';
import { send } from './send.js';
import { addItem, type Client, emit, refuse, sent } from './state.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;

/** Appends one item without asking for a reply. The wire gives items no ids: the wish is granted. */
export function itemAdd(client: Client, { cmd, item, after }: CommandOf<'item.add'>): void {
  const { state, traits } = client;
  // After a resumption nobody here knows what is last, and to append is all that there is.
  if (after !== undefined && state.lastItem !== undefined && after !== state.lastItem) {
    refuse(client, cmd, 'Items can only be appended on this wire', { param: 'after' });
    return;
  }
  const turns = itemsToContents([item], traits.seedCalls);
  if (turns.length === 0) {
    refuse(client, cmd, 'The item has nothing that this wire can carry', { param: 'item' });
    return;
  }
  if (!traits.contentLive) return addWords(client, cmd, item, turns);
  if (traits.contentCuts && state.response !== null) state.ownCut = 'reply';
  send(client, { clientContent: { turns, turnComplete: false } });
  state.openContent = true;
  sent(client, cmd, echo(client, item));
}

/** The model takes nothing but questions after the opening: the user's words wait for the next one, others it cannot have. */
function addWords(client: Client, cmd: string, item: Item, turns: Content[]): void {
  const { state } = client;
  const words = wordsOf(turns);
  if (turns.some(({ role }) => role === 'model') || words === '' || state.pendingWords.length >= wordsLimit) {
    refuse(client, cmd, `${client.model} takes no such items after the opening`, { param: 'item' });
    return;
  }
  state.pendingWords.push(words);
  sent(client, cmd, echo(client, item));
}

/** Texts that may wait for a question. */
const wordsLimit = 64;

/**
 * Asks for a reply. Sent into a running response it interrupts that one. Where the wire goes on by itself anyway (after
 * a turn that we ended, after the answers to its calls), nothing is sent: it would be asked twice.
 */
export function reply(client: Client, command: CommandOf<'reply'>): void {
  const { state, traits } = client;
  const { cmd, input = [], overrides = {}, outOfBand } = command;
  const refused = outOfBand === true ? 'outOfBand' : foreignOverride(overrides);
  if (refused !== undefined) {
    refuse(client, cmd, `This wire cannot set '${refused}' for one reply`, { param: refused });
    return;
  }
  const turns = itemsToContents(input, traits.seedCalls);
  if (overrides.instructions) turns.push(instructionContent(overrides.instructions));
  const continues = state.continuing !== null;
  if (
    turns.length === 0 &&
    state.pendingWords.length === 0 &&
    (continues || state.turn?.committed === true)
  ) {
    if (continues) state.continuing = cmd;
    else state.asked.push(cmd);
    sent(client, cmd);
    return;
  }
  // What has been asked for may be running there although nothing of it has come.
  if (state.response !== null || state.asked.length > 0 || state.continuing !== null) state.ownCut = 'reply';
  if (traits.ask === 'text') {
    const words = [...state.pendingWords.splice(0), wordsOf(turns)].filter((text) => text !== '');
    send(client, { realtimeInput: { text: words.join('\n\n') || ' ' } });
  } else askByContent(client, turns);
  state.openContent = false;
  state.asked.push(cmd);
  sent(client, cmd);
  for (const item of input) echo(client, item);
}

/** The result of a call; the model goes on by itself once it has them all. */
export function answer(client: Client, command: CommandOf<'answer'>): void {
  const { state, traits } = client;
  const { cmd, call, name, output, isError, then } = command;
  const index = state.calls.findIndex((open) => open.call === call);
  if (index < 0 && state.withdrawn.includes(call)) {
    refuse(client, cmd, `The service withdrew call ${call}`, { code: 'superseded', benign: true });
    return;
  }
  if (index < 0) {
    refuse(client, cmd, `No open call ${call}: answered, withdrawn, or of another connection`, {
      code: 'call_not_open',
    });
    return;
  }
  const [open] = state.calls.splice(index, 1);
  const isAsync = behaviorOf(client, open!.name) === 'NON_BLOCKING';
  const response: FunctionResponse = {
    ...(open?.wireId == null ? {} : { id: open.wireId }),
    // Without its name some models take the result for a failure.
    name: name || open!.name,
    response: responseOf(output, isError),
  };
  const scheduling = then === 'wait' ? 'SILENT' : ruleFor(client.toolScheduling, response.name!);
  if (isAsync && traits.scheduling && scheduling !== undefined) response.scheduling = scheduling;
  if (response.scheduling === 'INTERRUPT' && state.response !== null) state.ownCut = 'answer';
  send(client, { toolResponse: { functionResponses: [response] } });
  if (state.calls.length === 0 && response.scheduling !== 'SILENT') {
    state.continuing = cmd;
    state.continuesAsync = isAsync;
  }
  const item: Item = {
    kind: 'result',
    id: client.ids('item'),
    call,
    name: response.name!,
    output,
    isError,
  };
  sent(client, cmd, echo(client, item));
  releaseHeld(client);
}

/** Whether the model waits for the results of this function. */
function behaviorOf({ traits, toolBehavior }: Client, name: string): 'BLOCKING' | 'NON_BLOCKING' {
  const usual = traits.tools === 'async' ? 'NON_BLOCKING' : 'BLOCKING';
  return ruleFor(toolBehavior, name) ?? traits.toolBehavior ?? usual;
}

function askByContent(client: Client, turns: Content[]): void {
  const { traits, state } = client;
  if (turns.length === 0 && !state.openContent && traits.placeholder !== undefined) {
    turns.push({ role: 'user', parts: [{ text: traits.placeholder }] });
  }
  send(client, {
    clientContent: turns.length === 0 ? { turnComplete: true } : { turns, turnComplete: true },
  });
}

/** The item as part of the conversation: nothing on the wire will say so. */
function echo(client: Client, item: Item): string {
  const own: Item = item.id === '' ? { ...item, id: client.ids('item') } : item;
  addItem(client, own, 'sent');
  emit(client, { t: 'item', phase: 'done', item: own, basis: 'sent' });
  return own.id;
}

function foreignOverride(overrides: Overrides): string | undefined {
  return Object.entries(overrides).find(([key, value]) => key !== 'instructions' && value !== undefined)?.[0];
}

function wordsOf(turns: Content[]): string {
  return turns
    .flatMap(({ parts }) => parts ?? [])
    .map(({ text }) => text ?? '')
    .filter((text) => text !== '')
    .join('\n\n');
}
