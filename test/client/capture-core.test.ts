import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCaptureCore } from '../../src/client/capture-core.js';

const capture = (frameSamples: number, chunks: Float32Array[]) => {
  const core = createCaptureCore(frameSamples);
  const frames: { pcm: Int16Array; level: number }[] = [];
  for (const chunk of chunks) core.push(chunk, (pcm, level) => frames.push({ pcm, level }));
  return frames;
};

it('any chunking gives the same frames, each with memory of its own', () => {
  const samples = fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 2000 });
  fc.assert(
    fc.property(samples, fc.array(fc.integer({ min: 1, max: 300 })), (all, cuts) => {
      const chunks: Float32Array[] = [];
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        chunks.push(all.subarray(at, at + cut));
        at += cut;
      }
      const frames = capture(480, chunks);
      expect(frames.length).toBe(Math.floor(all.length / 480));
      const joined = frames.flatMap((frame) => [...frame.pcm]);
      for (const [i, value] of joined.entries()) {
        expect(Math.abs(value - Math.max(-32768, Math.min(32767, all[i]! * 32768)))).toBeLessThanOrEqual(0.5);
      }
      expect(new Set(frames.map((frame) => frame.pcm.buffer)).size).toBe(frames.length);
    }),
  );
});

it('clips, takes NaN for silence, and tells the level', () => {
  const [frame] = capture(4, [Float32Array.of(2, -2, Number.NaN, 0)]);
  expect([...frame!.pcm]).toEqual([32767, -32768, 0, 0]);
  expect(frame!.level).toBeCloseTo(Math.SQRT1_2, 3);
});
