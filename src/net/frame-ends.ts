const fin = 0x80;
const text = 0x01;
const masked = 0x80;

/**
 * Where the frames of a WebSocket end (RFC 6455 5.2), over any cut of the stream. Of each chunk it says which part consists of
 * whole text messages, each in one frame: a reader that takes its input apart at once has done with those when it returns.
 */
export class FrameEnds {
  /** Bytes of the frame under way that have not come. */
  #owed = 0;
  /** Of a header that is cut. */
  #header: number[] = [];

  /** The end of what belongs to a frame that an earlier chunk began. */
  finish(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.#header.length > 0) {
      this.#header.push(chunk[at++] as number);
      this.#owed = this.#takeHeader(this.#header);
    }
    const rest = Math.min(this.#owed, chunk.length - at);
    this.#owed -= rest;
    return at + rest;
  }

  /** The end of the whole text messages that begin at `at`, between two frames. */
  whole(chunk: Uint8Array, at: number): number {
    let end = at;
    for (;;) {
      if (chunk[end] !== (fin | text)) return end;
      const size = frameSize(chunk, end);
      if (size === undefined || end + size > chunk.length) return end;
      end += size;
    }
  }

  /** Takes note of all the rest of the chunk: of `at`, between two frames, and what follows. */
  pass(chunk: Uint8Array, at: number): void {
    let end = at;
    while (end < chunk.length) {
      const size = frameSize(chunk, end);
      if (size === undefined) {
        this.#header = [...chunk.subarray(end)];
        return;
      }
      end += size;
    }
    this.#owed = end - chunk.length;
  }

  /** A header is complete: what is owed then; its bytes are let go. */
  #takeHeader(header: number[]): number {
    const size = frameSize(header, 0);
    if (size === undefined) return 0;
    const owed = size - header.length;
    this.#header = [];
    return owed;
  }
}

/** Bytes of the frame that begins there, with its header; undefined where that is cut. */
function frameSize(bytes: ArrayLike<number>, at: number): number | undefined {
  const second = bytes[at + 1];
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headerBytes = 2 + lengthBytes + ((second & masked) === 0 ? 0 : 4);
  if (at + headerBytes > bytes.length) return undefined;
  let length = lengthBytes === 0 ? short : 0;
  for (let place = 0; place < lengthBytes; place++) length = length * 256 + (bytes[at + 2 + place] as number);
  return headerBytes + length;
}
