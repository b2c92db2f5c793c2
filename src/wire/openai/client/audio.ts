import { base64ToBytes } from '../../../core/index.js';
import { audioToBase64, base64ToAudio, decodeAudio } from '../convert/index.js';
import type { AudioFormat } from '../events.js';
import type { ClientCore } from './core.js';

/** An event may hold 15 MiB; this is under 3 MiB of base64. */
const maxSamples = 1_000_000;

/** The hot path out: one template string, no JSON encoder. Base64 needs no escaping. */
export function sendAudio(core: ClientCore, pcm: Int16Array): void {
  for (let at = 0; at < pcm.length; at += maxSamples) {
    const piece = pcm.length <= maxSamples ? pcm : pcm.subarray(at, at + maxSamples);
    const audio = audioToBase64(piece, core.inputFormat);
    core.port.frame(`{"type":"input_audio_buffer.append","audio":"${audio}"}`);
  }
}

/** The hot path in. `whole` is false where what is not base64 was skipped or half a sample was cut off. */
export function readAudio(text: string, format: AudioFormat): { pcm: Int16Array; whole: boolean } {
  const pcm = base64ToAudio(text, format);
  return pcm === null
    ? { pcm: decodeAudio(base64ToBytes(text), format), whole: false }
    : { pcm, whole: true };
}
