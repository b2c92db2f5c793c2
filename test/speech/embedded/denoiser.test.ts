import { describe, expect, it } from 'vitest';
import { Denoiser } from '../../../src/speech/embedded/openings/denoiser.js';
import { noise } from '../../../src/testing/caller/index.js';

const rateHz = 16_000;
const hiss = (ms: number) =>
  Float32Array.from(noise('pink', 3, ms, { sampleRateHz: rateHz, levelDb: -50 }), (value) => value / 32_768);
const tone = (samples: Float32Array, fromMs: number) =>
  samples.map((value, i) =>
    i < fromMs * 16 ? value : value + 0.2 * Math.sin((2 * Math.PI * 440 * i) / rateHz),
  );

function through(samples: Float32Array, chunk: number): Float32Array {
  const denoiser = new Denoiser();
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += chunk)
    out.push(...denoiser.process(samples.slice(at, at + chunk)));
  out.push(...denoiser.end());
  return Float32Array.from(out);
}

function levelDb(samples: Float32Array, fromMs: number, toMs: number): number {
  const part = samples.subarray(fromMs * 16, toMs * 16);
  return 10 * Math.log10(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

describe('the denoiser', () => {
  const heard = tone(hiss(1_000), 500);
  const clean = through(heard, 320);

  it('takes hiss off, and leaves what stands out', () => {
    expect(levelDb(heard, 100, 480) - levelDb(clean, 100, 480)).toBeGreaterThan(8);
    expect(Math.abs(levelDb(heard, 600, 950) - levelDb(clean, 600, 950))).toBeLessThan(0.5);
  });

  it('gives the same for any chunking, late by no more than 32 ms', () => {
    for (const chunk of [1, 160, 512, 1_000]) expect(through(heard, chunk)).toEqual(clean);
    expect(clean.length).toBeGreaterThanOrEqual(heard.length);
    expect(clean.length).toBeLessThanOrEqual(heard.length + 512);
    // The tone begins where it was.
    expect(levelDb(clean, 520, 540)).toBeGreaterThan(-25);
    expect(levelDb(clean, 440, 460)).toBeLessThan(-50);
  });

  it('gives silence for silence', () => {
    expect(through(new Float32Array(4_000), 320).every((value) => value === 0)).toBe(true);
  });
});
