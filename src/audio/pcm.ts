import { ConfigError, WireError } from '../core/errors.js';

/*
 * 16-bit linear PCM. Bytes are little-endian, as on every wire; the views below rely on the machine being so too,
 * which all that run browsers or Node's released builds for desktops, phones and servers (but s390x) are.
 */

/**
 * Little-endian bytes as samples: a view where the bytes are aligned (do not change them afterwards), else a copy.
 * WireError `audio_malformed` for an odd count.
 */
export function pcmFromBytes(bytes: Uint8Array): Int16Array {
  if (bytes.byteLength % 2 !== 0) {
    throw new WireError(
      'audio_malformed',
      `16-bit audio has an even number of bytes, not ${bytes.byteLength}.`,
    );
  }
  if (bytes.byteOffset % 2 === 0) return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return new Int16Array(bytes.slice().buffer);
}

/** Samples as little-endian bytes: a view, no copy. */
export function pcmToBytes(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** Samples as floats in [-1, 1). */
export function pcmToFloat(pcm: Int16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) out[i] = pcm[i]! / 32768;
  return out;
}

/** Floats in [-1, 1] as samples, rounded; what lies outside is clipped, NaN becomes 0. */
export function pcmFromFloat(samples: Float32Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = clip(samples[i]! * 32768);
  return out;
}

export function concatPcm(chunks: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const out = new Int16Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/**
 * Mean of interleaved channels. One channel passes through without a copy. WireError `audio_malformed` where the samples
 * do not divide into channels, ConfigError `option_invalid` for a channel count that is none.
 */
export function mixToMono(pcm: Int16Array, channels: number): Int16Array {
  if (channels === 1) return pcm;
  if (!Number.isInteger(channels) || channels < 1) {
    throw new ConfigError('option_invalid', `Audio has 1 or more channels, not ${channels}.`, {
      param: 'channels',
    });
  }
  if (pcm.length % channels !== 0) {
    throw new WireError('audio_malformed', `${pcm.length} samples do not divide into ${channels} channels.`);
  }
  const out = new Int16Array(pcm.length / channels);
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += pcm[at++]!;
    out[i] = Math.round(sum / channels);
  }
  return out;
}

/** Two mono lines of equal length as one of two channels, `left` first. */
export function interleave(left: Int16Array, right: Int16Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(left.length * 2);
  for (let i = 0; i < left.length; i++) {
    out[2 * i] = left[i]!;
    out[2 * i + 1] = right[i]!;
  }
  return out;
}

/** A copy, louder or softer by `gainDb` decibels, clipped at full scale. */
export function applyGain(pcm: Int16Array, gainDb: number): Int16Array<ArrayBuffer> {
  const factor = 10 ** (gainDb / 20);
  const out = new Int16Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) out[i] = clip(pcm[i]! * factor);
  return out;
}

/** The nearest 16-bit sample; NaN becomes 0 when it is stored. */
export function clip(value: number): number {
  return value >= 32767 ? 32767 : value <= -32768 ? -32768 : Math.round(value);
}
