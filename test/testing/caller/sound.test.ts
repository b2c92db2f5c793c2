import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { levelOf } from '../../../src/audio/index.js';
import {
  atSpeechLevel,
  burstLoss,
  coughBurst,
  dropFrames,
  dtmfTone,
  gainForSnr,
  mix,
  noise,
  noiseKinds,
  speakLine,
  speakSet,
  speechLevelDb,
  TelephoneLine,
  telephone,
  ticBurst,
  ticKinds,
} from '../../../src/testing/caller/sound/index.js';

const seeds = fc.integer({ min: 0, max: 1e6 });

/** Power of one frequency in a recording, relative to all of it: 1 for a pure tone. */
function share(pcm: Int16Array, hz: number, sampleRateHz: number): number {
  let [re, im, all] = [0, 0, 0];
  for (let i = 0; i < pcm.length; i++) {
    const angle = (2 * Math.PI * hz * i) / sampleRateHz;
    re += pcm[i]! * Math.cos(angle);
    im += pcm[i]! * Math.sin(angle);
    all += pcm[i]! ** 2;
  }
  return (2 * (re * re + im * im)) / (pcm.length * all);
}

function tone(hz: number, sampleRateHz: number, ms = 400): Int16Array {
  return Int16Array.from({ length: (sampleRateHz * ms) / 1000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / sampleRateHz)),
  );
}

/** Pitch of the loudest 40 ms, by autocorrelation, between 60 and 320 Hz. */
function pitchHz(pcm: Int16Array, sampleRateHz: number): number {
  const size = sampleRateHz / 25;
  let loudest = 0;
  for (let at = 0, most = -1; at + 2 * size < pcm.length; at += size / 2) {
    const level = levelOf(pcm.subarray(at, at + size)).rmsDbfs + 200;
    if (level > most) [loudest, most] = [at, level];
  }
  let [best, lag] = [0, 0];
  for (let candidate = Math.ceil(sampleRateHz / 320); candidate < sampleRateHz / 60; candidate++) {
    let [sum, left, right] = [0, 1, 1];
    for (let i = loudest; i < loudest + size; i++) {
      const [a, b] = [pcm[i]!, pcm[i + candidate] ?? 0];
      sum += a * b;
      left += a * a;
      right += b * b;
    }
    const alike = sum / Math.sqrt(left * right);
    if (alike > best + 0.05) [best, lag] = [alike, candidate];
  }
  return sampleRateHz / lag;
}

describe('noise', () => {
  test.each(noiseKinds)(
    '%s: as long and as loud as asked, the same for the same seed, of no offset',
    (kind) => {
      fc.assert(
        fc.property(seeds, fc.constantFrom(8000, 16_000, 24_000), (seed, sampleRateHz) => {
          const options = { sampleRateHz, levelDb: -30 };
          const one = noise(kind, seed, 1000, options);
          expect(one.length).toBe(sampleRateHz);
          expect(Math.abs(levelOf(one).rmsDbfs + 30)).toBeLessThan(0.3);
          expect(Buffer.from(one.buffer).equals(Buffer.from(noise(kind, seed, 1000, options).buffer))).toBe(
            true,
          );
          expect(
            Buffer.from(one.buffer).equals(Buffer.from(noise(kind, seed + 1, 1000, options).buffer)),
          ).toBe(false);
          const mean = one.reduce((sum, sample) => sum + sample, 0) / one.length;
          expect(Math.abs(mean)).toBeLessThan(200);
        }),
        { numRuns: 3 },
      );
    },
  );

  it('hum is at the mains, white is nowhere in particular', () => {
    expect(share(noise('hum', 1, 2000), 50, 24_000)).toBeGreaterThan(0.2);
    expect(share(noise('white', 1, 2000), 50, 24_000)).toBeLessThan(0.01);
  });

  it('an unknown kind is refused by its name', () => {
    expect(() => noise('rain' as 'pink', 1, 10)).toThrow(/no noise 'rain': use white, pink/);
  });
});

describe('bursts', () => {
  test.each(ticKinds)('%s: short, as loud as asked at its peak, begins at once, dies away', (kind) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const burst = ticBurst(kind, seed, { peakDb: -8 });
        expect(Math.abs(levelOf(burst).peakDbfs + 8)).toBeLessThan(0.1);
        expect(burst.length / 24).toBeLessThan(750);
        const [front, end] = [burst.subarray(0, 0.2 * burst.length), burst.subarray(0.97 * burst.length)];
        expect(levelOf(front).rmsDbfs).toBeGreaterThan(levelOf(end).rmsDbfs + 6);
      }),
      { numRuns: 20 },
    );
  });

  it('another seed coughs otherwise', () => {
    expect(coughBurst(1)).toEqual(coughBurst(1));
    expect(coughBurst(1)).not.toEqual(coughBurst(2));
  });
});

describe('telephone', () => {
  test.each([8000, 16_000, 24_000, 48_000])(
    '%i Hz: passes its band, stops what lies outside, keeps length',
    (hz) => {
      const through = (toneHz: number) => {
        const sent = tone(toneHz, hz);
        const got = telephone(sent, hz);
        expect(got.length).toBe(sent.length);
        return levelOf(got).rmsDbfs - levelOf(sent).rmsDbfs;
      };
      expect(Math.abs(through(1000))).toBeLessThan(0.5);
      expect(through(100)).toBeLessThan(-24);
      expect(through(3900)).toBeLessThan(-6);
      if (hz > 8000) expect(through(6000)).toBeLessThan(-40);
    },
  );

  it('a stream of frames is the same as one piece', () => {
    const whole = tone(700, 8000);
    const line = new TelephoneLine();
    const frames: number[] = [];
    for (let at = 0; at < whole.length; at += 160) frames.push(...line.process(whole.subarray(at, at + 160)));
    expect(Int16Array.from(frames)).toEqual(new TelephoneLine().process(whole));
  });
});

