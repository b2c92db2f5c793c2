import { WireError } from '../core/errors.js';
import { decodeALaw, decodeMuLaw } from './g711.js';
import { clip, pcmFromBytes } from './pcm.js';

/** What a WAV's `fmt ` chunk says. */
export interface WavFormat {
  readonly encoding: WavEncoding;
  readonly sampleRateHz: number;
  readonly channels: number;
}

export type WavEncoding = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'alaw' | 'mulaw';

// Format tags of Microsoft's mmreg.h.
const tagPcm = 1;
const tagFloat = 3;
const tagALaw = 6;
const tagMuLaw = 7;
const tagExtensible = 0xfffe;

const encodings: readonly { tag: number; bits: number; encoding: WavEncoding }[] = [
  { tag: tagPcm, bits: 8, encoding: 'u8' },
  { tag: tagPcm, bits: 16, encoding: 's16' },
  { tag: tagPcm, bits: 24, encoding: 's24' },
  { tag: tagPcm, bits: 32, encoding: 's32' },
  { tag: tagFloat, bits: 32, encoding: 'f32' },
  { tag: tagALaw, bits: 8, encoding: 'alaw' },
  { tag: tagMuLaw, bits: 8, encoding: 'mulaw' },
];

const bytesOf: Readonly<Record<WavEncoding, number>> = {
  u8: 1,
  s16: 2,
  s24: 3,
  s32: 4,
  f32: 4,
  alaw: 1,
  mulaw: 1,
};

/** Bytes of one sample of each channel. */
export function blockBytes(format: WavFormat): number {
  return bytesOf[format.encoding] * format.channels;
}

/** Reads the body of a `fmt ` chunk; WireError `wav_malformed` with what is odd about it. */
export function parseWavFormat(body: Uint8Array): WavFormat {
  if (body.length < 16) throw malformed(`its 'fmt ' chunk has ${body.length} bytes, not 16 or more`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const block = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let tag = view.getUint16(0, true);
  if (tag === tagExtensible) {
    if (body.length < 40) throw malformed(`its extensible 'fmt ' chunk has ${body.length} bytes, not 40`);
    // The first two bytes of the sub-format's GUID are the plain tag.
    tag = view.getUint16(24, true);
  }
  if (channels === 0) throw malformed('its header says 0 channels');
  if (sampleRateHz === 0) throw malformed('its header says 0 samples per second');
  const encoding = encodings.find((row) => row.tag === tag && row.bits === bits)?.encoding;
  if (encoding === undefined) {
    throw malformed(
      `its samples are of format ${tag} with ${bits} bits; readable are 8, 16, 24 and 32-bit PCM, 32-bit float, A-law and mu-law`,
    );
  }
  const format: WavFormat = { encoding, sampleRateHz, channels };
  if (block !== blockBytes(format)) {
    throw malformed(
      `its header says ${block} bytes per block, but ${channels} channels of ${bits} bits make ${blockBytes(format)}`,
    );
  }
  return format;
}

/** Samples of any encoding as 16-bit ones; `bytes` must be whole samples. */
export function decodeWavSamples(bytes: Uint8Array, encoding: WavEncoding): Int16Array {
  switch (encoding) {
    case 's16':
      return pcmFromBytes(bytes);
    case 'alaw':
      return decodeALaw(bytes);
    case 'mulaw':
      return decodeMuLaw(bytes);
    case 'u8':
      return Int16Array.from(bytes, (byte) => (byte - 128) << 8);
    case 's24':
      return wide(bytes, 3);
    case 's32':
      return wide(bytes, 4);
    case 'f32':
      return float(bytes);
  }
}

/** The two upper bytes, rounded by the one below. */
function wide(bytes: Uint8Array, width: 3 | 4): Int16Array {
  const out = new Int16Array(bytes.length / width);
  for (let i = 0; i < out.length; i++) {
    const top = (i + 1) * width - 1;
    const sample = ((bytes[top]! << 24) >> 16) | bytes[top - 1]!;
    out[i] = Math.min(32767, sample + (bytes[top - 2]! >> 7));
  }
  return out;
}

function float(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Int16Array(bytes.length / 4);
  for (let i = 0; i < out.length; i++) {
    out[i] = clip(view.getFloat32(i * 4, true) * 32768);
  }
  return out;
}

export function malformed(what: string): WireError {
  return new WireError('wav_malformed', `This is not a WAV that can be read: ${what}.`);
}
