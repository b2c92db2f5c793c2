import type { Cause, Command, Item, ResponseStatus } from '../../realtime/index.js';
import { addItem, hasImage, noImages } from './items.js';
import {
  ack,
  type BrainInput,
  emit,
  type Pass,
  type Refusal,
  type Response,
  refuse,
  type SpokenMessage,
  unknownVoice,
} from './state.js';
import { usageOf } from './usage.js';

type Reply = Extract<Command, { t: 'reply' }>;
type Say = Extract<Command, { t: 'say' }>;
type InputOf<K extends BrainInput['in']> = Extract<BrainInput, { in: K }>;

export function reply(pass: Pass, command: Reply): void {
  const { state } = pass;
  const outOfBand = command.outOfBand === true;
  if (!outOfBand && state.main !== null) {
    refuseBusy(pass, command.cmd);
    return;
  }
  if (outOfBand && state.aside.length >= state.limits.maxAside) {
    refuse(pass, command.cmd, {
      code: 'rate_limit_exceeded',
      message: `No more than ${state.limits.maxAside} out-of-band responses run at once.`,
    });
    return;
  }
  const objection = objectionTo(pass, command);
  if (objection !== undefined) {
    refuse(pass, command.cmd, objection);
    return;
  }
  ack(pass, command.cmd);
  const output = command.overrides?.output ?? state.config.output;
  const response = begin(pass, { by: 'command', cmd: command.cmd }, { outOfBand, output, command });
  // Given input stands in the place of the conversation, so nothing of the conversation is waited for.
  if (command.input === undefined) response.awaiting = state.unheard.map((unheard) => unheard.item);
  thinkWhenHeard(pass, response);
}

function objectionTo(pass: Pass, command: Reply): Refusal | undefined {
  if (command.input?.some(hasImage)) return noImages('response.input');
  return unknownVoice(pass, command.overrides?.voice);
}

/** Something came of it: the watchdog begins anew. */
export function progress(pass: Pass, id: string): void {
  const response = findResponse(pass, id);
  if (response !== undefined) response.quietAtMs = pass.nowMs + pass.state.limits.quietMs;
}

/** Responses of which nothing came for too long. */
export function wakeResponses(pass: Pass): void {
  const { main, aside } = pass.state;
  for (const response of main === null ? aside.slice() : [main, ...aside]) {
    if (response.quietAtMs > pass.nowMs) continue;
    const { id } = response;
    const message = `Neither the language model nor the synthesiser gave anything for ${pass.state.limits.quietMs} ms.`;
    broken(pass, { in: 'broken', nowMs: pass.nowMs, response: id, code: 'reply_timeout', message });
  }
}

/** Speaks a given text as a response of its own; no language model is asked. */
export function say(pass: Pass, command: Say): void {
  if (pass.state.main !== null) {
    refuseBusy(pass, command.cmd);
    return;
  }
  if (command.text.trim() === '' || command.text.length > pass.state.limits.maxTextChars) {
    refuse(pass, command.cmd, {
      code: 'invalid_value',
      message: `The text to say must have words, and at most ${pass.state.limits.maxTextChars} characters.`,
      param: 'text',
    });
    return;
  }
  ack(pass, command.cmd);
  const { output } = pass.state.config;
  const response = begin(
    pass,
    { by: 'command', cmd: command.cmd },
    { outOfBand: false, output, command: null },
  );
  response.cuttable = command.cuttable;
  written(pass, { in: 'written', nowMs: pass.nowMs, response: response.id, text: command.text });
  thought(pass, { in: 'thought', nowMs: pass.nowMs, response: response.id, reason: 'stop', usage: null });
}

/** free->answerTurn->running; running->answerTurn->owed */
export function answerTurn(pass: Pass, turn: string): void {
  const { state } = pass;
  if (state.main !== null) {
    state.owed = turn;
    return;
  }
  const { output } = state.config;
  const response = begin(pass, { by: 'turn', turn }, { outOfBand: false, output, command: null });
  response.awaiting = state.unheard.map((unheard) => unheard.item);
  thinkWhenHeard(pass, response);
}

export function stop(pass: Pass, command: Extract<Command, { t: 'stop' }>): void {
  const { state } = pass;
  const response =
    command.response === undefined ? state.main : (findResponse(pass, command.response) ?? null);
  if (response === null) {
    refuse(pass, command.cmd, {
      code: 'response_cancel_not_active',
      message: 'Cancellation failed: no active response found.',
      benign: true,
    });
    return;
  }
  ack(pass, command.cmd);
  cancel(pass, response, 'client_cancelled');
}

/** The words of an item are known, failed or gone: responses that waited for it may go on. */
export function heardItem(pass: Pass, item: string): void {
  const { main, aside } = pass.state;
  for (const response of main === null ? aside.slice() : [main, ...aside]) {
    const place = response.awaiting.indexOf(item);
    if (place < 0) continue;
    response.awaiting.splice(place, 1);
    thinkWhenHeard(pass, response);
  }
}

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
  const call = input.call !== '' && state.calls[input.call] === undefined ? input.call : pass.ids('call');
  const id = pass.ids('item');
  response.count += 1;
  const item: Item = { kind: 'call', id, call, name, args: '', status: 'in_progress' };
  const owner = 'us';
  if (!response.outOfBand) addItem(pass, item);
  state.calls[call] = 'open';
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
  const record = pass.state.items[message.item];
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

