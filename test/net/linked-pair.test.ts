import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock, Frame } from '../../src/core/index.js';
import { linkedPair } from '../../src/net/index.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('linkedPair', () => {
  it('delivers in order, never inside send', async () => {
    const [a, b] = linkedPair();
    const got: Frame[] = [];
    b.onFrame((frame) => got.push(frame));
    a.send('1');
    a.send(new Uint8Array([2]));
    expect(got).toEqual([]);
    expect(a.bufferedBytes).toBe(2);
    await turn();
    expect(got).toEqual(['1', new Uint8Array([2])]);
    expect(a.bufferedBytes).toBe(0);
  });

  it('keeps what came before the listener, close last', async () => {
    const [a, b] = linkedPair();
    a.send('1');
    a.close(4000, 'why');
    a.send('lost');
    await turn();
    const got: unknown[] = [];
    b.onClose((close) => got.push(close));
    b.onFrame((frame) => got.push(frame));
    await turn();
    expect(got).toEqual(['1', { code: 4000, reason: 'why' }]);
  });

  it('closing tells both ends once, after the frames under way', async () => {
    const [a, b] = linkedPair();
    const got: string[] = [];
    a.onFrame((frame) => got.push(`a ${String(frame)}`));
    a.onClose(({ code }) => got.push(`a closed ${code}`));
    b.onFrame((frame) => got.push(`b ${String(frame)}`));
    b.onClose(({ code }) => got.push(`b closed ${code}`));
    b.send('under way');
    a.send('last');
    a.close(1001);
    a.close(1002);
    await turn();
    b.close(1003);
    await turn();
    expect(got).toEqual(['a under way', 'b last', 'b closed 1001', 'a closed 1001']);
  });

  it('crossing closes end both', async () => {
    const [a, b] = linkedPair();
    const got: string[] = [];
    a.onClose(({ code }) => got.push(`a ${code}`));
    b.onClose(({ code }) => got.push(`b ${code}`));
    a.close(4001);
    b.close(4002);
    await turn();
    expect(got.sort()).toEqual(['a 4002', 'b 4001']);
  });

  it('cut loses what is under way and tells 1006', async () => {
    const [a, b] = linkedPair();
    const got: unknown[] = [];
    b.onFrame((frame) => got.push(frame));
    b.onClose(({ code }) => got.push(code));
    a.onClose(({ code, error }) => got.push([code, error?.message]));
    a.send('lost');
    a.cut(new Error('cable'));
    await turn();
    expect(got).toEqual([[1006, 'cable'], 1006]);
  });

  it('with a clock, delivers when the clock gets there', () => {
    const timers: { atMs: number; run: () => void }[] = [];
    let nowMs = 1000;
    const clock: Clock = {
      now: () => nowMs,
      wallNow: () => 0,
      at: (atMs, run) => {
        timers.push({ atMs, run });
        return { cancel() {} };
      },
    };
    const [a, b] = linkedPair(clock, 40);
    const got: Frame[] = [];
    b.onFrame((frame) => got.push(frame));
    a.send('x');
    expect(timers.map(({ atMs }) => atMs)).toEqual([1040]);
    nowMs = 1040;
    for (const { run } of timers) run();
    expect(got).toEqual(['x']);
  });

  it('any interleaving: every frame sent before the close arrives, in order, then the close', async () => {
    const step = fc.oneof(
      fc.constant('send' as const),
      fc.constant('listen' as const),
      fc.constant('turn' as const),
      fc.constant('close' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const [a, b] = linkedPair();
        const sent: unknown[] = [];
        const got: unknown[] = [];
        let closing = false;
        let listening = false;
        const listen = () => {
          if (listening) return;
          listening = true;
          b.onClose(({ code }) => got.push(code));
          b.onFrame((frame) => got.push(frame));
        };
        for (const [index, what] of steps.entries()) {
          if (what === 'send') {
            a.send(`${index}`);
            if (!closing) sent.push(`${index}`);
          } else if (what === 'listen') listen();
          else if (what === 'turn') await turn();
          else if (!closing) {
            closing = true;
            a.close(4000);
          }
        }
        listen();
        await turn();
        expect(got).toEqual(closing ? [...sent, 4000] : sent);
      }),
    );
  });
});
