import { describe, expect, test } from 'vitest';
import { heardOf, scene, wires } from './scene.js';

/** Scenarios 30, 31 and 33: the connection breaks, and nobody who listens can tell where. */
describe.each(wires)('on the wire of %s', (wire) => {
  test('30. in the middle of a reply: what was heard stays, nothing is heard twice, the talk goes on', async () => {
    const one = scene(wire, { turns: [{ says: 20 }, {}] });
    const { caller, proxy } = one;
    await caller.speak(0);
    await caller.until(() => heardOf(one, 'a', 0).length >= 5);
    proxy.cut();
    await caller.until(() => caller.isQuiet());
    expect(one.of('state_changed').map(({ to }) => to)).toEqual(['open', 'reconnecting', 'open']);
    expect(one.of('session_reconnected')).toMatchObject([{ attempt: 1, replayedMs: 0 }]);
    await caller.pass(500);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(await one.end()).toEqual([]);
    expect(heardOf(one, 'a', 1).length).toBe(6);
  });

  test('30. in the middle of a reply that is to be continued: the model is asked for the rest', async () => {
    const one = scene(wire, { turns: [{ says: 20 }], session: { partialReply: 'continue' } });
    const { caller, proxy } = one;
    await caller.speak(0);
    await caller.until(() => heardOf(one, 'a', 0).length >= 5);
    proxy.cut();
    await caller.until(() => heardOf(one, 'c', 0).length > 0 && caller.isQuiet());
    caller.asked.add(0);
    expect(heardOf(one, 'c', 0).length).toBe(3);
    expect(await one.end()).toEqual([]);
  });

  test('30. before the first word of a reply: it is asked again, and heard once', async () => {
    const one = scene(wire, { turns: [{ says: 8, thinkMs: 800 }] });
    const { caller, proxy } = one;
    await caller.speak(0);
    await caller.pass(800);
    expect(heardOf(one, 'a', 0)).toEqual([]);
    proxy.cut();
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(heardOf(one, 'a', 0).length).toBe(8);
    expect(await one.end()).toEqual([]);
  });

  test.each([200, 900, 1_500])(
    "30. %d ms into the user's sentence: not a millisecond of it is lost",
    async (atMs) => {
      const one = scene(wire, { turns: [{ speechMs: 1_800 }] });
      const { caller, proxy, clock } = one;
      const timer = clock.at(clock.now() + 500 + atMs, () => proxy.cut([{ t: 'refuse', how: 503 }]));
      await caller.pass(500);
      await caller.speak(0);
      timer.cancel();
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      expect(one.of('session_reconnected')).toMatchObject([{ attempt: 2 }]);
      expect(heardOf(one, 'a', 0).length).toBe(6);
      expect(await one.end()).toEqual([]);
      expect(one.history()[0]).toBe('u0');
    },
  );

  test('30. said while there is no connection at all: it is heard when there is one', async () => {
    const one = scene(wire, { turns: [{ speechMs: 1_000 }] });
    const { caller, proxy } = one;
    await caller.pass(500);
    proxy.cut([{ t: 'refuse', how: 'network' }, { t: 'refuse', how: 'network' }, { t: 'hang' }]);
    await caller.pass(100);
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(await one.end()).toEqual([]);
    expect(one.history()[0]).toBe('u0');
  });

  test.each(['before', 'after'])(
    '31. while a tool runs, and its result comes %s the new connection',
    async (when) => {
      const one = scene(wire, { turns: [{ says: 2, calls: ['slow'], thenSays: 6 }] });
      const { caller, proxy } = one;
      await caller.speak(0);
      await caller.until(() => caller.calls.length > 0);
      await caller.pass(200);
      proxy.cut(when === 'before' ? [{ t: 'slow', ms: 1_900 }] : []);
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      expect(caller.calls.length).toBe(1);
      expect(heardOf(one, 'b', 0).length).toBe(6);
      expect(await one.end()).toEqual([]);
    },
  );

  test('33. and the server has forgotten the session: it is told all that was said', async () => {
    const one = scene(wire, { turns: [{}, {}, {}] });
    const { caller, proxy, gateway } = one;
    for (const turn of [0, 1]) {
      await caller.speak(turn);
      await caller.until(() => caller.isAnswered(turn) && caller.isQuiet());
      await caller.pass(500);
    }
    gateway.forget();
    proxy.cut();
    await caller.until(() => caller.isQuiet());
    expect(one.of('session_reconnected').at(-1)).toMatchObject({ resumed: false });
    await caller.speak(2);
    await caller.until(() => caller.isAnswered(2) && caller.isQuiet());
    expect(await one.end()).toEqual([]);
    const told = one.history().filter((text) => /^[ua]\d/.test(text));
    expect(told.map((text) => text.slice(0, 2))).toEqual(['u0', 'a0', 'u1', 'a1', 'u2', 'a2', 'u3']);
  });
});
