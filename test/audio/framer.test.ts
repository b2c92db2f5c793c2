import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatPcm, Framer } from '../../src/audio/index.js';
import { chunked } from './tone.js';

describe('Framer', () => {
  it('makes exact frames of any chunking and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 6 }),
        (pcm, size, sizes) => {
          const frames: Int16Array[] = [];
          const framer = new Framer(size, (frame) => frames.push(frame));
          for (const chunk of chunked(pcm, sizes)) {
            framer.push(chunk);
            expect(framer.pendingSamples).toBeLessThan(size);
          }
          expect(frames.every((frame) => frame.length === size)).toBe(true);
          expect(frames.length).toBe(Math.floor(pcm.length / size));
          framer.flush();
          expect(concatPcm(frames)).toEqual(Int16Array.from(pcm));
        },
      ),
    );
  });

  it('gives frames that later pushes do not touch', () => {
    const frames: Int16Array[] = [];
    const framer = new Framer(2, (frame) => frames.push(frame));
    for (const sample of [1, 2, 3, 4, 5]) framer.push(Int16Array.of(sample));
    expect(frames.map((frame) => [...frame])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('flushes the rest once, and drops it on reset', () => {
    const frames: Int16Array[] = [];
    const framer = new Framer(4, (frame) => frames.push(frame));
    framer.push(Int16Array.of(1, 2, 3));
    framer.flush();
    framer.flush();
    framer.push(Int16Array.of(4));
    framer.reset();
    framer.flush();
    expect(frames.map((frame) => [...frame])).toEqual([[1, 2, 3]]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses frames of %d samples', (size) => {
    expect(() => new Framer(size, () => {})).toThrow(expect.objectContaining({ code: 'option_invalid' }));
  });
});
