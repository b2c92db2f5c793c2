import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineMap } from '../../src/realtime/engine/line-map.js';

interface Act {
  is: 'send' | 'skip' | 'pad' | 'again';
  ms: number;
}

const ms = fc.integer({ min: 1, max: 500 });
const acts = fc.array(
  fc.record({ is: fc.constantFrom('send' as const, 'skip' as const, 'pad' as const, 'again' as const), ms }),
  { maxLength: 40 },
);

/** Plays it, and writes down where each millisecond of the link's line is from. */
function play(all: Act[]): { map: LineMap; from: number[]; lineMs: number } {
  const map = new LineMap();
  const from: number[] = [];
  let lineMs = 0;
  for (const { is, ms } of all) {
    if (is === 'skip') lineMs += ms;
    else if (is === 'again') lineMs = Math.max(0, lineMs - ms);
    else if (is === 'pad') {
      map.pad(ms);
      for (let nth = 0; nth < ms; nth++) from.push(Number.NaN);
    } else {
      expect(map.send(lineMs, ms)).toBe(from.length);
      for (let nth = 0; nth < ms; nth++) from.push(lineMs + nth);
      lineMs += ms;
    }
  }
  return { map, from, lineMs };
}

test('each place on the link’s line is where its audio was on the session’s', () => {
  fc.assert(
    fc.property(acts, (all) => {
      const { map, from } = play(all);
      expect(map.linkMs).toBe(from.length);
      for (const [linkMs, sessionMs] of from.entries()) {
        if (!Number.isNaN(sessionMs)) expect(map.toSession(linkMs)).toBe(sessionMs);
      }
    }),
  );
});

test('a place in silence that is nobody’s is where the line stood', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ ms, pad: ms }), { minLength: 1, maxLength: 20 }), (all) => {
      const map = new LineMap();
      let lineMs = 0;
      for (const { ms, pad } of all) {
        map.send(lineMs, ms);
        lineMs += ms;
        const padMs = map.pad(pad);
        // While it is the last thing that was sent, and also later.
        expect(map.toSession(padMs + pad - 1)).toBe(lineMs);
        map.send(lineMs, 1);
        expect(map.toSession(padMs + pad - 1)).toBe(lineMs);
        lineMs += 1;
      }
    }),
  );
});

test('before anything was sent both lines are the same', () => {
  expect(new LineMap().toSession(250)).toBe(250);
});

test('what goes on where it was is one piece, whatever the rounding of its chunks', () => {
  const map = new LineMap();
  const chunkMs = (160 * 1_000) / 24_000;
  for (let nth = 0; nth < 10_000; nth++) map.send(nth * chunkMs, chunkMs);
  expect(map.toSession(40_000)).toBeCloseTo(40_000, 3);
});
