import { Resampler, resamplerRatesHz } from '../../../audio/index.js';
import { base64ToBytes } from '../../../core/index.js';
import { blobToPcm, inputRateHz, pcmRateHz } from '../convert/pcm.js';
import type { Blob, RealtimeInput } from '../messages.js';
import { closeWith, command, invalidArgument, type Server, send } from './context.js';
import { contentTurn } from './conversation.js';
import { cutForClient } from './turn.js';

/** Realtime input: one thing per message. */
export function realtimeInput(server: Server, input: RealtimeInput): void {
  const fields = Object.keys(input);
  if (fields.length !== 1) return closeWith(server, 1007, invalidArgument);
  if (input.audio !== undefined) audio(server, input.audio);
  else if (input.mediaChunks !== undefined) for (const chunk of input.mediaChunks) media(server, chunk);
  else if (input.video !== undefined) image(server, input.video);
  else if (input.text !== undefined) {
    contentTurn(server, [{ role: 'user', parts: [{ text: input.text }] }], true);
  } else if (input.audioStreamEnd === true) streamEnd(server);
  else if (input.activityStart !== undefined) activityStart(server);
  else if (input.activityEnd !== undefined) activityEnd(server);
}

function media(server: Server, chunk: Blob): void {
  if (chunk.mimeType?.startsWith('image/')) image(server, chunk);
  else audio(server, chunk);
}

/** PCM of any usual rate; in manual turns only within an activity. */
function audio(server: Server, { data, mimeType }: Blob): void {
  const { state } = server;
  const rateHz = pcmRateHz(mimeType, inputRateHz);
  if (rateHz === undefined || !resamplerRatesHz.includes(rateHz) || typeof data !== 'string') {
    return closeWith(server, 1007, invalidArgument);
  }
  if (isManual(server)) {
    if (state.activity === 'none') return;
    state.activity = 'heard';
  }
  const pcm = blobToPcm(data);
  if (pcm.length > 0) push(server, resampled(server, pcm, rateHz));
}

function resampled(server: Server, pcm: Int16Array, rateHz: number): Int16Array {
  if (server.input?.rateHz !== rateHz) {
    if (server.input !== null) push(server, server.input.resampler.flush());
    server.input = { rateHz, resampler: new Resampler(rateHz, server.options.inputRateHz) };
  }
  return server.input.resampler.process(pcm);
}

function push({ state, options, port }: Server, pcm: Int16Array): void {
  if (pcm.length === 0) return;
  const atMs = (state.inputSamples * 1000) / options.inputRateHz;
  state.inputSamples += pcm.length;
  port.emit({ t: 'audio', pcm, atMs });
}

function image(server: Server, { data, mimeType }: Blob): void {
  if (typeof data !== 'string') return closeWith(server, 1007, invalidArgument);
  const { state, options } = server;
  const atMs = (state.inputSamples * 1000) / options.inputRateHz;
  command(server, 'other', (cmd) => ({
    t: 'image',
    cmd,
    data: base64ToBytes(data),
    mime: mimeType ?? 'image/jpeg',
    atMs,
  }));
}

function streamEnd(server: Server): void {
  if (isManual(server)) return closeWith(server, 1007, invalidArgument);
  flush(server);
  command(server, 'other', (cmd) => ({ t: 'activity', cmd, edge: 'flush' }));
}

function activityStart(server: Server): void {
  const { state } = server;
  if (!isManual(server) || state.activity !== 'none') return closeWith(server, 1007, invalidArgument);
  state.activity = 'open';
  if (state.setup?.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION') cutForClient(server);
  command(server, 'other', (cmd) => ({ t: 'activity', cmd, edge: 'start' }));
}

function activityEnd(server: Server): void {
  const { state } = server;
  if (!isManual(server) || state.activity === 'none') return closeWith(server, 1007, invalidArgument);
  if (state.activity === 'open') {
    send(server, { serverContent: { turnComplete: true } });
    return closeWith(server, 1007, 'Precondition check failed.');
  }
  state.activity = 'none';
  flush(server);
  command(server, 'commit', (cmd) => ({ t: 'activity', cmd, edge: 'end' }));
  // Links that answer a manual turn by themselves take this for what it is: the same request.
  command(server, 'reply', (cmd) => ({ t: 'reply', cmd }));
}

/** The end of a turn's audio is in the resampler. */
function flush(server: Server): void {
  if (server.input === null) return;
  push(server, server.input.resampler.flush());
}

function isManual({ state }: Server): boolean {
  return state.setup?.realtimeInputConfig?.automaticActivityDetection?.disabled === true;
}
