import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  append,
  beginClear,
  endClear,
  type Heard,
  isPlaying,
  playoutState,
} from '../../src/agent/playout.js';

describe('playout', () => {
  test('a cut falls on the part that was being played, with the position inside it', () => {
    const state = playoutState();
    append(state, 'a', 0, 100);
    append(state, 'a', 0, 100);
    append(state, 'b', 0, 300);
    append(state, 'c', 0, 50);
    advance(state, 250, []);
    beginClear(state);
    const cuts: Heard[] = [];
    endClear(state, 260, cuts);
    expect(cuts).toEqual([
      { item: 'b', part: 0, heardMs: 60, writtenMs: 300 },
      { item: 'c', part: 0, heardMs: 0, writtenMs: 50 },
    ]);
    expect(isPlaying(state)).toBe(false);
    expect(state.lineMs).toBe(260);
  });

  test('what is written while a clear is under way goes on where the clear ended', () => {
    const state = playoutState();
    append(state, 'a', 0, 500);
    beginClear(state);
    append(state, 'b', 0, 40);
    append(state, 'b', 0, 40);
    expect(isPlaying(state)).toBe(true);
    const cuts: Heard[] = [];
    endClear(state, 120, cuts);
    expect(cuts).toEqual([{ item: 'a', part: 0, heardMs: 120, writtenMs: 500 }]);
    const heard: Heard[] = [];
    advance(state, 180, heard);
    expect(heard).toEqual([{ item: 'b', part: 0, heardMs: 60, writtenMs: 80 }]);
    advance(state, 200, []);
    expect(isPlaying(state)).toBe(false);
  });

  test('positions never go back, and never beyond what was written', () => {
    const state = playoutState();
    append(state, 'a', 0, 100);
    advance(state, 80, []);
    advance(state, 40, []);
    expect(state.playedMs).toBe(80);
    advance(state, 900, []);
    expect(state.playedMs).toBe(100);
    const cuts: Heard[] = [];
    beginClear(state);
    endClear(state, 20, cuts);
    expect(cuts).toEqual([]);
  });

  test('property: over any writes, reports and clears, each part is heard once and at most as long as it was written', () => {
    const action = fc.oneof(
      fc.record({
        t: fc.constant('write' as const),
        item: fc.integer({ min: 0, max: 4 }),
        ms: fc.integer({ min: 1, max: 400 }),
      }),
      fc.record({ t: fc.constant('play' as const), ms: fc.integer({ min: 0, max: 500 }) }),
      fc.record({ t: fc.constant('clear' as const), ms: fc.integer({ min: 0, max: 500 }) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const state = playoutState();
        const written = new Map<string, number>();
        let round = 0;
        for (const { t, ms, ...rest } of actions) {
          if (t === 'write') {
            const item = `${round}.${'item' in rest ? rest.item : 0}`;
            append(state, item, 0, ms);
            written.set(item, (written.get(item) ?? 0) + ms);
          } else {
            const heard: Heard[] = [];
            if (t === 'play') advance(state, state.playedMs + ms, heard);
            else {
              beginClear(state);
              endClear(state, state.playedMs + ms, heard);
              round += 1;
            }
            for (const part of heard) {
              expect(part.heardMs).toBeGreaterThanOrEqual(0);
              expect(part.heardMs).toBeLessThanOrEqual(part.writtenMs);
              expect(part.writtenMs).toBeLessThanOrEqual(written.get(part.item)!);
            }
          }
          expect(state.playedMs).toBeLessThanOrEqual(state.lineMs);
          // What was played is let go: only the present part and those behind it are kept.
          expect(state.segments.slice(1).every((segment) => segment.toMs >= state.playedMs)).toBe(true);
        }
      }),
    );
  });
});
