import type { Item } from '../../../chat/item.js';
import type { Command, Overrides } from '../../../realtime/contract.js';
import { itemsToContents, responseOf } from '../convert/content.js';
import { instructionContent } from '../convert/setup.js';
import type { Content, FunctionResponse } from '../messages.js';
import { releaseHeld } from './audio.js';
import { send } from './send.js';
import { addItem, type Client, emit, refuse, sent } from './state.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;

/** Appends one item without asking for a reply. The wire gives items no ids: the wish is granted. */
export function itemAdd(client: Client, { cmd, item, after }: CommandOf<'item.add'>): void {
  const { state, traits } = client;
  if (!traits.contentLive) {
    refuse(client, cmd, `${client.model} takes no items after the opening`);
    return;
  }
  if (after !== undefined && after !== state.lastItem) {
    refuse(client, cmd, 'Items can only be appended on this wire', { param: 'after' });
    return;
  }
  const turns = itemsToContents([item]);
  if (turns.length === 0) {
    refuse(client, cmd, 'The item has nothing that this wire can carry', { param: 'item' });
    return;
  }
  if (traits.contentCuts && state.response !== null) state.ownCut = 'reply';
  send(client, { clientContent: { turns, turnComplete: false } });
  state.openContent = true;
  sent(client, cmd, echo(client, item));
}

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
  const turns = itemsToContents(input);
  if (overrides.instructions) turns.push(instructionContent(overrides.instructions));
  const continues = state.continuing !== null;
  if (turns.length === 0 && (continues || state.turn?.committed === true)) {
    if (continues) state.continuing = cmd;
    else state.asked.push(cmd);
    sent(client, cmd);
    return;
  }
  // What has been asked for may be running there although nothing of it has come.
  if (state.response !== null || state.asked.length > 0 || state.continuing !== null) state.ownCut = 'reply';
  if (traits.ask === 'text') send(client, { realtimeInput: { text: wordsOf(turns) || ' ' } });
  else askByContent(client, turns);
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
  if (index < 0) {
    refuse(client, cmd, `No open call ${call}: answered, withdrawn, or of another connection`, {
      code: 'call_not_open',
    });
    return;
  }
  const [open] = state.calls.splice(index, 1);
  const response: FunctionResponse = {
    ...(open?.wireId == null ? {} : { id: open.wireId }),
    // Without its name some models take the result for a failure.
    name: name || open!.name,
    response: responseOf(output, isError),
  };
  if (traits.tools === 'async' && then === 'wait') response.scheduling = 'SILENT';
  send(client, { toolResponse: { functionResponses: [response] } });
  if (state.calls.length === 0 && response.scheduling === undefined) state.continuing = cmd;
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