describe('frame loss', () => {
  it('loses its share, in bursts of about the length asked for', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(0.01, 0.05, 0.2),
        fc.constantFrom(20, 100, 200),
        (seed, rate, burstMs) => {
          const isLost = burstLoss({ rate, burstMs }, seed);
          const frames = Array.from({ length: 30_000 }, isLost);
          const lost = frames.filter(Boolean).length;
          const bursts = frames.filter((gone, i) => gone && !frames[i - 1]).length;
          expect(lost / frames.length / rate).toBeGreaterThan(0.6);
          expect(lost / frames.length / rate).toBeLessThan(1.5);
          expect((20 * lost) / bursts / burstMs).toBeGreaterThan(0.6);
          expect((20 * lost) / bursts / burstMs).toBeLessThan(1.7);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('lost frames are silent, the others untouched', () => {
    const whole = tone(440, 8000, 2000);
    const holed = dropFrames(whole, 8000, { rate: 0.3 }, 5);
    for (let at = 0; at < whole.length; at += 160) {
      const frame = holed.subarray(at, at + 160);
      if (frame.some((sample) => sample !== 0)) expect(frame).toEqual(whole.subarray(at, at + 160));
    }
    expect(holed).not.toEqual(whole);
  });

  test.each([
    [{ rate: 1 }, /rate is from 0 to below 1/],
    [{ rate: 0.1, burstMs: 10 }, /burstMs is at least one frame/],
  ])('%j → refused', (options, message) => {
    expect(() => burstLoss(options, 1)).toThrow(message);
  });
});

describe('mixing and levels', () => {
  it('sums by place and gain, and clips', () => {
    const one = new Int16Array(10).fill(1000);
    const sum = mix(1000, { pcm: one }, { pcm: one, atMs: 5, gainDb: 20 });
    expect([...sum.subarray(0, 5)]).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(sum[5]).toBe(11_000);
    expect(sum.length).toBe(15);
    expect(mix(1000, { pcm: one, gainDb: 60 })[0]).toBe(32_767);
  });

  it('the level of speech does not depend on its pauses', () => {
    const loud = tone(300, 24_000);
    const paused = mix(24_000, { pcm: loud, atMs: 2000 });
    expect(Math.abs(speechLevelDb(paused, 24_000) - speechLevelDb(loud, 24_000))).toBeLessThan(0.2);
    expect(Math.abs(speechLevelDb(atSpeechLevel(paused, 24_000, -20), 24_000) + 20)).toBeLessThan(0.2);
    expect(atSpeechLevel(new Int16Array(480), 24_000, -20)).toEqual(new Int16Array(480));
  });

  it('a noise at some SNR is that far below the speech', () => {
    const speech = tone(300, 24_000);
    const hiss = noise('white', 1, 400);
    const gain = gainForSnr(speech, hiss, 24_000, 15);
    const set = mix(24_000, { pcm: hiss, gainDb: gain });
    expect(speechLevelDb(speech, 24_000) - levelOf(set).rmsDbfs).toBeCloseTo(15, 0);
  });

  it('a key sounds its two tones', () => {
    const five = dtmfTone('5');
    expect(share(five, 770, 24_000)).toBeGreaterThan(0.4);
    expect(share(five, 1336, 24_000)).toBeGreaterThan(0.4);
    expect(() => dtmfTone('x')).toThrow(/'x' is no key/);
  });
});

describe('voices', () => {
  it('speaks at the level, rate and pitch asked for, once', async () => {
    const text = 'When do you open on Thursday?';
    const [plain, fast, high, again] = await speakSet([
      { text, voice: 'rms' },
      { text, voice: 'rms', rate: 1.4 },
      { text, voice: 'rms', pitch: 1.25, levelDb: -30 },
      { text, voice: 'rms' },
    ]);
    expect(again).toBe(plain);
    expect(plain!.durationMs / fast!.durationMs).toBeGreaterThan(1.25);
    expect(plain!.durationMs / fast!.durationMs).toBeLessThan(1.55);
    expect(high!.durationMs / plain!.durationMs).toBeGreaterThan(0.9);
    expect(high!.durationMs / plain!.durationMs).toBeLessThan(1.1);
    expect(pitchHz(high!.pcm, 24_000) / pitchHz(plain!.pcm, 24_000)).toBeGreaterThan(1.1);
    expect(speechLevelDb(plain!.pcm, 24_000)).toBeCloseTo(-23, 0);
    expect(speechLevelDb(high!.pcm, 24_000)).toBeCloseTo(-30, 0);
    expect(plain!.words.map((word) => word.text)).toEqual(text.split(' '));
    expect(plain!.words.at(-1)!.toMs).toBeLessThanOrEqual(plain!.durationMs + 1);
  });

  it('what it cannot do is refused, and not remembered', async () => {
    await expect(speakLine({ text: 'hello', rate: 9 })).rejects.toThrow('rate is from 0.5 to 2, not 9.');
    await expect(speakLine({ text: 'hello', voice: 'bob' as 'rms' })).rejects.toThrow('no voice "bob"');
  });
});
