import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PausableOutput } from '../../../src/agent/mouth/pausable-output.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const rateHz = 8_000;
const noOverflow = () => {
  throw new Error('overflow');
};

async function output(clearAfterMs: number) {
  const clock = new FakeClock();
  const transport = new MemoryTransport({ clock, sampleRateHz: rateHz, clearAfterMs });
  await transport.start();
  const pausable = new PausableOutput(transport.output, () => clock.now(), noOverflow);
  const finished: number[] = [];
  pausable.onPlayback(({ phase, playedMs }) => {
    if (phase === 'finished') finished.push(playedMs);
  });
  let next = 1;
  /** Samples that count on. */
  const write = (ms: number) => pausable.write(Int16Array.from({ length: ms * 8 }, () => next++ % 30_000));
  return { clock, transport, pausable, write, finished };
}

const counting = (from: number, to: number) =>
  Int16Array.from({ length: to - from }, (_, index) => (from + index) % 30_000);

describe('an output that pauses', () => {
  test('the far end falls silent, and later goes on from there', async () => {
    const { clock, transport, pausable, write, finished } = await output(0);
    write(500);
    await clock.advance(200);
    const { playedMs } = await pausable.pause(true);
    expect(playedMs).toBe(200);
    write(100);
    pausable.flush();
    await clock.advance(1_000);
    expect(transport.heard().length).toBe(200 * 8);
    pausable.resume(playedMs);
    await clock.advance(1_000);
    expect(transport.heard()).toEqual(counting(1, 600 * 8 + 1));
    expect(finished).toEqual([600]);
  });

  test('a flush that was not played up is asked for again', async () => {
    const { clock, pausable, write, finished } = await output(0);
    write(300);
    pausable.flush();
    await clock.advance(100);
    const { playedMs } = await pausable.pause(true);
    pausable.resume(playedMs);
    await clock.advance(1_000);
    expect(finished).toEqual([300]);
  });

  test('what was dropped is never heard, and what follows is', async () => {
    const { clock, transport, pausable, write } = await output(0);
    write(300);
    await clock.advance(100);
    await pausable.pause(true);
    write(200);
    pausable.drop();
    write(50);
    await clock.advance(1_000);
    expect(transport.heard()).toEqual(Int16Array.of(...counting(1, 801), ...counting(4_001, 4_401)));
  });

  test('it knows what was played by when', async () => {
    const { clock, pausable, write } = await output(0);
    write(1_000);
    await clock.advance(250);
    const into = new Int16Array(160);
    expect(pausable.playedUntil(240, into)).toBe(true);
    expect(into).toEqual(counting(240 * 8 - 160 + 1, 240 * 8 + 1));
  });

  test('two minutes of a pause are kept, no more', async () => {
    const clock = new FakeClock();
    const transport = new MemoryTransport({ clock, sampleRateHz: rateHz });
    await transport.start();
    let overflows = 0;
    const pausable = new PausableOutput(
      transport.output,
      () => clock.now(),
      () => overflows++,
    );
    pausable.write(new Int16Array(8_000));
    void pausable.pause(true);
    for (let second = 0; second < 130; second++) pausable.write(new Int16Array(8_000));
    expect(overflows).toBe(10);
  });

  test('what waits longer than that cannot pause until the far end has come closer', async () => {
    const { clock, pausable, write } = await output(0);
    for (let second = 0; second < 130; second++) write(1_000);
    await clock.advance(100);
    expect(pausable.canPause).toBe(false);
    await clock.advance(20_000);
    expect(pausable.canPause).toBe(true);
  });

  test('however often it pauses, all is heard once and in order', async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('write' as const), ms: fc.integer({ min: 1, max: 120 }) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 150 }) }),
      fc.record({
        do: fc.constantFrom('pause' as const, 'flush' as const),
        ms: fc.integer({ min: 0, max: 200 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 40),
        fc.array(action, { maxLength: 30 }),
        async (clearAfterMs, actions) => {
          const { clock, transport, pausable, write } = await output(clearAfterMs);
          let written = 0;
          for (const { do: what, ms } of actions) {
            if (what === 'write') {
              write(ms);
              written += ms * 8;
            } else if (what === 'wait') await clock.advance(ms);
            else if (what === 'flush') pausable.flush();
            else {
              const answer = pausable.pause(true);
              await clock.advance(clearAfterMs + ms);
              write(7);
              written += 56;
              pausable.resume((await answer).playedMs);
            }
          }
          await clock.advance(10_000);
          expect(transport.heard()).toEqual(counting(1, written + 1));
          await transport.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
