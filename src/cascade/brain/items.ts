import type { Command, Item, ItemPart } from '../../realtime/index.js';
import { callOf, noteCall } from './calls.js';
import { addWholeItem, dropItem, hasImage, itemOf, noImages } from './item-list.js';
import { cancel } from './slot.js';
import { ack, type Pass, type Refusal, refuse } from './state.js';
import { awaitWords } from './waiting.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;

/** Of the client: a command, or history of the opening (`cmd` undefined). */
export function add(pass: Pass, cmd: string | undefined, wished: Item, after?: string | null): void {
  const { state, fx } = pass;
  const refusal = objection(pass, wished, after);
  if (refusal !== undefined) {
    refuse(pass, cmd, refusal);
    return;
  }
  const id = wished.id === '' ? pass.ids('item') : wished.id;
  const item: Item =
    wished.kind === 'message' || wished.kind === 'call'
      ? { status: 'completed', ...wished, id }
      : { ...wished, id };
  if (cmd !== undefined) ack(pass, cmd, id);
  addWholeItem(pass, item, after);
  if (item.kind === 'call' || item.kind === 'result') noteCall(state, item.call, item.kind === 'result');
  if (!wantsHearing(item)) return;
  awaitWords(pass, id, { turn: null, fromMs: 0, toMs: 0, interim: '', answer: false });
  fx.push({ fx: 'transcribe', item: id });
}

export function remove(pass: Pass, command: CommandOf<'item.remove'>): void {
  if (itemOf(pass.state, command.item) === undefined) {
    refuse(pass, command.cmd, unknownItem('item_delete_invalid_item_id', command.item));
    return;
  }
  ack(pass, command.cmd, command.item);
  stopSpeakingInto(pass, command.item);
  dropItem(pass, command.item);
}

/**
 * Everything after `heardMs` was never heard: the item keeps the words before it, and so does what the language model
 * sees. A response that still speaks into the item is cancelled, since nobody wants what follows a cut.
 */
export function cut(pass: Pass, command: CommandOf<'item.cut'>): void {
  const { state, fx } = pass;
  const { item, heardMs, heardText } = command;
  const record = itemOf(state, item);
  if (record === undefined) {
    refuse(pass, command.cmd, {
      ...unknownItem('item_truncate_invalid_item_id', item),
      benign: true,
    });
    return;
  }
  if (record.spokenMs === null || command.part !== 0) {
    refuse(pass, command.cmd, {
      code: 'unsupported_content_type',
      message: 'Only model output audio messages can be truncated.',
      param: command.part === 0 ? 'item_id' : 'content_index',
    });
    return;
  }
  if (heardMs > Math.ceil(record.spokenMs)) {
    refuse(pass, command.cmd, {
      code: 'invalid_value',
      message: `Audio content of ${Math.ceil(record.spokenMs)} ms is already shorter than ${heardMs} ms.`,
      param: 'audio_end_ms',
      benign: true,
    });
    return;
  }
  ack(pass, command.cmd, item);
  stopSpeakingInto(pass, item);
  const { spokenMs } = record;
  record.spokenMs = Math.min(spokenMs, heardMs);
  fx.push({ fx: 'cut', item, heardMs, heardText, spokenMs }, { fx: 'tell', phase: 'cut', item, heardMs });
}

export function fetchItem(pass: Pass, command: CommandOf<'item.fetch'>): void {
  if (itemOf(pass.state, command.item) === undefined) {
    refuse(pass, command.cmd, unknownItem('item_retrieve_invalid_item_id', command.item));
    return;
  }
  ack(pass, command.cmd, command.item);
  pass.fx.push({ fx: 'tell', phase: 'fetched', item: command.item });
}

/** The result of a tool call becomes an item; what follows is asked for by a `reply`, whatever `then` says. */
export function answer(pass: Pass, command: CommandOf<'answer'>): void {
  const { state } = pass;
  const { call, name, output, isError } = command;
  const known = callOf(state, call);
  if (known?.answered !== false) {
    const problem = known === undefined ? 'is not known' : 'is answered already';
    const message = `The tool call '${call}' ${problem}.`;
    refuse(pass, command.cmd, { code: 'invalid_tool_call_id', message, param: 'call_id' });
    return;
  }
  if (output.length > state.limits.maxTextChars) {
    refuse(pass, command.cmd, tooLong(state.limits.maxTextChars));
    return;
  }
  const id = pass.ids('item');
  known.answered = true;
  ack(pass, command.cmd, id);
  addWholeItem(pass, { kind: 'result', id, call, name, output, isError });
}

/** Why a client's item cannot be taken. */
function objection(pass: Pass, item: Item, after: string | null | undefined): Refusal | undefined {
  const { state } = pass;
  if (typeof after === 'string' && itemOf(state, after) === undefined) {
    return unknownItem('item_not_found', after, 'previous_item_id');
  }
  if (item.id !== '' && (itemOf(state, item.id) !== undefined || state.utterance?.item === item.id)) {
    const message = `An item with the id '${item.id}' already exists.`;
    return { code: 'item_already_exists', message, param: 'item.id' };
  }
  if (item.kind === 'provider') {
    return {
      code: 'unsupported',
      message: `Items of type '${item.type}' are not understood here.`,
      param: 'item.type',
    };
  }
  if (hasImage(item)) return noImages('item.content');
  return textOf(item) > state.limits.maxTextChars ? tooLong(state.limits.maxTextChars) : undefined;
}

function textOf(item: Item): number {
  if (item.kind === 'call') return item.args.length;
  if (item.kind === 'result') return item.output.length;
  if (item.kind === 'provider') return 0;
  return item.parts.reduce((sum, part) => sum + partText(part).length, 0);
}

function partText(part: ItemPart): string {
  return part.kind === 'text' ? part.text : part.kind === 'audio' ? (part.transcript ?? '') : '';
}

function wantsHearing(item: Item): boolean {
  return (
    item.kind === 'message' &&
    item.role === 'user' &&
    item.parts.some(
      (part) => part.kind === 'audio' && part.transcript === null && (part.pcm?.length ?? 0) > 0,
    )
  );
}

function stopSpeakingInto(pass: Pass, item: string): void {
  const { main } = pass.state;
  if (main?.message?.item === item) cancel(pass, main, 'client_cancelled');
}

function unknownItem(code: string, item: string, param = 'item_id'): Refusal {
  return { code, message: `There is no item '${item}'.`, param };
}

function tooLong(maxChars: number): Refusal {
  return { code: 'string_above_max_length', message: `The text is longer than ${maxChars} characters.` };
}
