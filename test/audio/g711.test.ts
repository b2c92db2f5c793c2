import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from '../../src/audio/index.js';

const everySample = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);

/**
 * The positive half of a law as the tables of Recommendation G.711 give it: per segment the step, and 16 (mu-law's
 * first: 15 and a half one) intervals. `scale` brings its unit to 16 bits.
 */
interface Law {
  scale: number;
  /** Upper decision values of the 128 intervals, in table units. */
  ends: number[];
  /** Quantised values of the 128 intervals. */
  values: number[];
  /** The character signal of interval i, for a positive value. */
  byteOf(i: number): number;
}

function law(steps: readonly number[], first: 'half' | 'whole', scale: number, byteOf: Law['byteOf']): Law {
  const ends: number[] = [];
  const values: number[] = [];
  let from = 0;
  for (const step of steps) {
    for (let k = 0; k < 16; k++) {
      const half = first === 'half' && ends.length === 0;
      const to = from + (half ? step / 2 : step);
      // Mu-law's first interval is decoded to 0, all others to their middle.
      values.push(half ? 0 : (from + to) / 2);
      ends.push(to);
      from = to;
    }
  }
  return { scale, ends, values, byteOf };
}

const muLaw = law([2, 4, 8, 16, 32, 64, 128, 256], 'half', 4, (i) => 0xff - i);
const aLaw = law([2, 2, 4, 8, 16, 32, 64, 128], 'whole', 8, (i) => (0x80 | i) ^ 0x55);

const cases = [
  { name: 'mu-law', law: muLaw, encode: encodeMuLaw, decode: decodeMuLaw, top: 8159 },
  { name: 'A-law', law: aLaw, encode: encodeALaw, decode: decodeALaw, top: 4096 },
];

describe.each(cases)('$name', ({ law, encode, decode, top }) => {
  it('ends where the recommendation says (the check checked)', () => {
    expect(law.ends).toHaveLength(128);
    expect(law.ends[127]).toBe(top);
  });

  it('decodes all 256 values', () => {
    const expected = new Int16Array(256);
    law.values.forEach((value, i) => {
      expected[law.byteOf(i)] = value * law.scale;
      expected[law.byteOf(i) ^ 0x80] = -value * law.scale;
    });
    expect(decode(everyByte)).toEqual(expected);
  });

  it('encodes all 65,536 values', () => {
    const expected = new Uint8Array(65_536);
    for (let n = 0; n < 65_536; n++) {
      const sample = everySample[n]!;
      // G.191 takes a negative value's one's complement: -1 lies as near to zero as 0 does.
      const magnitude = (sample < 0 ? -1 - sample : sample) / law.scale;
      const interval = law.ends.findIndex((end) => magnitude < end);
      const byte = law.byteOf(interval < 0 ? 127 : interval);
      expected[n] = sample < 0 ? byte ^ 0x80 : byte;
    }
    expect(encode(everySample)).toEqual(expected);
  });

  it('gives back what it decoded', () => {
    const codes = encode(decode(everyByte));
    // Mu-law has two zeros, of which encoding knows the positive one.
    expect([...codes].filter((code, i) => code !== i)).toEqual(law === muLaw ? [0xff] : []);
  });
});

describe('G.711', () => {
  // Digests of the output of G.191's reference program (openitu/STL, src/g711) for samples -32768..32767 and bytes 0..255.
  it.each([
    ['mu-law', encodeMuLaw, '90c29de505fb68e766118303bd552a16005dcf810873698bee1d8f3b247ce28c'],
    ['A-law', encodeALaw, '38488f6fd710f4686360edc4d38639f96c491595ef93f8eb8d62d5e07ca6ce7b'],
  ])('encodes %s as the reference does', (_, encode, digest) => {
    expect(createHash('sha256').update(encode(everySample)).digest('hex')).toBe(digest);
  });

  it.each([
    ['mu-law', decodeMuLaw, '3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827'],
    ['A-law', decodeALaw, 'e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174'],
  ])('decodes %s as the reference does', (_, decode, digest) => {
    const pcm = decode(everyByte);
    const digested = createHash('sha256').update(new Uint8Array(pcm.buffer)).digest('hex');
    expect(digested).toBe(digest);
  });
});
