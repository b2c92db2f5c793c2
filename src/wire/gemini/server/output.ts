import { Resampler } from '../../../audio/index.js';
import { samplesToMs } from '../../../core/index.js';
import { objectFromText } from '../convert/json.js';
import { outputRateHz } from '../convert/pcm.js';
import { usageToMetadata } from '../convert/usage.js';
import { closeWith, command, type EventOf, type Server, send, sendCancelled } from './context.js';
import { junkTranscription, sendPcm } from './faults.js';
import { completeTurn, finishTurn, interruptTurn } from './turn.js';

export function response(server: Server, event: EventOf<'response'>): void {
  const { state } = server;
  switch (event.phase) {
    case 'started':
      // A turn that still waits for its playback ends before the next one begins.
      if (state.completeAtMs !== null) completeTurn(server);
      state.turnOpen = true;
      state.response = { response: event.response, calls: [], generationComplete: false };
      return;
    case 'produced':
      if (state.response?.response === event.response) generationComplete(server);
      return;
    case 'ended':
      if (state.response?.response === event.response) ended(server, event);
  }
}

type Ended = Extract<EventOf<'response'>, { phase: 'ended' }>;

function ended(server: Server, { status, reason, message, usage }: Ended): void {
  const { state, options } = server;
  const calls = state.response?.calls ?? [];
  flushAudio(server);
  if (state.phase === 'closed') return;
  Object.assign(state.usage, usage);
  if (status === 'failed' && reason === 'connection_lost') {
    // The model was lost before it said a word. The turn stays open: another response answers it.
    state.response = null;
    return;
  }
  if (status === 'failed') return closeWith(server, 1011, message ?? 'Internal error occurred.');
  if (status === 'cancelled') {
    state.response = null;
    interruptTurn(server);
  } else if (calls.length > 0) {
    // The turn stays open: its answer comes after the client's.
    state.response = null;
    for (const { call, name } of calls) state.openCalls.set(call, name);
    const functionCalls = calls.map(({ call, name, args }) => ({
      ...(options.surface === 'vertex' ? {} : { id: call }),
      name,
      args: objectFromText(args),
    }));
    send(server, { toolCall: { functionCalls } });
    const usageMetadata = usageToMetadata(state.usage, options.surface);
    state.usage = {};
    if (usageMetadata !== undefined) send(server, { serverContent: {}, usageMetadata });
  } else {
    generationComplete(server);
    state.response = null;
    finishTurn(server, reason === 'content_filter' ? 'RESPONSE_REJECTED' : null);
  }
  if (state.owesReply) {
    state.owesReply = false;
    command(server, 'reply', (cmd) => ({ t: 'reply', cmd }));
  }
}

function generationComplete(server: Server): void {
  const { response } = server.state;
  if (response === null || response.generationComplete) return;
  response.generationComplete = true;
  if (server.options.faults?.noGenerationComplete === true) return;
  send(server, { serverContent: { generationComplete: true } });
}

export function audio(server: Server, { item, part, pcm }: EventOf<'audio'>): void {
  const { options, state } = server;
  tellPrompt(server);
  if (item !== null && (state.playback?.item !== item || state.playback.part !== part)) {
    state.playback = { item, part, sentMs: 0 };
  }
  server.output ??= new Resampler(options.outputRateHz, outputRateHz);
  sendAudio(server, server.output.process(pcm));
}

/** The counts of the prompt before the answer, where they come apart from the rest. They are not known yet, but to be some. */
function tellPrompt(server: Server): void {
  const { state, options } = server;
  if (options.usage !== 'prompt-first' || state.promptTold) return;
  state.promptTold = true;
  const { inputTokens = 1 } = state.usage;
  send(server, {
    serverContent: {},
    usageMetadata: { promptTokenCount: inputTokens, totalTokenCount: inputTokens },
  });
}

/** The end of what was said is in the resampler. */
function flushAudio(server: Server): void {
  if (server.output !== null) sendAudio(server, server.output.flush());
}

function sendAudio(server: Server, pcm: Int16Array): void {
  const { state, nowMs } = server;
  if (pcm.length === 0) return;
  const ms = samplesToMs(pcm.length, outputRateHz);
  if (state.playback !== null) state.playback.sentMs += ms;
  state.playedUntilMs = Math.max(state.playedUntilMs, nowMs) + ms;
  if (!sendPcm(server, pcm)) closeWith(server, 1011, 'Internal error occurred.');
}

/** Words of the model: text where text was asked for, else the transcript of its speech. */
export function said(server: Server, event: EventOf<'said'>): void {
  const { setup } = server.state;
  const { stage, how, item, response, part } = event;
  if (stage === 'planned') return;
  const text = server.said.delta(`${stage} ${item ?? response} ${part}`, event.text, how);
  if (text === '') return;
  const { generationConfig, outputAudioTranscription } = setup ?? {};
  if (stage === 'thought') {
    if (generationConfig?.thinkingConfig?.includeThoughts !== true) return;
    send(server, { serverContent: { modelTurn: { role: 'model', parts: [{ text, thought: true }] } } });
  } else if (generationConfig?.responseModalities?.[0] === 'TEXT') {
    send(server, { serverContent: { modelTurn: { role: 'model', parts: [{ text }] } } });
  } else if (outputAudioTranscription !== undefined) {
    send(server, { serverContent: { outputTranscription: { text } } });
  }
}

/** Words of the user, where the client asked for them. */
export function heard(server: Server, { text, how, turn, item, language }: EventOf<'heard'>): void {
  const key = turn ?? item ?? '';
  if (how !== 'failed' && !server.heard.knows(key)) junkTranscription(server);
  if (how === 'failed') return server.heard.forget(key);
  const delta = server.heard.delta(key, text, how);
  if (delta === '' || server.state.setup?.inputAudioTranscription === undefined) return;
  send(server, {
    serverContent: {
      inputTranscription: language === undefined ? { text: delta } : { text: delta, languageCode: language },
    },
  });
}

export function call(server: Server, event: EventOf<'call'>): void {
  const { state } = server;
  if (event.owner !== 'us') return;
  const { call, name, args } = event;
  if (event.phase === 'ready' && state.response !== null) state.response.calls.push({ call, name, args });
  if (event.phase !== 'withdrawn') return;
  if (state.response !== null) {
    state.response.calls = state.response.calls.filter((pending) => pending.call !== call);
  }
  if (state.openCalls.delete(call)) sendCancelled(server, [call]);
}
