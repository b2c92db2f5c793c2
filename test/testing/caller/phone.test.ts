import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlaybackReport } from '../../../src/core/index.js';
import { Phone, type PhoneOptions } from '../../../src/testing/caller/phone/phone.js';
import { FakeClock } from '../../../src/testing/index.js';

const rateHz = 8000;
const ms = (count: number) => (count * rateHz) / 1000;
const loud = (count: number, value = 8000) => new Int16Array(ms(count)).fill(value);

function phone(line: PhoneOptions['line'] = {}) {
  const clock = new FakeClock();
  const frames: Int16Array[] = [];
  const reports: (PlaybackReport & { atMs: number })[] = [];
  const heard: string[] = [];
  const made = new Phone({
    clock,
    seed: 1,
    line: { sampleRateHz: rateHz, ...line },
    onFrame: (pcm) => frames.push(pcm),
    onPlayback: (report) => reports.push({ ...report, atMs: clock.now() }),
    onEar: ({ t, ...at }) => heard.push(`${t} ${Object.values(at).join('-')}`),
    onCleared: () => {},
    onOverflow: () => {},
  });
  return { clock, phone: made, frames, reports, heard };
}

describe('the telephone', () => {
  it('sends a frame each 20 ms, silent or not, and records both sides on one clock', async () => {
    const { clock, phone: at, frames } = phone();
    at.begin();
    await clock.advance(30);
    at.sound(loud(50));
    at.write(loud(100, 500));
    await clock.advance(170);
    expect(frames.map(({ length }) => length)).toEqual(Array(10).fill(ms(20)));
    at.end();
    const { caller, agent } = at.recording();
    expect(caller.length).toBe(ms(200));
    expect(agent.length).toBe(ms(200));
    expect(caller.findIndex((sample) => sample !== 0)).toBe(ms(30));
    expect(caller.findLastIndex((sample) => sample !== 0)).toBe(ms(80) - 1);
    expect(agent.findIndex((sample) => sample !== 0)).toBe(ms(30));
    expect(agent.findLastIndex((sample) => sample !== 0)).toBe(ms(130) - 1);
    expect(Int16Array.from(frames.flatMap((frame) => [...frame]))).toEqual(caller);
  });

  it('whatever is written and cleared when: what was played is what was recorded, and the position its length', async () => {
    const act = fc.oneof(
      fc.record({ t: fc.constant('write' as const), count: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ t: fc.constant('wait' as const), count: fc.double({ min: 0, max: 150, noNaN: true }) }),
      fc.record({ t: fc.constant('clear' as const), count: fc.constant(0) }),
      fc.record({ t: fc.constant('flush' as const), count: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 15 }), async (acts) => {
        const { clock, phone: at, reports } = phone();
        at.begin();
        for (const { t, count } of acts) {
          if (t === 'write') at.write(loud(count));
          else if (t === 'wait') await clock.advance(count);
          else if (t === 'flush') at.flush();
          else expect(at.clear()).toBe(at.playedMs);
        }
        const { playedMs } = at;
        at.end();
        const played = at.recording().agent.filter((sample) => sample !== 0).length;
        expect(played).toBe(Math.round(ms(playedMs)));
        const positions = reports.map((report) => report.playedMs);
        expect(positions).toEqual([...positions].sort((a, b) => a - b));
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('reports when it is due: the start with the first sample, the end with the last', async () => {
    const { clock, phone: at, reports } = phone();
    at.begin();
    await clock.advance(33);
    at.write(loud(45));
    at.flush();
    await clock.advance(100);
    expect(reports).toEqual([
      { phase: 'started', playedMs: 0, atMs: 33 },
      { phase: 'finished', playedMs: 45, atMs: 78 },
    ]);
  });

  it('hears the agent begin and stop, but not between two sentences', async () => {
    const { clock, phone: at, heard } = phone();
    at.begin();
    await clock.advance(100);
    at.write(loud(300));
    await clock.advance(800);
    at.write(loud(200));
    expect(at.isHearing).toBe(false);
    await clock.advance(100);
    expect(at.isHearing).toBe(true);
    await clock.advance(1000);
    expect(heard).toEqual(['started 100', 'stopped 100-1100']);
  });

  it('echo: what was heard comes back, later and softer', async () => {
    const { clock, phone: at } = phone({ echo: { levelDb: -20, delayMs: 100 } });
    at.begin();
    at.write(loud(50, 10_000));
    await clock.advance(300);
    const { caller } = at.recording();
    expect(caller.findIndex((sample) => sample !== 0)).toBe(ms(100));
    expect(caller[ms(120)]).toBe(1000);
    expect(caller.filter((sample) => sample !== 0).length).toBe(ms(50));
  });

  it('a repeated sound lasts as long as asked, and all that sound together are summed', async () => {
    const { clock, phone: at } = phone();
    at.begin();
    let done = 0;
    at.loop(loud(7, 100), 95, () => (done += 1));
    at.sound(loud(40, 30), () => (done += 1));
    await clock.advance(200);
    const { caller } = at.recording();
    expect(done).toBe(2);
    expect([caller[0], caller[ms(39)], caller[ms(41)], caller[ms(94)], caller[ms(95)]]).toEqual([
      130, 130, 100, 100, 0,
    ]);
  });

  it('a telephone line takes the bass away in both directions; lost frames are silent', async () => {
    const { clock, phone: at, frames } = phone({ telephone: true, loss: { rate: 0.3, burstMs: 40 } });
    expect(at.sampleRateHz).toBe(8000);
    at.begin();
    const bass = Int16Array.from(
      { length: ms(1000) },
      (_, i) => 8000 * Math.sin((2 * Math.PI * 60 * i) / rateHz),
    );
    const voice = Int16Array.from(
      { length: ms(1000) },
      (_, i) => 8000 * Math.sin((2 * Math.PI * 800 * i) / rateHz),
    );
    at.write(bass);
    at.sound(voice);
    await clock.advance(1000);
    const loudest = (pcm: Int16Array) => pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest(at.recording().agent.subarray(ms(500)))).toBeLessThan(200);
    const lost = frames.filter((frame) => loudest(frame) === 0).length;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(frames.length);
    expect(loudest(at.recording().caller)).toBeGreaterThan(7000);
  });

  it('after the end nothing is sent, played or left; sounds under way are done', async () => {
    const { clock, phone: at, frames } = phone();
    at.begin();
    let done = 0;
    at.sound(loud(500), () => (done += 1));
    at.write(loud(500));
    await clock.advance(100);
    at.end();
    at.end();
    expect(done).toBe(1);
    at.write(loud(10));
    at.sound(loud(10), () => (done += 1));
    expect(done).toBe(2);
    await clock.advance(100);
    expect(frames).toHaveLength(5);
    expect(clock.pending).toBe(0);
  });
});