/** running->cancel->free: part and item are closed as they stand, nothing of the response follows. */
export function cancel(pass: Pass, response: Response, reason: 'turn_detected' | 'client_cancelled'): void {
  closeMessage(pass, response, 'incomplete');
  end(pass, response, 'cancelled', reason);
}

export function findResponse(pass: Pass, id: string): Response | undefined {
  const { main, aside } = pass.state;
  return main?.id === id ? main : aside.find((response) => response.id === id);
}

function begin(
  pass: Pass,
  cause: Cause,
  how: { outOfBand: boolean; output: 'audio' | 'text'; command: Reply | null },
): Response {
  const { state, fx } = pass;
  const response: Response = {
    id: pass.ids('resp'),
    outOfBand: how.outOfBand,
    cuttable: true,
    output: how.output,
    awaiting: [],
    message: null,
    count: 0,
    finish: null,
    usage: null,
    inputMs: how.outOfBand ? 0 : state.unansweredMs,
    firstAudioAtMs: null,
    quietAtMs: pass.nowMs + state.limits.quietMs,
  };
  if (how.outOfBand) {
    state.aside.push(response);
  } else {
    state.main = response;
    state.owed = null;
    state.idleAtMs = null;
    state.unansweredMs = 0;
  }
  fx.push({ fx: 'prepare', response: response.id, command: how.command });
  const { id, outOfBand } = response;
  const metadata = how.command?.metadata ?? null;
  emit(pass, { t: 'response', phase: 'started', response: id, cause, outOfBand, metadata });
  return response;
}

function thinkWhenHeard(pass: Pass, response: Response): void {
  if (response.awaiting.length === 0) pass.fx.push({ fx: 'think', response: response.id });
}

function openMessage(pass: Pass, response: Response): SpokenMessage {
  const message: SpokenMessage = {
    item: pass.ids('item'),
    index: response.count,
    written: '',
    said: '',
    audioMs: 0,
  };
  response.message = message;
  response.count += 1;
  if (!response.outOfBand) {
    const { item: id } = message;
    addItem(pass, { kind: 'message', id, role: 'assistant', parts: [], status: 'in_progress' });
    pass.state.items[id]!.spokenMs = response.output === 'audio' ? 0 : null;
  }
  tellPart(pass, response, message, 'started');
  return message;
}

function tellPart(pass: Pass, response: Response, message: SpokenMessage, phase: 'started' | 'done'): void {
  const { item, index } = message;
  emit(pass, { t: 'part', phase, response: response.id, item, index, part: 0, kind: response.output });
}

function tellSaid(
  pass: Pass,
  response: Response,
  message: SpokenMessage,
  text: string,
  words: InputOf<'clause'>['words'],
): void {
  message.said += text;
  const { item } = message;
  const timed = words.length > 0 ? { words } : {};
  const stage = 'spoken';
  emit(pass, { t: 'said', response: response.id, item, part: 0, text, how: 'append', stage, ...timed });
  if (!response.outOfBand) pass.fx.push({ fx: 'append', item, kind: response.output, text, words });
}

function closeMessage(pass: Pass, response: Response, status: 'completed' | 'incomplete'): void {
  const { message } = response;
  if (message === null) return;
  const { item } = message;
  // A synthesiser that tells no clauses has still spoken what was written.
  if (status === 'completed' && message.said === '') tellSaid(pass, response, message, message.written, []);
  const stage = 'spoken';
  emit(pass, { t: 'said', response: response.id, item, part: 0, text: message.said, how: 'final', stage });
  tellPart(pass, response, message, 'done');
  if (!response.outOfBand && pass.state.items[item] !== undefined) {
    pass.fx.push({ fx: 'status', item, status }, { fx: 'tell', phase: 'done', item });
  }
}

function complete(pass: Pass, response: Response): void {
  const { finish } = response;
  const cut = finish === 'length' || finish === 'filter';
  closeMessage(pass, response, cut ? 'incomplete' : 'completed');
  if (!cut) end(pass, response, 'completed');
  else end(pass, response, 'incomplete', finish === 'length' ? 'max_output_tokens' : 'content_filter');
}

function end(
  pass: Pass,
  response: Response,
  status: ResponseStatus,
  reason?: string,
  message?: string,
): void {
  const { state } = pass;
  const outputMs = response.message?.audioMs ?? 0;
  pass.fx.push({ fx: 'release', response: response.id });
  emit(pass, {
    t: 'response',
    phase: 'ended',
    response: response.id,
    status,
    basis: 'wire',
    usage: usageOf(response.usage, response.inputMs, outputMs),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  });
  if (response.outOfBand) {
    state.aside = state.aside.filter((other) => other !== response);
    return;
  }
  state.main = null;
  const { turns } = state.config;
  if (turns.owner === 'wire' && typeof turns.idleTimeoutMs === 'number' && state.utterance === null) {
    // Listeners hear a burst at the speed of speech: silence begins when it has been played.
    const playedAtMs = (response.firstAudioAtMs ?? pass.nowMs) + outputMs;
    state.idleAtMs = Math.max(pass.nowMs, playedAtMs) + turns.idleTimeoutMs;
  }
  const { owed } = state;
  state.owed = null;
  if (owed !== null) answerTurn(pass, owed);
}

function refuseBusy(pass: Pass, cmd: string): void {
  refuse(pass, cmd, {
    code: 'conversation_already_has_active_response',
    message: `Conversation already has an active response in progress: ${pass.state.main?.id}. Wait until it has ended.`,
    benign: true,
  });
}
