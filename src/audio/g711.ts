/**
 * G.711 mu-law and A-law, bit-exact with the reference of ITU-T G.191 (which takes the magnitude of a negative sample as
 * its one's complement, so -1 and 0 fall into the same interval on either side of zero). One byte per sample, 8 kHz by custom.
 */

const muLawBias = 33;
const muLawClip = 0x1fff;

const muLawOf = new Uint8Array(65_536);
const aLawOf = new Uint8Array(65_536);
const ofMuLaw = new Int16Array(256);
const ofALaw = new Int16Array(256);

for (let bits = 0; bits < 65_536; bits++) {
  const sample = (bits << 16) >> 16;
  muLawOf[bits] = compressMuLaw(sample);
  aLawOf[bits] = compressALaw(sample);
}
for (let byte = 0; byte < 256; byte++) {
  ofMuLaw[byte] = expandMuLaw(byte);
  ofALaw[byte] = expandALaw(byte);
}

export function encodeMuLaw(pcm: Int16Array): Uint8Array<ArrayBuffer> {
  return encode(pcm, muLawOf);
}

export function decodeMuLaw(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  return decode(bytes, ofMuLaw);
}

export function encodeALaw(pcm: Int16Array): Uint8Array<ArrayBuffer> {
  return encode(pcm, aLawOf);
}

export function decodeALaw(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  return decode(bytes, ofALaw);
}

function encode(pcm: Int16Array, table: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) out[i] = table[pcm[i]! & 0xffff]!;
  return out;
}

function decode(bytes: Uint8Array, table: Int16Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]!]!;
  return out;
}

/** Sign bit (1 = positive), 3 bits of segment, 4 of interval, magnitude bits inverted. G.711 table 2. */
function compressMuLaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + muLawBias, muLawClip);
  const segment = 26 - Math.clz32(magnitude);
  const interval = (magnitude >> (segment + 1)) & 0x0f;
  return (sample < 0 ? 0x7f : 0xff) ^ ((segment << 4) | interval);
}

function expandMuLaw(byte: number): number {
  const segment = (~byte >> 4) & 7;
  const interval = ~byte & 0x0f;
  // The middle of the interval, in 14 bits left-justified to 16.
  const magnitude = (((2 * interval + 33) << segment) - muLawBias) << 2;
  return byte < 0x80 ? -magnitude : magnitude;
}

/** Sign bit (1 = positive), 3 bits of segment, 4 of interval, even bits inverted. G.711 table 1. */
function compressALaw(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const interval = (segment === 0 ? magnitude : magnitude >> (segment - 1)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | interval) ^ 0x55;
}

function expandALaw(byte: number): number {
  const segment = ((byte ^ 0x55) >> 4) & 7;
  const interval = (byte ^ 0x55) & 0x0f;
  const middle = 2 * interval + 1 + (segment === 0 ? 0 : 32);
  const magnitude = (segment === 0 ? middle : middle << (segment - 1)) << 3;
  return byte < 0x80 ? -magnitude : magnitude;
}
