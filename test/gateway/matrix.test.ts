import { describe, expect, test } from 'vitest';
import type { FaultWire } from '../../src/testing/faults/index.js';
import { heardOf, type Scene, type SceneOptions, scene } from '../faults/scenarios/scene.js';

const pairs: readonly [FaultWire, FaultWire][] = [
  ['openai', 'gemini'],
  ['gemini', 'openai'],
];

/** Our client on the first wire, a gateway whose model is our client on the second one, and a gateway with a script. */
describe.each(pairs)('%s client -> gateway -> %s client -> gateway -> script', (wire, through) => {
  const chain = (options: SceneOptions) => scene(wire, { ...options, through });
  const ends = async (one: Scene) => {
    expect(one.of('error')).toEqual([]);
    expect(await one.end()).toEqual([]);
    expect(one.beyond?.gateway.errors).toEqual([]);
    expect(one.beyond?.gateway.connections).toBe(0);
    expect(one.beyond?.proxy.open).toBe(0);
  };
  const answered = async (one: Scene, turn: number) => {
    const { caller } = one;
    await caller.speak(turn);
    await caller.until(() => caller.isAnswered(turn) && caller.isQuiet());
  };

  test('turns', async () => {
    const one = chain({ turns: [{}, {}] });
    await answered(one, 0);
    await one.caller.pass(800);
    await answered(one, 1);
    expect([heardOf(one, 'a', 0).length, heardOf(one, 'a', 1).length]).toEqual([6, 6]);
    expect(one.of('input_speech_started').length).toBe(2);
    await ends(one);
    expect(one.history().filter((text) => text.startsWith('u'))).toEqual(['u0', 'u1', 'u2']);
  });

  test.each([[['fast']], [['slow']], [['fast', 'slow']]] as const)('tools: %j', async (calls) => {
    const one = chain({ turns: [{ says: 3, calls: [...calls], thenSays: 6 }] });
    await answered(one, 0);
    expect(one.of('generation_call').length).toBe(calls.length);
    expect(heardOf(one, 'b', 0).length).toBe(6);
    await ends(one);
    expect(one.history().filter((text) => text.startsWith('out-')).length).toBe(calls.length);
  });

  test('a barge-in', async () => {
    const one = chain({ turns: [{ says: 60 }, {}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    await caller.pass(300);
    await caller.speak(1);
    expect(one.of('interrupted').length).toBeGreaterThan(0);
    const heard = heardOf(one, 'a', 0).length;
    expect(heard).toBeLessThan(20);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(heardOf(one, 'a', 0).length).toBe(heard);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    await ends(one);
  });

  describe.each(['outer', 'inner'] as const)('a drop of the %s link', (which) => {
    const cut = (one: Scene) => (which === 'outer' ? one.proxy : one.beyond!.proxy).cut();
    const endsDropped = async (one: Scene) => {
      // The caller's own link knows nothing of one that is lost behind the gateway.
      expect(one.proxy.connections).toBe(which === 'outer' ? 2 : 1);
      expect(one.of('session_reconnected').length).toBe(which === 'outer' ? 1 : 0);
      expect(one.beyond!.proxy.connections).toBeGreaterThan(1);
      await ends(one);
    };

    test('between two turns', async () => {
      const one = chain({ turns: [{}, {}] });
      await answered(one, 0);
      cut(one);
      await one.caller.pass(1_000);
      await answered(one, 1);
      expect(heardOf(one, 'a', 1).length).toBe(6);
      await endsDropped(one);
    });

    test("in the middle of the user's sentence", async () => {
      const one = chain({ turns: [{ speechMs: 1_800 }] });
      const { caller, clock } = one;
      await caller.pass(500);
      const timer = clock.at(clock.now() + 900, () => cut(one));
      await answered(one, 0);
      timer.cancel();
      expect(heardOf(one, 'a', 0).length).toBe(6);
      await endsDropped(one);
    });

    test('before the first word of the answer', async () => {
      const one = chain({ turns: [{ says: 8, thinkMs: 900 }] });
      const { caller } = one;
      await caller.speak(0);
      await caller.pass(900);
      expect(heardOf(one, 'a', 0)).toEqual([]);
      cut(one);
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      expect(heardOf(one, 'a', 0).length).toBe(8);
      await endsDropped(one);
    });

    test('in the middle of the answer', async () => {
      const one = chain({ turns: [{ says: 20 }, {}] });
      const { caller } = one;
      await caller.speak(0);
      await caller.until(() => heardOf(one, 'a', 0).length >= 5);
      cut(one);
      await caller.pass(2_000);
      await caller.until(() => caller.isQuiet());
      await answered(one, 1);
      expect(heardOf(one, 'a', 1).length).toBe(6);
      await endsDropped(one);
    });

    test('while a tool runs', async () => {
      const one = chain({ turns: [{ says: 2, calls: ['slow'], thenSays: 6 }] });
      const { caller } = one;
      await caller.speak(0);
      await caller.until(() => caller.calls.length > 0);
      cut(one);
      await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
      expect(heardOf(one, 'b', 0).length).toBe(6);
      await endsDropped(one);
    });
  });

  test('a roll-over of the outer link in the middle of an answer', async () => {
    const one = chain({ turns: [{ says: 20 }, {}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => heardOf(one, 'a', 0).length >= 5);
    caller.track('reconnect', caller.session.reconnect());
    await caller.until(() => caller.isQuiet());
    await caller.pass(2_000);
    expect(heardOf(one, 'a', 0).length).toBe(20);
    expect(one.proxy.connections).toBe(2);
    await answered(one, 1);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    await ends(one);
  });

  test('a roll-over of the inner link in the middle of an answer', async () => {
    const one = chain({ turns: [{ says: 20 }, {}], throughModel: { maxSessionDurationMs: 12_000 } });
    const { caller } = one;
    // Half of its life is over in the middle of the answer.
    await caller.pass(4_500);
    await answered(one, 0);
    expect(heardOf(one, 'a', 0).length).toBe(20);
    await caller.pass(2_000);
    expect(one.proxy.connections).toBe(1);
    expect(one.beyond!.proxy.connections).toBeGreaterThan(1);
    await answered(one, 1);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    await ends(one);
  });
});
