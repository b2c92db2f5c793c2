import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatPcm,
  encodeALaw,
  encodeMuLaw,
  encodeWav,
  parseWav,
  readWav,
  WavReader,
  WavWriter,
  wavHeaderBytes,
} from '../../src/audio/index.js';

const pcm = Int16Array.from({ length: 600 }, (_, i) => ((i * 7919) % 65_536) - 32_768);

function chunk(id: string, body: Uint8Array, length = body.length): Uint8Array {
  const out = new Uint8Array(8 + body.length + (body.length % 2));
  out.set(new TextEncoder().encode(id));
  new DataView(out.buffer).setUint32(4, length, true);
  out.set(body, 8);
  return out;
}

interface Fmt {
  tag?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
  block?: number;
  /** Plain tag within an extensible header. */
  sub?: number;
}

function fmt({ tag = 1, channels = 1, rateHz = 16_000, bits = 16, block, sub }: Fmt = {}): Uint8Array {
  const body = new Uint8Array(sub === undefined ? 16 : 40);
  const view = new DataView(body.buffer);
  const blockBytes = block ?? (channels * bits) / 8;
  view.setUint16(0, sub === undefined ? tag : 0xfffe, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, rateHz, true);
  view.setUint32(8, rateHz * blockBytes, true);
  view.setUint16(12, blockBytes, true);
  view.setUint16(14, bits, true);
  if (sub !== undefined) {
    view.setUint16(16, 22, true);
    view.setUint16(18, bits, true);
    view.setUint16(24, sub, true);
    body.set([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 26);
  }
  return chunk('fmt ', body);
}

function wav(...chunks: Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return Uint8Array.from(chunk('RIFF', body));
}

const bytesOf = (samples: Int16Array) => new Uint8Array(samples.slice().buffer);

describe('a WAV', () => {
  it.each([1, 2])('of %d channels is read back as written, over any chunking', (channels) => {
    const bytes = encodeWav({ pcm, sampleRateHz: 22_050, channels });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        const reader = new WavReader();
        const out: Int16Array[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length]!;
          out.push(reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        reader.end();
        expect(reader.format).toEqual({ encoding: 's16', sampleRateHz: 22_050, channels });
        expect(out.every((part) => part.length % channels === 0)).toBe(true);
        expect(concatPcm(out)).toEqual(pcm);
      }),
    );
  });

  it('is read from a stream, and the samples outlive its buffer', async () => {
    const bytes = encodeWav({ pcm, sampleRateHz: 8000, channels: 1 });
    async function* source() {
      const buffer = new Uint8Array(100);
      for (let at = 0; at < bytes.length; at += 100) {
        const part = bytes.subarray(at, at + 100);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
      }
    }
    const parts: Int16Array[] = [];
    for await (const frame of readWav(source())) {
      expect(frame).toMatchObject({ sampleRateHz: 8000, channels: 1 });
      parts.push(frame.pcm);
    }
    expect(concatPcm(parts)).toEqual(pcm);
  });

  const samples = Int16Array.of(0, 256, -256, 32_512, -32_768);
  const at = (width: number, put: (view: DataView, offset: number, sample: number) => void) => {
    const view = new DataView(new ArrayBuffer(samples.length * width));
    for (const [i, sample] of samples.entries()) put(view, i * width, sample);
    return new Uint8Array(view.buffer);
  };
  it.each([
    ['8-bit', fmt({ bits: 8 }), at(1, (v, o, s) => v.setUint8(o, (s >> 8) + 128))],
    [
      '24-bit',
      fmt({ bits: 24 }),
      at(3, (v, o, s) => {
        v.setUint8(o, 0x7f);
        v.setInt16(o + 1, s, true);
      }),
    ],
    ['32-bit', fmt({ bits: 32 }), at(4, (v, o, s) => v.setInt32(o, s * 65_536 + 0x7fff, true))],
    ['float', fmt({ tag: 3, bits: 32 }), at(4, (v, o, s) => v.setFloat32(o, s / 32_768, true))],
    ['extensible 16-bit', fmt({ sub: 1 }), at(2, (v, o, s) => v.setInt16(o, s, true))],
    ['extensible float', fmt({ sub: 3, bits: 32 }), at(4, (v, o, s) => v.setFloat32(o, s / 32_768, true))],
  ])('of %s samples is converted', (_, header, data) => {
    expect([...parseWav(wav(header, chunk('data', data))).pcm]).toEqual([...samples]);
  });

  it('of more bits is rounded, and clipped where that would overflow', () => {
    const data = Uint8Array.of(0x80, 0x00, 0x00, 0xff, 0xff, 0x7f);
    expect([...parseWav(wav(fmt({ bits: 24 }), chunk('data', data))).pcm]).toEqual([1, 32_767]);
    const loud = new Uint8Array(Float32Array.of(1.5, -1.5, Number.NaN).buffer);
    const floats = parseWav(wav(fmt({ tag: 3, bits: 32 }), chunk('data', loud))).pcm;
    expect([...floats]).toEqual([32_767, -32_768, 0]);
  });

  it('of G.711 is decoded', () => {
    const quiet = Int16Array.of(8, -8);
    expect([...parseWav(wav(fmt({ tag: 6, bits: 8 }), chunk('data', encodeALaw(quiet)))).pcm]).toEqual([
      8, -8,
    ]);
    const zero = Int16Array.of(0);
    expect([...parseWav(wav(fmt({ tag: 7, bits: 8 }), chunk('data', encodeMuLaw(zero)))).pcm]).toEqual([0]);
  });

  it('may have unknown chunks before, between and behind, of odd length too', () => {
    const noise = (length: number) => chunk('LIST', new Uint8Array(length).fill(7));
    const file = wav(noise(5), fmt(), noise(70_001), chunk('data', bytesOf(pcm)), noise(3));
    expect(parseWav(file).pcm).toEqual(pcm);
  });

  it.each([
    ['0xFFFFFFFF', 0xffff_ffff],
    ['just under 2 GiB', 0x7fff_f024],
  ])('with a length of %s is read to the end', (_, length) => {
    expect(parseWav(wav(fmt(), chunk('data', bytesOf(pcm), length))).pcm).toEqual(pcm);
  });

  it('whose writer never came back to its header is read to the end', () => {
    const file = wav(fmt(), chunk('data', bytesOf(pcm), 0));
    new DataView(file.buffer).setUint32(4, 0, true);
    expect(parseWav(file).pcm).toEqual(pcm);
  });

  it('of no samples is read', () => {
    expect(parseWav(wav(fmt(), chunk('data', new Uint8Array(0)))).pcm).toHaveLength(0);
  });
});

