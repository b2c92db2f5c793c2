import type { AudioFrame } from '../core/frame.js';
import { pcmToBytes } from './pcm.js';

/** Length of the header that `WavWriter` makes. */
export const wavHeaderBytes = 44;
const unknown = 0xffff_ffff;

/**
 * Streaming writer of 16-bit WAV. Write `header()` first, then what `encode` gives; at the end put
 * `header(writer.dataBytes)` over the first 44 bytes. Left as it is, the first header says "length unknown", which
 * readers take as "to the end".
 */
export class WavWriter {
  readonly sampleRateHz: number;
  readonly channels: number;
  #dataBytes = 0;

  constructor(format: { sampleRateHz: number; channels: number }) {
    this.sampleRateHz = format.sampleRateHz;
    this.channels = format.channels;
  }

  /** Bytes of audio encoded so far. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** The 44 bytes before `totalBytes` of audio; without it, or where it does not fit 32 bits, the length is unknown. */
  header(totalBytes?: number): Uint8Array<ArrayBuffer> {
    const known = totalBytes !== undefined && totalBytes + 36 < unknown;
    const bytes = new Uint8Array(wavHeaderBytes);
    const view = new DataView(bytes.buffer);
    const block = this.channels * 2;
    ascii(bytes, 0, 'RIFF');
    view.setUint32(4, known ? totalBytes + 36 : unknown, true);
    ascii(bytes, 8, 'WAVEfmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, this.channels, true);
    view.setUint32(24, this.sampleRateHz, true);
    view.setUint32(28, this.sampleRateHz * block, true);
    view.setUint16(32, block, true);
    view.setUint16(34, 16, true);
    ascii(bytes, 36, 'data');
    view.setUint32(40, known ? totalBytes : unknown, true);
    return bytes;
  }

  /** Interleaved samples as bytes (a view of `pcm`), counted. */
  encode(pcm: Int16Array): Uint8Array {
    this.#dataBytes += pcm.byteLength;
    return pcmToBytes(pcm);
  }
}

/** A whole 16-bit WAV in memory. */
export function encodeWav(frame: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(wavHeaderBytes + frame.pcm.byteLength);
  bytes.set(new WavWriter(frame).header(frame.pcm.byteLength));
  bytes.set(pcmToBytes(frame.pcm), wavHeaderBytes);
  return bytes;
}

function ascii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}
