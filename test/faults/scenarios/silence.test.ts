import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/testing/faults/index.js';
import { heardOf, scene, wires } from './scene.js';

/** A link that is there and does nothing: half-open, or never ready. */
describe.each(wires)('on the wire of %s', (wire) => {
  test.each(['up', 'down', 'both'] as const)(
    'half-open (%s) when the user speaks: found out, and nothing is lost',
    async (dir) => {
      const faults: Fault[] = [
        { moment: { afterMs: 600, dir: 'up', frames: 1 }, t: 'half_open', dir, forMs: 600_000, then: [] },
      ];
      const one = scene(wire, { turns: [{}], plan: { seed: 1, faults } });
      const { caller } = one;
      await caller.pass(500);
      await caller.speak(0);
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      expect(one.proxy.left).toBe(0);
      expect(heardOf(one, 'a', 0).length).toBe(6);
      expect(await one.end()).toEqual([]);
    },
  );

  test('a connection that opens and never becomes ready: the next try has what was said', async () => {
    const one = scene(wire, { turns: [{}, {}] });
    const { caller, proxy } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    proxy.cut([{ t: 'mute', ms: 600_000 }]);
    await caller.pass(300);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(heardOf(one, 'a', 1).length).toBe(6);
    expect(await one.end()).toEqual([]);
  });

  test('nobody can be reached: after the last try the session ends with a typed error, and every promise with it', async () => {
    const one = scene(wire, { turns: [{}] });
    const { caller, proxy } = one;
    await caller.pass(500);
    proxy.cut(Array.from({ length: 20 }, () => ({ t: 'refuse' as const, how: 'network' as const })));
    caller.track('reply', caller.session.generateReply());
    await caller.until(() => caller.ended);
    expect(one.of('closed')).toMatchObject([{ error: { code: 'connect_failed' } }]);
    await caller.close();
    expect(caller.unsettled.size).toBe(0);
  });

  test('a key that is no longer good ends it at once', async () => {
    const one = scene(wire, { turns: [{}] });
    const { caller, proxy } = one;
    await caller.pass(500);
    proxy.cut([{ t: 'refuse', how: 401 }]);
    await caller.until(() => caller.ended);
    expect(proxy.connections).toBe(2);
    expect(one.of('closed')).toMatchObject([{ error: { code: 'auth_refused' } }]);
    expect(caller.unsettled.size).toBe(0);
  });
});
