import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from '../../../audio/index.js';
import { base64ToBytes, bytesToBase64 } from '../../../core/index.js';
import type { AudioFormat } from '../events.js';

export const pcm24k: AudioFormat = { type: 'audio/pcm', rate: 24_000 };

/** Samples per second of a format: 24000 for PCM, 8000 for both laws. */
export function formatRateHz(format: AudioFormat): number {
  return format.type === 'audio/pcm' ? format.rate : 8000;
}

/** Milliseconds of audio in that many bytes of a format. */
export function bytesToMs(bytes: number, format: AudioFormat): number {
  return format.type === 'audio/pcm' ? bytes / ((2 * format.rate) / 1000) : bytes / 8;
}

/** Samples at the format's rate, as bytes of that format. PCM bytes share the samples' memory. */
export function encodeAudio(pcm: Int16Array, format: AudioFormat): Uint8Array {
  switch (format.type) {
    case 'audio/pcm':
      return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    case 'audio/pcmu':
      return encodeMuLaw(pcm);
    case 'audio/pcma':
      return encodeALaw(pcm);
  }
}

/** Bytes of a format as samples at its rate. An odd last byte of PCM is left out. PCM samples share the bytes' memory where they can. */
export function decodeAudio(bytes: Uint8Array, format: AudioFormat): Int16Array {
  switch (format.type) {
    case 'audio/pcm': {
      const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
      return new Int16Array(even.buffer, even.byteOffset, even.byteLength >> 1);
    }
    case 'audio/pcmu':
      return decodeMuLaw(bytes);
    case 'audio/pcma':
      return decodeALaw(bytes);
  }
}

/** Samples at the format's rate, as the base64 text that the wire carries. */
export function audioToBase64(pcm: Int16Array, format: AudioFormat): string {
  return bytesToBase64(encodeAudio(pcm, format));
}

/** Base64 text as bytes, or `null` where it is not base64 through and through. */
export function strictBase64(text: string): Uint8Array | null {
  let digits = text.length;
  while (digits > 0 && digits > text.length - 2 && text.charCodeAt(digits - 1) === 61) digits -= 1;
  if (digits % 4 === 1) return null;
  const bytes = base64ToBytes(text);
  // What is not base64 was skipped, so it shows in the length.
  return bytes.length === Math.floor((digits * 3) / 4) ? bytes : null;
}

/** Base64 text of a format as samples at its rate, or `null` where it is not base64 or holds half a sample. */
export function base64ToAudio(text: string, format: AudioFormat): Int16Array | null {
  const bytes = strictBase64(text);
  if (bytes === null || (format.type === 'audio/pcm' && bytes.length % 2 !== 0)) return null;
  return decodeAudio(bytes, format);
}
