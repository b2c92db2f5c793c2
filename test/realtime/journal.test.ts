import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Journal } from '../../src/realtime/engine/journal.js';

/** One sample a millisecond, each with its own value: what is read tells where it is from. */
const rateHz = 1_000;
const lengths = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 });

function filled(chunks: number[], limitMs: number): Journal {
  const journal = new Journal(rateHz, limitMs);
  let next = 0;
  for (const length of chunks) journal.push(Int16Array.from({ length }, () => next++));
  return journal;
}

const samples = (journal: Journal, fromMs: number, toMs?: number) =>
  journal.read(fromMs, toMs).flatMap(({ pcm }) => [...pcm]);
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, nth) => from + nth);

test('what is read is the line, to the sample, in one piece', () => {
  fc.assert(
    fc.property(lengths, fc.nat(9_000), fc.nat(9_000), (chunks, fromMs, toMs) => {
      const journal = filled(chunks, 100_000);
      expect(samples(journal, fromMs, toMs)).toEqual(range(fromMs, Math.min(toMs, journal.toMs)));
      let atMs = fromMs;
      for (const kept of journal.read(fromMs, toMs)) {
        expect(kept.atMs).toBe(atMs);
        atMs += kept.pcm.length;
      }
    }),
  );
});

test('never more than its limit is kept; what is kept is the latest', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 300 }), (chunks, limitMs) => {
      const journal = filled(chunks, limitMs);
      expect(journal.toMs - journal.fromMs).toBeLessThanOrEqual(limitMs);
      expect(samples(journal, 0)).toEqual(range(journal.fromMs, journal.toMs));
      // No more than the chunk that had to go is missing.
      expect(journal.toMs - journal.fromMs).toBeGreaterThan(Math.min(limitMs, journal.toMs) - 41);
    }),
  );
});

test('what is let go is let go, and nothing behind it', () => {
  fc.assert(
    fc.property(lengths, lengths, fc.nat(5_000), (chunks, more, keepMs) => {
      const journal = filled(chunks, 100_000);
      journal.keepFrom(keepMs);
      expect(journal.fromMs).toBeLessThanOrEqual(Math.max(keepMs, 0));
      let next = journal.toMs;
      for (const length of more) journal.push(Int16Array.from({ length }, () => next++));
      expect(samples(journal, 0)).toEqual(range(journal.fromMs, next));
      expect(samples(journal, keepMs)).toEqual(range(keepMs, next));
    }),
  );
});

test('whole chunks are handed out as they came: nothing is copied', () => {
  const journal = new Journal(rateHz, 1_000);
  const [one, two] = [new Int16Array(20), new Int16Array(20)];
  journal.push(one);
  journal.push(two);
  const [first, second] = journal.read(0);
  expect(first?.pcm).toBe(one);
  expect(second?.pcm).toBe(two);
  expect(journal.read(10, 30).map(({ pcm }) => pcm.buffer)).toEqual([one.buffer, two.buffer]);
});

test('cleared, the line goes on where it was', () => {
  const journal = filled([100, 100], 1_000);
  journal.clear();
  journal.push(Int16Array.of(7));
  expect([journal.fromMs, journal.toMs]).toEqual([200, 201]);
  expect(samples(journal, 0)).toEqual([7]);
});

test('an hour of line keeps no more chunks than its limit holds', () => {
  const journal = new Journal(rateHz, 1_000);
  const chunk = new Int16Array(20);
  for (let nth = 0; nth < 180_000; nth++) journal.push(chunk);
  expect(journal.toMs).toBe(3_600_000);
  expect(journal.read(0).length).toBe(50);
});
