import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TimerWheel } from '../../src/core/index.js';

describe('the timer wheel', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('fires at or up to one slot after its time, never inside `at`, never early', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 40 }), (delays) => {
        const wheel = new TimerWheel();
        const start = wheel.now();
        const fired: number[] = [];
        const late: number[] = [];
        for (const delay of delays) {
          wheel.at(start + delay, () => {
            fired.push(delay);
            late.push(wheel.now() - (start + delay));
          });
        }
        expect(fired).toEqual([]);
        vi.advanceTimersByTime(6_000);
        expect(fired.sort((a, b) => a - b)).toEqual(delays.sort((a, b) => a - b));
        for (const ms of late) {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(9);
        }
        expect(wheel.size).toBe(0);
      }),
    );
  });

  test('sleeps while nothing is due: a timer of ten seconds costs a wake-up a revolution', () => {
    const wheel = new TimerWheel();
    const spy = vi.spyOn(globalThis, 'setTimeout');
    const run = vi.fn();
    wheel.at(wheel.now() + 10_000, run);
    vi.advanceTimersByTime(10_010);
    expect(run).toHaveBeenCalledTimes(1);
    expect(spy.mock.calls.length).toBeLessThan(16);
    vi.advanceTimersByTime(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an earlier timer set later is not kept waiting; a cancelled one does not fire; set and cancel leave nothing', () => {
    const wheel = new TimerWheel();
    const order: string[] = [];
    wheel.at(wheel.now() + 800, () => order.push('late'));
    wheel.at(wheel.now() + 20, () => order.push('early'));
    wheel.at(wheel.now() + 30, () => order.push('never')).cancel();
    vi.advanceTimersByTime(100);
    expect(order).toEqual(['early']);
    for (let i = 0; i < 10_000; i++) wheel.at(wheel.now() + 50, () => order.push('never')).cancel();
    vi.advanceTimersByTime(1_000);
    expect(order).toEqual(['early', 'late']);
    expect(wheel.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('one that throws does not take the others with it', () => {
    const wheel = new TimerWheel();
    const run = vi.fn();
    const later: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => later.push(task));
    wheel.at(wheel.now() + 10, () => {
      throw new Error('boom');
    });
    wheel.at(wheel.now() + 10, run);
    vi.advanceTimersByTime(50);
    vi.unstubAllGlobals();
    expect(later).toHaveLength(1);
    expect(later[0]).toThrow('boom');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('a time that is none is now', () => {
    const wheel = new TimerWheel();
    const run = vi.fn();
    wheel.at(Number.NaN, run);
    vi.advanceTimersByTime(10);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
