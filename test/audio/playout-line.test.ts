import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatPcm, PlayoutLine, type PlayoutReport } from '../../src/audio/index.js';

const rateHz = 1000; // a sample is a millisecond

function line() {
  const reports: string[] = [];
  const made = new PlayoutLine(rateHz, ({ phase, playedMs }) => reports.push(`${phase} ${playedMs}`));
  return { line: made, reports };
}
const samples = (count: number, from = 0) => Int16Array.from({ length: count }, (_, i) => from + i);

describe('PlayoutLine', () => {
  it('reports the start, the way and the end of an utterance', () => {
    const { line: out, reports } = line();
    out.write(samples(250));
    out.flush();
    for (let i = 0; i < 30; i++) out.play(10);
    expect(reports).toEqual(['started 0', 'position 100', 'position 200', 'finished 250']);
  });

  it('finishes at the mark, although more follows at once', () => {
    const { line: out, reports } = line();
    out.write(samples(40));
    out.flush();
    out.write(samples(30));
    out.play(70);
    expect(reports).toEqual(['started 0', 'finished 40']);
    expect(out.playedMs).toBe(70);
  });

  it('starts anew only after silence was drawn', () => {
    const { line: out, reports } = line();
    out.write(samples(20));
    out.play(20);
    out.write(samples(20));
    out.play(20);
    expect(reports).toEqual(['started 0']);
    out.play(1);
    out.write(samples(20));
    out.play(20);
    expect(reports).toEqual(['started 0', 'started 40']);
  });

  it('finishes an utterance that was played up, or empty, at the next draw', () => {
    const { line: out, reports } = line();
    out.flush();
    expect(out.untilReport).toBe(0);
    out.play(0);
    expect(reports).toEqual(['finished 0']);
  });

  it('goes on where a clear cut it, without the cut samples', () => {
    const { line: out, reports } = line();
    out.write(samples(100));
    out.flush();
    out.play(30);
    expect(out.clear()).toBe(30);
    out.write(samples(5, 500));
    const into = new Int16Array(5);
    expect(out.play(10, into)).toBe(5);
    expect([...into]).toEqual([500, 501, 502, 503, 504]);
    expect(out.playedMs).toBe(35);
    expect(reports).toEqual(['started 0', 'started 30']);
  });

  it('can be moved to an estimate', () => {
    const { line: out } = line();
    out.write(samples(10));
    out.play(10);
    out.moveTo(7.5);
    out.write(samples(10));
    out.play(4);
    expect(out.playedMs).toBe(11.5);
  });

  it('lets a listener clear and write while it reports', () => {
    const cleared: number[] = [];
    const out: PlayoutLine = new PlayoutLine(rateHz, (report: PlayoutReport) => {
      if (report.phase !== 'started') return;
      cleared.push(out.clear());
    });
    out.write(samples(50));
    out.play(20);
    out.play(20);
    expect(cleared).toEqual([20]);
    expect(out.playedMs).toBe(20);
  });

  it('says when the next report is due', () => {
    const { line: out } = line();
    expect(out.untilReport).toBeUndefined();
    out.write(samples(150));
    out.flush();
    expect(out.untilReport).toBe(0);
    out.play(0);
    expect(out.untilReport).toBe(100);
    out.play(100);
    expect(out.untilReport).toBe(50);
    out.play(50);
    expect(out.untilReport).toBeUndefined();
  });

  it('refuses more than ten minutes', () => {
    const { line: out } = line();
    expect(out.write(samples(600_000))).toBe(true);
    expect(out.write(samples(1))).toBe(false);
    expect(out.bufferedSamples).toBe(600_000);
  });

  it('plays every sample once, in order, however it is written and drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -90, max: 90 }), { maxLength: 60 }), (steps) => {
        const { line: out } = line();
        const played: Int16Array[] = [];
        let written = 0;
        for (const step of [...steps, -6000]) {
          if (step > 0) {
            out.write(samples(step, written));
            written += step;
          } else {
            const into = new Int16Array(-step);
            played.push(into.slice(0, out.play(-step, into)));
          }
        }
        expect([...concatPcm(played)]).toEqual([...samples(written)]);
        expect(out.playedMs).toBe(written);
      }),
    );
  });
});
