import { expect, test } from 'vitest';
import { RemoteConversation } from '../../src/chat/index.js';
import type { Event, Item } from '../../src/realtime/contract.js';
import { Places } from '../../src/realtime/engine/places.js';
import { beginTurn } from '../../src/realtime/engine/turns.js';
import { run } from './link-machine.js';

const message = (id: string, role: 'user' | 'assistant'): Item => ({
  kind: 'message',
  id,
  role,
  parts: [{ kind: 'text', text: id }],
});

test('a turn that the wire tells of late stands where it was spoken, and what follows it stands behind all', () => {
  const remote = new RemoteConversation();
  const { state: engine } = run([], []);
  const places = new Places(remote);
  const tell = (event: Event) => {
    const placed = places.put(event, engine.turns);
    if (placed.t === 'item' && placed.phase === 'added') remote.insert(placed.item, placed.after);
  };
  const added = (item: Item, after: string | null): Event => ({
    t: 'item',
    phase: 'added',
    item,
    after,
    basis: 'wire',
  });
  tell(added(message('hello', 'assistant'), null));
  places.begin(beginTurn(engine, 'turn', 0));
  tell(added(message('typed', 'user'), 'hello'));
  // A wire that appends takes the turn for the last one when its answer begins, and goes on from there.
  tell({ t: 'committed', turn: 'turn', item: 'spoken', after: 'typed', basis: 'reply' });
  tell(added(message('spoken', 'user'), 'typed'));
  tell(added(message('answer', 'assistant'), 'spoken'));
  tell(added(message('more', 'assistant'), 'answer'));
  expect(remote.ids()).toEqual(['hello', 'spoken', 'typed', 'answer', 'more']);
});
