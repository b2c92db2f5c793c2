import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmFromBase64Portable, pcmToBase64Portable } from '../../src/audio/base64.js';
import {
  applyGain,
  concatPcm,
  interleave,
  levelOf,
  mixToMono,
  pcmFromBase64,
  pcmFromBytes,
  pcmFromFloat,
  pcmToBase64,
  pcmToBytes,
  pcmToFloat,
} from '../../src/audio/index.js';
import { tone } from './tone.js';

const malformed = expect.objectContaining({ name: 'WireError', code: 'audio_malformed' });

describe('bytes', () => {
  it('are little-endian, also where they are not aligned', () => {
    const bytes = Uint8Array.of(9, 0x01, 0x02, 0xff, 0xff);
    expect([...pcmFromBytes(bytes.subarray(1))]).toEqual([0x0201, -1]);
    expect([...pcmToBytes(Int16Array.of(0x0201, -1))]).toEqual([0x01, 0x02, 0xff, 0xff]);
  });

  it('keep to their view of a larger buffer', () => {
    const all = Int16Array.of(1, 2, 3, 4);
    expect([...pcmFromBytes(pcmToBytes(all.subarray(1, 3)))]).toEqual([2, 3]);
  });

  it('of odd count are an error', () => {
    expect(() => pcmFromBytes(new Uint8Array(3))).toThrow(malformed);
  });
});

describe.each([
  { name: 'Node', decode: pcmFromBase64, encode: pcmToBase64 },
  { name: 'any browser', decode: pcmFromBase64Portable, encode: pcmToBase64Portable },
])('base64 in $name', ({ decode, encode }) => {
  it('goes both ways, padded or not', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 300 }), (pcm) => {
        const text = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
        expect(encode(pcm)).toBe(text);
        expect(decode(text)).toEqual(Int16Array.from(pcm));
        expect(decode(text.replaceAll('=', ''))).toEqual(Int16Array.from(pcm));
      }),
    );
  });

  it.each([
    ['one letter', 'A'],
    ['an odd count of bytes', 'AAAA'],
    ['letters that are none', 'AA*A*AA='],
    ['white space', 'AAA AAA='],
    ['padding in the middle', 'AA==AAA='],
    ['letters beyond Latin-1', 'AAA\u0141AAA='],
  ])('refuses %s', (_, text) => {
    expect(() => decode(text)).toThrow(malformed);
  });

  it('takes nothing for nothing', () => {
    expect(decode('')).toHaveLength(0);
    expect(encode(new Int16Array(0))).toBe('');
  });
});

describe('floats', () => {
  it('give back every sample', () => {
    const every = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
    expect(pcmFromFloat(pcmToFloat(every))).toEqual(every);
  });

  it('are clipped and rounded', () => {
    expect([...pcmFromFloat(Float32Array.of(2, 1, -1, -2, 0.6 / 32768, Number.NaN))]).toEqual([
      32767, 32767, -32768, -32768, 1, 0,
    ]);
  });
});

describe('channels', () => {
  it('are mixed to their mean', () => {
    expect([...mixToMono(Int16Array.of(32767, 32767, -32768, 32767, 3, 0), 2)]).toEqual([32767, 0, 2]);
    expect([...mixToMono(Int16Array.of(1, 2, 6), 3)]).toEqual([3]);
  });

  it('pass through where there is one', () => {
    const pcm = Int16Array.of(1, 2);
    expect(mixToMono(pcm, 1)).toBe(pcm);
  });

  it('must divide the samples', () => {
    expect(() => mixToMono(new Int16Array(3), 2)).toThrow(malformed);
    expect(() => mixToMono(new Int16Array(3), 0)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    );
  });

  it('are interleaved left first', () => {
    expect([...interleave(Int16Array.of(1, 2), Int16Array.of(3, 4))]).toEqual([1, 3, 2, 4]);
  });
});

describe('gain and level', () => {
  it('moves the level by as many decibels', () => {
    const pcm = tone(1000, 24_000, 2400);
    expect(levelOf(applyGain(pcm, -6)).rmsDbfs - levelOf(pcm).rmsDbfs).toBeCloseTo(-6, 2);
  });

  it('clips at full scale', () => {
    expect([...applyGain(Int16Array.of(20_000, -20_000), 20)]).toEqual([32767, -32768]);
  });

  it('knows full scale, a full sine and silence', () => {
    expect(levelOf(Int16Array.of(-32768, -32768))).toEqual({ rmsDbfs: 0, peakDbfs: 0 });
    expect(levelOf(tone(1000, 48_000, 4800, 32_767)).rmsDbfs).toBeCloseTo(-3.01, 2);
    expect(levelOf(new Int16Array(10))).toEqual({ rmsDbfs: -100, peakDbfs: -100 });
    expect(levelOf(new Int16Array(0))).toEqual({ rmsDbfs: -100, peakDbfs: -100 });
  });
});

it('concatPcm puts chunks end to end', () => {
  expect([...concatPcm([Int16Array.of(1), new Int16Array(0), Int16Array.of(2, 3)])]).toEqual([1, 2, 3]);
});
