import type { Item } from '../../realtime/index.js';
import { callOf, noteCall } from './calls.js';
import { addItem, itemOf } from './item-list.js';
import { closeMessage, openMessage, tellSaid } from './message.js';
import { end, findResponse } from './slot.js';
import { type BrainInput, emit, type Pass, type Response } from './state.js';

type InputOf<K extends BrainInput['in']> = Extract<BrainInput, { in: K }>;

/** The language model wrote a piece of text. */
export function written(pass: Pass, input: InputOf<'written'>): void {
  const response = findResponse(pass, input.response);
  if (response === undefined || response.finish !== null || input.text === '') return;
  // Models like to write a line break before they call a tool: that is no message.
  if (response.message === null && input.text.trim() === '') return;
  const message = response.message ?? openMessage(pass, response);
  const room = pass.state.limits.maxTextChars - message.written.length;
  const text = input.text.slice(0, room);
  message.written += text;
  if (response.output === 'audio') pass.fx.push({ fx: 'speak', response: response.id, text });
  else tellSaid(pass, response, message, text, []);
  if (input.text.length > room) thought(pass, { ...input, in: 'thought', reason: 'length', usage: null });
}

/** The language model asks for a tool: the call is an item of its own, whole at once. */
export function called(pass: Pass, input: InputOf<'called'>): void {
  const response = findResponse(pass, input.response);
  if (response === undefined || response.finish !== null) return;
  const { state, fx } = pass;
  const { name, args } = input;
  // A call id that was used before would make its answer ambiguous.
  const unused = input.call !== '' && callOf(state, input.call) === undefined;
  const call = unused ? input.call : pass.ids('call');
  const id = pass.ids('item');
  response.count += 1;
  const item: Item = { kind: 'call', id, call, name, args: '', status: 'in_progress' };
  const owner = 'us';
  if (!response.outOfBand) addItem(pass, item);
  noteCall(state, call, false);
  emit(pass, { t: 'call', phase: 'args', response: response.id, item: id, call, name, args, owner });
  emit(pass, { t: 'call', phase: 'ready', response: response.id, item: id, call, name, args, owner });
  if (response.outOfBand) return;
  fx.push({ fx: 'put', item: { ...item, args, status: 'completed' } });
  fx.push({ fx: 'tell', phase: 'done', item: id });
}

/** The language model is done; what it wrote may still be on its way to speech. */
export function thought(pass: Pass, input: InputOf<'thought'>): void {
  const response = findResponse(pass, input.response);
  if (response === undefined || response.finish !== null) return;
  response.finish = input.reason;
  response.usage = input.usage;
  if (response.message !== null && response.output === 'audio') {
    pass.fx.push({ fx: 'finish_speaking', response: response.id });
  } else {
    complete(pass, response);
  }
}

/** The synthesiser is about to give the audio of these words. */
export function clause(pass: Pass, input: InputOf<'clause'>): void {
  const response = findResponse(pass, input.response);
  if (response?.message) tellSaid(pass, response, response.message, input.text, input.words);
}

export function spoken(pass: Pass, input: InputOf<'spoken'>): void {
  const response = findResponse(pass, input.response);
  const message = response?.message;
  if (!response || !message) return;
  message.audioMs += input.ms;
  response.firstAudioAtMs ??= pass.nowMs;
  const record = itemOf(pass.state, message.item);
  if (record !== undefined) record.spokenMs = message.audioMs;
  pass.fx.push({ fx: 'play', response: response.id, item: message.item });
}

/** The synthesiser has spoken all. */
export function silent(pass: Pass, input: InputOf<'silent'>): void {
  const response = findResponse(pass, input.response);
  if (response !== undefined && response.finish !== null) complete(pass, response);
}

export function broken(pass: Pass, input: InputOf<'broken'>): void {
  const response = findResponse(pass, input.response);
  if (response === undefined) return;
  closeMessage(pass, response, 'incomplete');
  end(pass, response, 'failed', input.code, input.message);
}

function complete(pass: Pass, response: Response): void {
  const { finish } = response;
  const cut = finish === 'length' || finish === 'filter';
  closeMessage(pass, response, cut ? 'incomplete' : 'completed');
  if (!cut) end(pass, response, 'completed');
  else end(pass, response, 'incomplete', finish === 'length' ? 'max_output_tokens' : 'content_filter');
}
