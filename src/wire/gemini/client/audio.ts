import { inputRateHz, pcmToBlob } from '../convert/pcm.js';
import type { Setup } from '../messages.js';
import { send } from './send.js';
import { type Client, emit, refuse, sent } from './state.js';
import { commitTurn, currentTurn } from './turns.js';

/** Longest audio kept while it may not be sent. */
const heldLimitMs = 30_000;
/** Audio from before an activity that goes with it: its first sound was earlier than whoever noticed it. */
const prerollMs = 300;

/** Least pause from the end of an activity to the start of the next. */
const activityPauseMs = 500;

/** Audio goes out at once, but for two rules of the wire: none outside a manual activity, and none during a call. */
export function audio(client: Client, pcm: Int16Array): void {
  const { state } = client;
  if (isManual(client)) {
    if (state.activity === 'none') {
      hold(client, pcm);
      if (floorIsFree(client)) startWithHeld(client);
      return;
    }
    state.activity = 'heard';
    return sendAudio(client, pcm);
  }
  if (isGated(client)) return hold(client, pcm);
  state.audioSent = true;
  sendAudio(client, pcm);
}

/** What waited for the last open call. */
export function releaseHeld(client: Client): void {
  const { state } = client;
  if (isManual(client) || isGated(client) || state.held.length === 0) return;
  state.audioSent = true;
  for (const pcm of takeHeld(client)) sendAudio(client, pcm);
}

/** Edges of a turn. Those that the wire lacks are refused. */
export function activity(client: Client, cmd: string, edge: 'start' | 'end' | 'flush' | 'discard'): void {
  const manual = isManual(client);
  if (edge === 'discard') return discard(client, cmd, manual);
  if (manual) {
    if (edge === 'start') return start(client, cmd);
    if (edge === 'end') return end(client, cmd);
    return refuse(client, cmd, 'Manual turns have no stream to flush');
  }
  if (edge === 'start') return refuse(client, cmd, 'The server decides when a turn starts');
  // Closest to a commit: the server takes what it has for all that was said.
  send(client, { realtimeInput: { audioStreamEnd: true } });
  sent(client, cmd);
}

function start(client: Client, cmd: string): void {
  const { state } = client;
  state.marksStarts = true;
  if (state.activity === 'none') {
    if (state.response !== null && cuts(client)) state.ownCut = 'activity';
    send(client, { realtimeInput: { activityStart: {} } });
    state.activity = 'open';
    const preroll = last(takeHeld(client), prerollMs);
    for (const pcm of preroll) audio(client, pcm);
  }
  sent(client, cmd);
}

/**
 * Without a start before it, the audio held since the last turn is the turn. An activity without audio is an error that
 * ends the session, so it is refused here.
 */
function end(client: Client, cmd: string): void {
  const { state } = client;
  if (state.activity === 'none' && state.held.length > 0) startWithHeld(client);
  if (state.activity !== 'heard') {
    refuse(client, cmd, 'There is no audio to commit', { code: 'input_audio_buffer_commit_empty' });
    return;
  }
  send(client, { realtimeInput: { activityEnd: {} } });
  state.activity = 'none';
  state.activityEndMs = client.nowMs;
  sent(client, cmd);
  commitTurn(client, currentTurn(client), 'sent');
}

function discard(client: Client, cmd: string, manual: boolean): void {
  if (!manual || client.state.activity !== 'none') {
    refuse(client, cmd, 'Audio that was sent cannot be taken back on this wire');
    return;
  }
  takeHeld(client);
  sent(client, cmd);
  emit(client, { t: 'cleared', cmd });
}

function startWithHeld(client: Client): void {
  const { state } = client;
  if (state.response !== null && cuts(client)) state.ownCut = 'activity';
  send(client, { realtimeInput: { activityStart: {} } });
  for (const pcm of takeHeld(client)) sendAudio(client, pcm);
  state.activity = 'heard';
}

/**
 * Whether audio alone may begin a turn: to begin one stops the model, so that a microphone which is never silent would
 * cut every answer. It waits while something is answered or owed, and the service wants a pause between two turns.
 */
function floorIsFree({ state, nowMs }: Client): boolean {
  if (state.marksStarts || state.response !== null || state.turn?.committed === true) return false;
  if (state.asked.length > 0 || state.continuing !== null || state.calls.length > 0) return false;
  return state.activityEndMs === null || nowMs - state.activityEndMs >= activityPauseMs;
}

function cuts({ state }: Client): boolean {
  const { realtimeInputConfig } = (state.config?.vendor ?? {}) as Partial<Setup>;
  return realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION';
}

/** Base64 needs no escaping, so the envelope is written around it. */
function sendAudio(client: Client, pcm: Int16Array): void {
  const { data, mimeType } = pcmToBlob(pcm, inputRateHz);
  client.port.frame(`{"realtimeInput":{"audio":{"data":"${data}","mimeType":"${mimeType}"}}}`);
}

function isManual({ state }: Client): boolean {
  return state.config?.turns.owner === 'caller';
}

function isGated({ state, traits }: Client): boolean {
  return traits.holdInputDuringCalls && state.calls.length > 0;
}

/** The oldest audio goes first when there is too much. */
function hold({ state }: Client, pcm: Int16Array): void {
  state.held.push(pcm);
  state.heldSamples += pcm.length;
  const limit = (heldLimitMs * inputRateHz) / 1000;
  while (state.heldSamples > limit && state.held.length > 1) state.heldSamples -= state.held.shift()!.length;
}

function takeHeld({ state }: Client): Int16Array[] {
  state.heldSamples = 0;
  return state.held.splice(0);
}

function last(chunks: Int16Array[], ms: number): Int16Array[] {
  let samples = 0;
  let from = chunks.length;
  while (from > 0 && samples < (ms * inputRateHz) / 1000) {
    from -= 1;
    samples += chunks[from]!.length;
  }
  return chunks.slice(from);
}
