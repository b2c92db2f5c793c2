import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameEnds } from '../../src/net/frame-ends.js';
import { frame, text } from './raw-frames.js';

/** What the reader would hand over as it is (`=`) and as a copy (`+`), chunk by chunk. */
function read(chunks: readonly Uint8Array[]): string[] {
  const ends = new FrameEnds();
  return chunks.map((chunk) => {
    const from = ends.finish(chunk);
    const to = ends.whole(chunk, from);
    if (to < chunk.length) ends.pass(chunk, to);
    return `+${from}=${to - from}+${chunk.length - to}`;
  });
}

describe('where frames end', () => {
  const long = text('a'.repeat(300));
  const huge = text('b'.repeat(70_000));
  const ping = frame(0x9, new Uint8Array(4));
  const part = frame(0x1, new Uint8Array(4), { fin: false });
  const masked = frame(0x1, new Uint8Array(4), { mask: true });
  const rows: [name: string, chunks: Uint8Array[], says: string[]][] = [
    ['one message', [text('hey')], ['+0=5+0']],
    ['an empty one', [text('')], ['+0=2+0']],
    ['two in one chunk', [join(text('hey'), long)], ['+0=309+0']],
    ['a length of eight bytes', [huge], ['+0=70010+0']],
    ['cut in its payload', [long.subarray(0, 100), long.subarray(100)], ['+0=0+100', '+204=0+0']],
    ['cut in its header', [long.subarray(0, 3), join(long.subarray(3), text('x'))], ['+0=0+3', '+301=3+0']],
    ['cut after one byte', [huge.subarray(0, 1), huge.subarray(1)], ['+0=0+1', '+70009=0+0']],
    ['a ping, and what follows', [join(ping, text('x')), text('y')], ['+0=0+9', '+0=3+0']],
    ['a ping behind a message', [join(text('x'), ping)], ['+0=3+6']],
    ['a piece of a message', [part, text('x')], ['+0=0+6', '+0=3+0']],
    ['a mask, which counts', [masked.subarray(0, 3), masked.subarray(3)], ['+0=0+3', '+7=0+0']],
    ['nothing', [new Uint8Array()], ['+0=0+0']],
  ];
  it.each(rows)('%s', (_, chunks, says) => {
    expect(read(chunks)).toEqual(says);
  });

  it('says the same of every byte however the stream is cut, but for messages that are', () => {
    const message = fc.oneof(
      fc.nat(70_000).map((size) => text('t'.repeat(size))),
      fc
        .record({ opcode: fc.constantFrom(0x0, 0x2, 0x9, 0xa), size: fc.nat(300) })
        .map(({ opcode, size }) => frame(opcode, new Uint8Array(size))),
    );
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (frames, cuts) => {
          const stream = join(...frames);
          const starts = new Set([0]);
          for (const { length } of frames) starts.add(Math.max(...starts) + length);
          const ends = new FrameEnds();
          let at = 0;
          for (const chunk of pieces(stream, cuts)) {
            const from = ends.finish(chunk);
            const to = ends.whole(chunk, from);
            if (to < chunk.length) ends.pass(chunk, to);
            // What is handed over as it is begins and ends between two frames.
            if (from < chunk.length) expect(starts.has(at + from)).toBe(true);
            if (to > from) expect(starts.has(at + to)).toBe(true);
            at += chunk.length;
          }
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.map((cut) => cut % (stream.length + 1)).sort((one, other) => one - other);
  return [0, ...places].map((from, index) => stream.subarray(from, places[index] ?? stream.length));
}
