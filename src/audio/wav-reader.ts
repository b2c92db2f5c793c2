import { type AudioFrame, StateError } from '../core/index.js';
import { concatPcm } from './pcm.js';
import { blockBytes, decodeWavSamples, malformed, parseWavFormat, type WavFormat } from './wav-format.js';

const none = new Int16Array(0);
/** A sane `fmt ` chunk has 16, 18 or 40 bytes. */
const fmtLimitBytes = 4096;
/** Writers to a pipe leave 0xFFFFFFFF, or a number just under 2 GiB; such a length means "to the end". */
const unknownFromBytes = 0x7fff_f000;

type State = 'riff' | 'chunk' | 'fmt' | 'skip' | 'data' | 'done';

/**
 * Streaming WAV reader: bytes in, interleaved 16-bit samples out, whatever the chunking. Reads 8, 16, 24 and 32-bit PCM,
 * 32-bit float, A-law and mu-law, also as WAVE_FORMAT_EXTENSIBLE; skips chunks it does not know; takes a data length
 * of 0xFFFFFFFF, or 0 in a file of length 0, to mean "to the end". Everything odd is a WireError `wav_malformed`. Holds
 * less than one header chunk and one block.
 */
export class WavReader {
  #state: State = 'riff';
  #format: WavFormat | undefined;
  /** Bytes that did not make a whole header or block yet. */
  #held: Uint8Array = new Uint8Array(0);
  /** Bytes left of the present chunk; Infinity when unknown. */
  #left = 0;
  #padded = false;
  #riffBytes = 0;
  #ended = false;

  /** Known once the header was read. */
  get format(): WavFormat | undefined {
    return this.#format;
  }

  /** Takes the next bytes; gives the samples they complete (none while in the header). Does not keep `bytes`. */
  push(bytes: Uint8Array): Int16Array {
    if (this.#ended) throw new StateError('closed', 'This WAV reader has ended.');
    let input = bytes;
    if (this.#held.length > 0) {
      input = new Uint8Array(this.#held.length + bytes.length);
      input.set(this.#held);
      input.set(bytes, this.#held.length);
    }
    const out: Int16Array[] = [];
    let at = 0;
    for (;;) {
      const used = this.#take(input.subarray(at), out);
      if (used === undefined) break;
      at += used;
    }
    this.#held = input.slice(at);
    return out.length === 0 ? none : out.length === 1 ? out[0]! : concatPcm(out);
  }

  /** Says that no more bytes come. WireError `wav_malformed` where the file ends too early; a second call does nothing. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    switch (this.#state) {
      case 'riff':
        throw malformed(`it ends after ${this.#held.length} bytes, within the 12 of its first header`);
      case 'data':
        if (this.#held.length > 0) throw malformed('it ends within a sample');
        if (Number.isFinite(this.#left) && this.#left > 0) {
          throw malformed(`it ends ${this.#left} bytes before the length that its header tells`);
        }
        return;
      case 'done':
        return;
      default:
        throw malformed('it ends before any audio, within its header');
    }
  }

  /** Uses up the front of `input`; undefined when more bytes are needed. */
  #take(input: Uint8Array, out: Int16Array[]): number | undefined {
    switch (this.#state) {
      case 'riff':
        return this.#riff(input);
      case 'chunk':
        return this.#chunk(input);
      case 'fmt': {
        if (input.length < this.#left) return undefined;
        const used = this.#left;
        this.#format = parseWavFormat(input.subarray(0, used));
        this.#skip(this.#padded ? 1 : 0);
        return used;
      }
      case 'skip': {
        if (input.length === 0 && this.#left > 0) return undefined;
        const used = Math.min(this.#left, input.length);
        this.#skip(this.#left - used);
        return used;
      }
      case 'data':
        return this.#data(input, out);
      case 'done':
        return input.length === 0 ? undefined : input.length;
    }
  }

  #riff(input: Uint8Array): number | undefined {
    if (input.length < 12) return undefined;
    const id = name(input, 0);
    if (id !== 'RIFF' || name(input, 8) !== 'WAVE') {
      throw malformed(`it begins with '${id}' and '${name(input, 8)}', not with 'RIFF' and 'WAVE'`);
    }
    this.#riffBytes = uint32(input, 4);
    this.#state = 'chunk';
    return 12;
  }

  #chunk(input: Uint8Array): number | undefined {
    if (input.length < 8) return undefined;
    const id = name(input, 0);
    const length = uint32(input, 4);
    this.#left = length;
    this.#padded = length % 2 !== 0;
    if (id === 'fmt ') {
      if (length > fmtLimitBytes) throw malformed(`its 'fmt ' chunk claims ${length} bytes`);
      this.#state = 'fmt';
    } else if (id === 'data') {
      if (this.#format === undefined) throw malformed("its 'data' chunk comes before its 'fmt ' chunk");
      const unfinished = length === 0 && this.#riffBytes === 0;
      if (unfinished || length >= unknownFromBytes) this.#left = Number.POSITIVE_INFINITY;
      this.#state = this.#left === 0 ? 'done' : 'data';
    } else {
      this.#skip(length + (this.#padded ? 1 : 0));
    }
    return 8;
  }

  #data(input: Uint8Array, out: Int16Array[]): number | undefined {
    const format = this.#format!;
    const block = blockBytes(format);
    const available = Math.min(input.length, this.#left);
    const used = available - (available % block);
    if (used === 0) {
      if (available === this.#left) throw malformed('its data does not divide into whole samples');
      return undefined;
    }
    // A copy: the caller may use its buffer again, and 16-bit samples are otherwise only viewed.
    out.push(decodeWavSamples(input.slice(0, used), format.encoding));
    this.#left -= used;
    if (this.#left === 0) this.#state = 'done';
    return used;
  }

  #skip(bytes: number): void {
    this.#left = bytes;
    this.#state = bytes === 0 ? 'chunk' : 'skip';
  }
}

/** Reads a whole WAV that is in memory. Errors as `WavReader`. */
export function parseWav(bytes: Uint8Array): AudioFrame {
  const reader = new WavReader();
  const pcm = reader.push(bytes);
  reader.end();
  return { pcm, sampleRateHz: reader.format!.sampleRateHz, channels: reader.format!.channels };
}

/** Reads a WAV from chunks of bytes; a frame for each chunk that completes samples. Errors as `WavReader`. */
export async function* readWav(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<AudioFrame> {
  const reader = new WavReader();
  for await (const bytes of source) {
    const pcm = reader.push(bytes);
    if (pcm.length === 0) continue;
    yield { pcm, sampleRateHz: reader.format!.sampleRateHz, channels: reader.format!.channels };
  }
  reader.end();
}

function name(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < at + 4; i++) {
    const code = bytes[i]!;
    text += code >= 32 && code < 127 ? String.fromCharCode(code) : '?';
  }
  return text;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
