import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/core/index.js';
import type { Dialler, Event, Link } from '../../../src/realtime/index.js';
import type { Fault } from '../../../src/testing/faults/index.js';
import { vocabularies } from '../../../src/testing/faults/vocabulary.js';
import type { Caller } from '../caller.js';
import { heardOf, scene, wires } from './scene.js';

/** Scenarios 34 to 36: what a server says beside the point, and late. */
describe.each(wires)('on the wire of %s', (wire) => {
  test.each(vocabularies[wire].oddities)('34. in the middle of a reply: %s', async (odd) => {
    const faults: Fault[] = [
      {
        moment: {
          afterMs: 1_500,
          dir: 'down',
          frames: 3,
          match: wire === 'openai' ? 'audio.delta' : 'modelTurn',
        },
        t: 'inject',
        frames: [odd],
      },
    ];
    const one = scene(wire, { turns: [{ says: 10 }], plan: { seed: 1, faults } });
    const { caller } = one;
    const raw: unknown[] = [];
    caller.session.on('server_event_received', ({ frame }) => raw.push(frame));
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    expect(one.proxy.left).toBe(0);
    expect(raw).toContain(odd);
    expect(heardOf(one, 'a', 0).length).toBe(10);
    expect(one.of('generation_ended')).toMatchObject([{ outcome: 'completed' }]);
    expect(await one.end()).toEqual([]);
  });

  test('35. a cut behind the end of what was sent changes nothing and harms nobody', async () => {
    const one = scene(wire, { turns: [{}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    const itemId = caller.lastItem!;
    for (const heardMs of [300, 99_000]) {
      caller.track('truncate', caller.session.truncate({ itemId, heardMs, heardText: 'a0w0 a0w1 a0w2' }));
      await caller.pass(200);
    }
    expect(one.of('error')).toEqual([]);
    await one.end();
    expect(caller.unsettled.size).toBe(0);
    if (wire === 'openai') expect(one.history()[1]).toBe('a0w0 a0w1 a0w2');
  });

  test('36. transcripts that come late: no new turn, and the order is that of speaking', async () => {
    // Gemini's transcripts have no ids: one that comes in a later turn is of nobody.
    const lateMs = wire === 'openai' ? [8_000, 3_000, 5_500] : [250, 100, 400];
    const one = scene(wire, { turns: [{}, {}, {}], wrap: lateWords(lateMs) });
    const { caller } = one;
    await talk(caller);
    expect(one.of('input_speech_started').length).toBe(3);
    expect(one.of('generation_created').length).toBe(3);
    const texts = one.of('input_audio_transcription_completed');
    const { remoteItems } = caller.session;
    const placeOf = (itemId: string) => remoteItems.findIndex(({ id }) => id === itemId);
    expect(texts.every(({ itemId }) => placeOf(itemId) >= 0)).toBe(true);
    const inOrder = [...texts].sort((a, b) => placeOf(a.itemId) - placeOf(b.itemId));
    expect(inOrder.map(({ text }) => text)).toEqual(['u0', 'u1', 'u2']);
    expect(await one.end()).toEqual([]);
  });

  test('36. transcripts that come when another turn is under way harm nobody', async () => {
    const one = scene(wire, { turns: [{}, {}, {}], wrap: lateWords([8_000, 3_000, 5_500]) });
    await talk(one.caller);
    expect(one.of('input_speech_started').length).toBe(3);
    expect(one.of('generation_created').length).toBe(3);
    expect(await one.end()).toEqual([]);
  });
});

async function talk(caller: Caller): Promise<void> {
  for (const turn of [0, 1, 2]) {
    await caller.speak(turn);
    await caller.until(() => caller.isAnswered(turn) && caller.isQuiet());
    await caller.pass(300);
  }
  await caller.pass(9_000);
}

/** A model that answers before it knows what the user said: the words of the n-th item come so much later. */
function lateWords(lateMs: readonly number[]): (model: Dialler, clock: Clock) => Dialler {
  return (model, clock) => ({
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    async dial(context) {
      const link = await model.dial(context);
      let count = 0;
      const late: Link = {
        send: (command) => link.send(command),
        onEvent(listener) {
          link.onEvent((event: Event) => {
            if (event.t !== 'heard') return listener(event);
            const ms = lateMs[count++] ?? 0;
            clock.at(clock.now() + ms, () => listener(event));
          });
        },
      };
      return late;
    },
  });
}
