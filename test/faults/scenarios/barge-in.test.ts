import { describe, expect, test } from 'vitest';
import { heardOf, scene, wires } from './scene.js';

/** Scenarios 7 to 10, 15 and 24: the caller speaks while the agent does. */
describe.each(wires)('on the wire of %s', (wire) => {
  test('7. early, 300 ms into the reply: it stops, nothing stale is heard, and what was heard is what the model knows', async () => {
    const one = scene(wire, { turns: [{ says: 40 }, {}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    await caller.pass(300);
    await caller.speak(1);
    const heard = heardOf(one, 'a', 0).length;
    expect(heard).toBeGreaterThan(2);
    // One way, the VAD's 50 ms, a chunk, and the way back.
    expect(heard).toBeLessThan(10);
    expect(one.of('interrupted')).toMatchObject([{ by: 'server', epoch: 1 }]);
    expect(caller.session.epoch).toBe(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(heardOf(one, 'a', 0).length).toBe(heard);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    expect(one.of('generation_ended')[0]).toMatchObject({ outcome: 'cancelled' });
    expect(await one.end()).toEqual([]);
    const known = one.history()[1]!.split(' ').length;
    // Gemini's wire has no words for how much was heard: its model goes by the time.
    if (wire === 'openai') expect(known).toBe(heard);
    else expect(known).toBeGreaterThan(0);
  });

  test('8. late, when all audio was made and six seconds are still to play: the model knows how much was heard', async () => {
    // Two minutes of words in a second.
    const one = scene(wire, { turns: [{ says: 60 }, {}], paceMs: 1 });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(heardOf(one, 'a', 0).length).toBe(60);
    expect(caller.session.hasActiveGeneration).toBe(false);
    const [started] = one.of('generation_created');
    expect(started).toBeDefined();
    // The caller has heard ten words when he speaks; there is no response any more that anybody could stop.
    await caller.speak(1, 300);
    const itemId = caller.lastItem!;
    const heardText = heardOf(one, 'a', 0).slice(0, 10).join(' ');
    const cut = caller.session.truncate({ itemId, heardMs: 1_000, heardText });
    caller.track('truncate', cut);
    await caller.pass(500);
    await expect(cut).resolves.toBeUndefined();
    expect(one.of('remote_item_truncated')).toMatchObject([
      { heardMs: 1_000, basis: wire === 'openai' ? 'wire' : 'sent' },
    ]);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    const known = one.history()[1]!.split(' ').length;
    expect(known).toBe(wire === 'openai' ? 10 : 60);
    await one.end();
  });

  test('9. before the first sound of the reply: it is never heard', async () => {
    const one = scene(wire, { turns: [{ says: 12, thinkMs: 1_500, kind: 'hasty' }, {}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.pass(900);
    expect(heardOf(one, 'a', 0)).toEqual([]);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    await caller.pass(3_000);
    expect(heardOf(one, 'a', 0)).toEqual([]);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    expect(await one.end()).toEqual([]);
    expect(one.history().slice(0, 2)).toEqual(['u0', 'u1']);
  });

  test('10. twice within a second: the order is right, and the last one is answered', async () => {
    const one = scene(wire, {
      turns: [{ says: 40 }, { kind: 'hasty', speechMs: 300 }, { speechMs: 400 }],
    });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    await caller.speak(1);
    await caller.pass(500);
    await caller.speak(2);
    await caller.until(() => caller.isAnswered(2) && caller.isQuiet());
    expect(heardOf(one, 'a', 2).length).toBe(6);
    expect(heardOf(one, 'a', 1).length).toBeLessThan(6);
    expect(await one.end()).toEqual([]);
    const asked = one.history().filter((text) => text.startsWith('u'));
    expect(asked.join(' ')).toBe('u0 u1 u2 u3');
  });

  test('15. a correction while the agent repeats the old value: the new one is the last', async () => {
    const one = scene(wire, { turns: [{ says: 20, speechMs: 1_800 }, { says: 4 }] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    await caller.pass(200);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(await one.end()).toEqual([]);
    const [old, repeated, corrected, agreed] = one.history();
    expect([old, corrected]).toEqual(['u0', 'u1']);
    expect(repeated).toMatch(/^a0w0/);
    expect(agreed).toBe('a1w0 a1w1 a1w2 a1w3');
  });

  test('24. both for two seconds: the agent yields within the first', async () => {
    const one = scene(wire, { turns: [{ says: 60 }, { speechMs: 2_000 }] });
    const { caller, clock } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    const fromMs = clock.now();
    await caller.speak(1);
    const [stopped] = caller.happenings.filter(({ name }) => name === 'interrupted');
    expect(stopped!.atMs - fromMs).toBeLessThan(400);
    expect(await one.end()).toEqual([]);
  });

  test('24. both for two seconds, and the model may not be stopped: it says all, then answers', async () => {
    const one = scene(wire, {
      turns: [{ says: 60 }, { speechMs: 2_000 }],
      model: { interruptResponse: false },
    });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0));
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    expect(one.of('interrupted')).toEqual([]);
    expect(heardOf(one, 'a', 0).length).toBe(60);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    expect(caller.session.epoch).toBe(0);
    await one.end();
  });
});
