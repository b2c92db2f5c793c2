import { expect, test } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import { countedIds } from '../../src/core/index.js';
import { RealtimeModel } from '../../src/providers/openai/index.js';
import type { Item } from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { Recorder } from './recorder.js';
import { MemoryGateway } from './world.js';

const historyOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, place) => ({
    kind: 'message',
    id: `said_${place}`,
    role: 'user',
    parts: [{ kind: 'text', text: `Word ${place}` }],
  }));

test.each([3, 1_000])('a conversation of %d items is told once to each connection', async (count) => {
  const clock = new FakeClock();
  const gateway = new MemoryGateway(scriptedModel({ turns: [] }), 'openai', clock);
  const model = new Recorder(
    new RealtimeModel({ baseUrl: 'http://127.0.0.1:1', connect: async () => gateway.connect() }),
  );
  const history = historyOf(count);
  const ids = history.map(({ id }) => id);
  const session = model.session({ clock, history, ids: countedIds('_near') });
  const troubles: unknown[] = [];
  session.on('error', (error) => troubles.push(error));
  session.on('remote_item_removed', (removed) => troubles.push(removed));
  const idsNow = () => session.remoteItems.map(({ id }) => id);
  await clock.advance(1_000);
  expect(session.connected).toBe(true);
  expect(idsNow()).toEqual(ids);
  const moved = session.reconnect();
  await clock.advance(1_000);
  await moved;
  expect(idsNow()).toEqual(ids);
  expect(model.links.length).toBe(2);
  for (const { entries } of model.links) {
    const told = entries.filter(
      (entry) => entry.dir === 'event' && entry.event.t === 'item' && entry.event.phase === 'added',
    );
    expect(told.length).toBe(count);
    expect(entries.some((entry) => entry.dir === 'command' && entry.command.t.startsWith('item.'))).toBe(
      false,
    );
  }
  expect(troubles).toEqual([]);
  await session.close();
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
});
