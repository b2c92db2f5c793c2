import { type FileHandle, open } from 'node:fs/promises';
import { concatPcm, interleave, WavWriter } from '../../audio/index.js';
import { ConfigError } from '../../core/index.js';

const blockBytes = 65_536;
const none = new Int16Array(0);

/**
 * Writes a WAV of two channels while its two lines come in, each at its own pace: what has both sides goes to the file
 * in blocks. A recording that is cut off has a header of unknown length and is readable to its end.
 */
export class Recorder {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #writer: WavWriter;
  #left: Int16Array = none;
  #right: Int16Array = none;
  #blocks: Int16Array[] = [];
  #waitingBytes = 0;
  #closed = false;

  private constructor(path: string, file: FileHandle, sampleRateHz: number) {
    this.#path = path;
    this.#file = file;
    this.#writer = new WavWriter({ sampleRateHz, channels: 2 });
  }

  /** ConfigError `file_unwritable` where the file cannot be made. */
  static async open(path: string, sampleRateHz: number): Promise<Recorder> {
    let file: FileHandle;
    try {
      file = await open(path, 'w');
    } catch (thrown) {
      throw unwritable(path, thrown);
    }
    const recorder = new Recorder(path, file, sampleRateHz);
    await recorder.#append(recorder.#writer.header());
    return recorder;
  }

  push(left: Int16Array, right: Int16Array): void {
    const lefts = this.#left.length === 0 ? left : concatPcm([this.#left, left]);
    const rights = this.#right.length === 0 ? right : concatPcm([this.#right, right]);
    const count = Math.min(lefts.length, rights.length);
    this.#left = lefts.slice(count);
    this.#right = rights.slice(count);
    if (count === 0) return;
    const block = interleave(lefts.subarray(0, count), rights.subarray(0, count));
    this.#blocks.push(block);
    this.#waitingBytes += block.byteLength;
  }

  /** Writes what waits once it is a block; await it between pushes. ConfigError `file_unwritable` when the disk refuses. */
  async drain(atLeastBytes = blockBytes): Promise<void> {
    if (this.#closed || this.#waitingBytes === 0 || this.#waitingBytes < atLeastBytes) return;
    const block = concatPcm(this.#blocks);
    this.#blocks = [];
    this.#waitingBytes = 0;
    await this.#append(this.#writer.encode(block));
  }

  /** Fills the shorter side with silence, writes the rest, patches the header. Twice does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const missing = this.#left.length - this.#right.length;
    this.push(new Int16Array(Math.max(0, -missing)), new Int16Array(Math.max(0, missing)));
    try {
      await this.drain(0);
      this.#closed = true;
      await this.#append(this.#writer.header(this.#writer.dataBytes), 0);
    } finally {
      this.#closed = true;
      await this.#file.close();
    }
  }

  async #append(bytes: Uint8Array, position?: number): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) {
        const place = position === undefined ? null : position + at;
        at += (await this.#file.write(bytes, at, bytes.length - at, place)).bytesWritten;
      }
    } catch (thrown) {
      throw unwritable(this.#path, thrown);
    }
  }
}

function unwritable(path: string, thrown: unknown): ConfigError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConfigError('file_unwritable', `Cannot write ${path}: ${reason}`, {
    cause: thrown,
    param: 'output',
  });
}
