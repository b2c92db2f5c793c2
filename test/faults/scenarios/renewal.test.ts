import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/testing/faults/index.js';
import { heardOf, scene, wires } from './scene.js';

const expiry = (match: string, leftMs: number): Fault[] => [
  { moment: { afterMs: 1_000, dir: 'down', frames: 3, match }, t: 'expire', leftMs, then: [] },
];

/** Scenario 32: the server's time is over, or soon will be. */
describe.each(wires)('on the wire of %s', (wire) => {
  const sound = wire === 'openai' ? 'audio.delta' : 'modelTurn';

  test('32. in the middle of a reply, at once: no turn is lost', async () => {
    const one = scene(wire, { turns: [{ says: 20 }, {}], plan: { seed: 1, faults: expiry(sound, 0) } });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(one.proxy.left).toBe(0);
    expect(one.of('session_reconnected').length).toBe(1);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(heardOf(one, 'a', 1).length).toBe(6);
    expect(await one.end()).toEqual([]);
  });

  test.skipIf(wire === 'openai')(
    '32. announced in the middle of a reply: it is said to its end, then the link is changed',
    async () => {
      const one = scene(wire, {
        turns: [{ says: 20 }, {}],
        plan: { seed: 1, faults: expiry(sound, 50_000) },
      });
      const { caller } = one;
      await caller.speak(0);
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      await caller.pass(3_000);
      expect(one.of('session_expiring').length).toBe(1);
      expect(heardOf(one, 'a', 0).length).toBe(20);
      expect(one.of('session_reconnected').length).toBe(1);
      await caller.speak(1);
      await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
      expect(await one.end()).toEqual([]);
    },
  );

  test('32. before its time is over, while nobody speaks: nobody notices', async () => {
    const one = scene(wire, { turns: [{}, {}, {}], session: { maxSessionDurationMs: 9_000 } });
    const { caller } = one;
    for (const turn of [0, 1, 2]) {
      await caller.speak(turn);
      await caller.until(() => caller.isAnswered(turn) && caller.isQuiet());
      await caller.pass(4_000);
    }
    expect(one.of('session_reconnected').length).toBeGreaterThan(0);
    expect(one.of('error')).toEqual([]);
    for (const turn of [0, 1, 2]) expect(heardOf(one, 'a', turn).length).toBe(6);
    expect(await one.end()).toEqual([]);
  });

  test.each<[string, number]>([
    ["in the middle of the user's sentence", 700],
    ['while the answer is due', 1_500],
    ['in the middle of the answer', 2_500],
  ])('32. changed by hand %s: no word lost, none twice', async (_, atMs) => {
    const one = scene(wire, { turns: [{ speechMs: 1_200, says: 20, thinkMs: 300 }] });
    const { caller, clock } = one;
    await caller.pass(500);
    clock.at(clock.now() + atMs, () => caller.track('reconnect', caller.session.reconnect()));
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    await caller.pass(2_000);
    expect(one.proxy.connections).toBe(2);
    expect(heardOf(one, 'a', 0).length).toBe(20);
    expect(await one.end()).toEqual([]);
    expect(one.history()[0]).toBe('u0');
  });

  test('32. changed by hand while a tool runs: its result is told once', async () => {
    const one = scene(wire, { turns: [{ says: 2, calls: ['slow'], thenSays: 6 }] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.calls.length > 0);
    caller.track('reconnect', caller.session.reconnect());
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(heardOf(one, 'b', 0).length).toBe(6);
    expect(await one.end()).toEqual([]);
  });
});
