import { bytesToBase64 } from '../../../core/index.js';
import { outputRateHz, pcmToBlob } from '../convert/pcm.js';
import { type Server, send, sendText } from './context.js';

/** Audio as a message of the model, in as many parts as is asked for. False: the connection is to fail instead. */
export function sendPcm(server: Server, pcm: Int16Array): boolean {
  const { state, options } = server;
  const { failAtAudioMessage, partsPerMessage = 1, lateAudioMs } = options.faults ?? {};
  state.audioMessages += 1;
  if (state.audioMessages === failAtAudioMessage) return false;
  if (lateAudioMs !== undefined) state.lastAudio = pcm;
  if (partsPerMessage > 1) {
    const length = Math.ceil(pcm.length / partsPerMessage);
    const parts = [];
    for (let at = 0; at < pcm.length; at += length) {
      parts.push({ inlineData: pcmToBlob(pcm.subarray(at, at + length), outputRateHz) });
    }
    send(server, { serverContent: { modelTurn: { role: 'model', parts } } });
    return true;
  }
  // Base64 needs no escaping, so the envelope is written around it.
  const data = bytesToBase64(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  sendText(
    server,
    `{"serverContent":{"modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm;rate=${outputRateHz}","data":"${data}"}}]}}}`,
  );
  return true;
}

/** Audio of the cut turn that was under way when it was cut. */
export function lateAudio(server: Server): void {
  const { lateAudioMs } = server.options.faults ?? {};
  const { lastAudio } = server.state;
  if (lateAudioMs === undefined || lastAudio === null) return;
  const pcm = new Int16Array(Math.round((lateAudioMs * outputRateHz) / 1000));
  for (let at = 0; at < pcm.length; at++) pcm[at] = lastAudio[at % lastAudio.length]!;
  const inlineData = pcmToBlob(pcm, outputRateHz);
  send(server, { serverContent: { modelTurn: { role: 'model', parts: [{ inlineData }] } } });
}

/** Words that nobody said. */
export function junkTranscription(server: Server): void {
  const { junkTranscription: text } = server.options.faults ?? {};
  if (text !== undefined) send(server, { serverContent: { inputTranscription: { text } } });
}