describe('a WAV that is none', () => {
  const good = encodeWav({ pcm, sampleRateHz: 16_000, channels: 1 });
  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /ends after 0 bytes/],
    ['cut in its first header', good.subarray(0, 7), /ends after 7 bytes/],
    ['cut in fmt', good.subarray(0, 30), /within its header/],
    ['cut in the data header', good.subarray(0, 40), /within its header/],
    ['cut in the data', good.subarray(0, 644), /ends 600 bytes before/],
    [
      'cut in a sample',
      wav(fmt(), chunk('data', new Uint8Array(4), 0xffff_ffff)).subarray(0, -1),
      /within a sample/,
    ],
    ['an MP3', new TextEncoder().encode('ID3\u0003 and then some music'), /begins with 'ID3\?'/],
    ['big-endian', new TextEncoder().encode('RIFX____WAVE'), /begins with 'RIFX'/],
    ['without fmt', wav(chunk('data', new Uint8Array(2))), /'data' chunk comes before/],
    ['with a short fmt', wav(chunk('fmt ', new Uint8Array(14))), /14 bytes, not 16/],
    [
      'with a short extensible fmt',
      wav(chunk('fmt ', Uint8Array.of(0xfe, 0xff, ...new Uint8Array(16)))),
      /18 bytes, not 40/,
    ],
    ['with a huge fmt', wav(chunk('fmt ', new Uint8Array(16), 1_000_000)), /claims 1000000 bytes/],
    ['of 0 channels', wav(fmt({ channels: 0 })), /0 channels/],
    ['of rate 0', wav(fmt({ rateHz: 0 })), /0 samples per second/],
    ['of ADPCM', wav(fmt({ tag: 2, bits: 4, block: 1 })), /format 2 with 4 bits/],
    ['of 64-bit float', wav(fmt({ tag: 3, bits: 64 })), /format 3 with 64 bits/],
    [
      'of odd blocks',
      wav(fmt({ channels: 2, block: 3 })),
      /3 bytes per block, but 2 channels of 16 bits make 4/,
    ],
    ['of data that do not divide', wav(fmt(), chunk('data', new Uint8Array(5))), /whole samples/],
    ['of a header alone', wav(fmt()), /before any audio/],
  ])('(%s) gets a clear error', (_, bytes, sentence) => {
    expect(() => parseWav(bytes)).toThrow(
      expect.objectContaining({
        name: 'WireError',
        code: 'wav_malformed',
        message: expect.stringMatching(sentence),
      }),
    );
  });

  it('never makes the reader throw anything else, or hang', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 6,
        }),
        fc.integer({ min: 0, max: good.length }),
        (edits, length) => {
          const bytes = good.slice(0, length);
          for (const [place, value] of edits) if (place < length) bytes[place] = value;
          try {
            parseWav(bytes);
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'wav_malformed' });
          }
        },
      ),
    );
  });

  it('takes nothing after its end', () => {
    const reader = new WavReader();
    reader.push(good);
    reader.end();
    reader.end();
    expect(() => reader.push(good)).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('WavWriter', () => {
  it('is readable before and after the header was patched', () => {
    const writer = new WavWriter({ sampleRateHz: 24_000, channels: 2 });
    const parts = [writer.header(), writer.encode(pcm.subarray(0, 200)), writer.encode(pcm.subarray(200))];
    const open = Uint8Array.from(Buffer.concat(parts));
    expect(parseWav(open)).toEqual({ pcm, sampleRateHz: 24_000, channels: 2 });
    expect(writer.dataBytes).toBe(1200);
    open.set(writer.header(writer.dataBytes));
    expect(open).toEqual(encodeWav({ pcm, sampleRateHz: 24_000, channels: 2 }));
    expect(new DataView(open.buffer).getUint32(4, true)).toBe(open.length - 8);
  });

  it('says "unknown" where the length does not fit', () => {
    const header = new WavWriter({ sampleRateHz: 8000, channels: 1 }).header(2 ** 33);
    expect(header).toHaveLength(wavHeaderBytes);
    expect(new DataView(header.buffer).getUint32(40, true)).toBe(0xffff_ffff);
  });
});
