import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatPcm, levelOf, Resampler, resamplerRatesHz } from '../../src/audio/index.js';
import { chunked, fitSine, tone } from './tone.js';

const pairs = resamplerRatesHz.flatMap((fromHz) =>
  resamplerRatesHz.filter((toHz) => toHz !== fromHz).map((toHz) => ({ fromHz, toHz })),
);

function convert(pcm: Int16Array, fromHz: number, toHz: number, sizes: readonly number[]): Int16Array {
  const resampler = new Resampler(fromHz, toHz);
  const out = chunked(pcm, sizes).map((chunk) => resampler.process(chunk));
  return concatPcm([...out, resampler.flush()]);
}

/** Without the edges, where the filter meets the silence before and after. */
function middle(pcm: Int16Array, rateHz: number): Int16Array {
  const edge = Math.ceil(rateHz * 0.006);
  return pcm.subarray(edge, pcm.length - edge);
}

describe.each(pairs)('$fromHz -> $toHz Hz', ({ fromHz, toHz }) => {
  it('keeps a 1 kHz tone in strength, place and purity', () => {
    const out = convert(tone(1000, fromHz, fromHz / 2), fromHz, toHz, [fromHz / 50]);
    const edge = Math.ceil(toHz * 0.006);
    const fit = fitSine(middle(out, toHz), 1000, toHz);
    expect(fit.snrDb).toBeGreaterThan(60);
    expect(20 * Math.log10(fit.amplitude / 20_000)).toBeCloseTo(0, 1);
    // The phase that a sine from sample 0 has after the edge: no delay is left.
    const turns = (1000 * edge) / toHz - fit.phase / (2 * Math.PI);
    expect(turns - Math.round(turns)).toBeCloseTo(0, 3);
  });
});

describe.each(pairs.filter(({ fromHz, toHz }) => toHz < fromHz))(
  'down: $fromHz -> $toHz Hz',
  ({ fromHz, toHz }) => {
    it('silences every tone above the new Nyquist', () => {
      const nyquistHz = toHz / 2;
      const input = levelOf(tone(1000, fromHz, fromHz)).rmsDbfs;
      for (let hz = nyquistHz * 1.005; hz < fromHz / 2; hz += nyquistHz * 0.04) {
        const out = middle(convert(tone(hz, fromHz, fromHz / 4), fromHz, toHz, [4000]), toHz);
        expect(input - levelOf(out).rmsDbfs, `${Math.round(hz)} Hz`).toBeGreaterThan(60);
      }
    });
  },
);

describe('Resampler', () => {
  const anyPair = fc.constantFrom(...pairs);
  const anyPcm = fc.int16Array({ maxLength: 4000 });
  const anySizes = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 8 });

  it('keeps the duration within one sample over any chunking', () => {
    fc.assert(
      fc.property(anyPair, anyPcm, anySizes, ({ fromHz, toHz }, pcm, sizes) => {
        const out = convert(pcm, fromHz, toHz, sizes);
        expect(Math.abs(out.length - (pcm.length * toHz) / fromHz)).toBeLessThan(1);
      }),
    );
  });

  it('gives the same samples over any chunking', () => {
    fc.assert(
      fc.property(anyPair, anyPcm, anySizes, ({ fromHz, toHz }, pcm, sizes) => {
        expect(convert(pcm, fromHz, toHz, sizes)).toEqual(convert(pcm, fromHz, toHz, [pcm.length + 1]));
      }),
    );
  });

  it('lags by half a filter at most while streaming', () => {
    const resampler = new Resampler(24_000, 16_000);
    const out = resampler.process(new Int16Array(24_000));
    expect(16_000 - out.length).toBeLessThanOrEqual(24);
  });

  it('starts anew after flush and after reset', () => {
    const pcm = tone(440, 24_000, 3000);
    const resampler = new Resampler(24_000, 16_000);
    const first = concatPcm([resampler.process(pcm), resampler.flush()]);
    const second = concatPcm([resampler.process(pcm), resampler.flush()]);
    expect(second).toEqual(first);
    resampler.process(pcm);
    resampler.reset();
    expect(concatPcm([resampler.process(pcm), resampler.flush()])).toEqual(first);
  });

  it('clips instead of wrapping round', () => {
    const square = Int16Array.from({ length: 480 }, (_, i) => (i % 48 < 24 ? 32767 : -32768));
    const out = convert(square, 48_000, 44_100, [480]);
    expect(Math.max(...out)).toBe(32767);
    expect(Math.min(...out)).toBe(-32768);
  });

  it('keeps a minute of 44.1 kHz in step', () => {
    const resampler = new Resampler(44_100, 24_000);
    const chunk = new Int16Array(441_000);
    let samples = 0;
    for (let i = 0; i < 6; i++) samples += resampler.process(chunk).length;
    samples += resampler.flush().length;
    expect(samples).toBe(24_000 * 60);
  });

  it('passes equal rates through without a copy', () => {
    const resampler = new Resampler(16_000, 16_000);
    const pcm = tone(440, 16_000, 320);
    expect(resampler.process(pcm)).toBe(pcm);
    expect(resampler.flush()).toHaveLength(0);
  });

  it.each([
    [11_025, 16_000],
    [16_000, 0],
    [Number.NaN, 16_000],
  ])('refuses %d -> %d', (fromHz, toHz) => {
    expect(() => new Resampler(fromHz, toHz)).toThrow(
      expect.objectContaining({ name: 'ConfigError', code: 'option_invalid' }),
    );
  });
});
