import { base64ToBytes, bytesToBase64 } from '../../../core/index.js';
import type { Blob } from '../messages.js';

/** Live's native input rate. */
export const inputRateHz = 16_000;
/** Live's only output rate. */
export const outputRateHz = 24_000;

/** Mono PCM16, little-endian, as a blob. */
export function pcmToBlob(pcm: Int16Array, rateHz: number): Blob {
  return {
    data: bytesToBase64(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
    mimeType: `audio/pcm;rate=${rateHz}`,
  };
}

/** The samples of a blob; half a sample at the end is dropped. */
export function blobToPcm(data: string): Int16Array {
  const bytes = base64ToBytes(data);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}

/** Rate of `audio/pcm;rate=…`; `fallbackHz` where it says none; undefined where it is not PCM. */
export function pcmRateHz(mimeType: string | undefined, fallbackHz: number): number | undefined {
  const [type, ...parameters] = (mimeType ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'audio/pcm') return undefined;
  for (const parameter of parameters) {
    const match = /^\s*rate=(\d+)\s*$/.exec(parameter);
    if (match !== null) return Number(match[1]);
  }
  return fallbackHz;
}
