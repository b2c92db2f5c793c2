import { WireError } from '../core/errors.js';
import { pcmToBytes } from './pcm.js';

// Node's Buffer does it in native code; a browser has none.
const nodeBuffer: typeof Buffer | undefined = globalThis.Buffer;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const codeOf = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const sextetOf = new Uint8Array(256).fill(255);
for (let value = 0; value < 64; value++) sextetOf[codeOf[value]!] = value;
const padding = 61; // '='

/**
 * Base64 of little-endian 16-bit audio, straight into the samples it returns. Padding may be missing. WireError
 * `audio_malformed` for anything that is not base64 and for an odd number of bytes.
 */
export function pcmFromBase64(text: string): Int16Array<ArrayBuffer> {
  return nodeBuffer === undefined ? pcmFromBase64Portable(text) : pcmFromBase64Node(text, nodeBuffer);
}

/** Samples as base64 of their little-endian bytes, padded. */
export function pcmToBase64(pcm: Int16Array): string {
  if (nodeBuffer === undefined) return pcmToBase64Portable(pcm);
  return nodeBuffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}

function pcmFromBase64Node(text: string, buffer: typeof Buffer): Int16Array<ArrayBuffer> {
  const out = new Int16Array(sampleCount(text));
  // Node skips what is not base64 and takes the URL alphabet too: the first shows in the count of bytes.
  const written = buffer.from(out.buffer).write(text, 'base64');
  if (written !== out.byteLength) throw notBase64();
  return out;
}

/** Without Node's Buffer; exported for the test that holds both ways together. */
export function pcmFromBase64Portable(text: string): Int16Array<ArrayBuffer> {
  const out = new Int16Array(sampleCount(text));
  const bytes = pcmToBytes(out);
  let word = 0;
  let bits = 0;
  let at = 0;
  const end = unpaddedLength(text);
  for (let i = 0; i < end; i++) {
    const value = sextetOf[text.charCodeAt(i)] ?? 255;
    if (value === 255) throw notBase64();
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = word >> bits;
    }
  }
  return out;
}

/** Without Node's Buffer; exported for the test that holds both ways together. */
export function pcmToBase64Portable(pcm: Int16Array): string {
  const bytes = pcmToBytes(pcm);
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out[at++] = codeOf[word >> 18]!;
    out[at++] = codeOf[(word >> 12) & 63]!;
    out[at++] = left > 1 ? codeOf[(word >> 6) & 63]! : padding;
    out[at++] = left > 2 ? codeOf[word & 63]! : padding;
  }
  return new TextDecoder().decode(out);
}

function unpaddedLength(text: string): number {
  let length = text.length;
  if (length > 0 && text.charCodeAt(length - 1) === padding) length -= 1;
  if (length > 0 && text.charCodeAt(length - 1) === padding) length -= 1;
  return length;
}

function sampleCount(text: string): number {
  const letters = unpaddedLength(text);
  if (letters % 4 === 1) throw notBase64();
  const bytes = Math.floor((letters * 3) / 4);
  if (bytes % 2 !== 0) {
    throw new WireError('audio_malformed', `16-bit audio has an even number of bytes, not ${bytes}.`);
  }
  return bytes / 2;
}

function notBase64(): WireError {
  return new WireError('audio_malformed', 'The audio is not base64.');
}
