import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDiff, diffItems, type Item, RemoteConversation } from '../../src/chat/index.js';

const item = (id: string, text = id): Item => ({
  kind: 'message',
  id,
  role: 'user',
  parts: [{ kind: 'text', text }],
});

function listOf(ids: Iterable<string>): RemoteConversation {
  const list = new RemoteConversation();
  for (const id of ids) list.insert(item(id));
  return list;
}

describe('insert', () => {
  it.each([
    ['undefined -> last', undefined, 'inserted', 'abx'],
    ['null -> first', null, 'inserted', 'xab'],
    ['a -> behind a', 'a', 'inserted', 'axb'],
    ['b -> behind b', 'b', 'inserted', 'abx'],
    ['unknown -> last, diverged', 'q', 'appended', 'abx'],
  ])('%s', (_name, after, result, ids) => {
    const list = listOf('ab');
    expect(list.insert(item('x'), after)).toBe(result);
    expect(list.ids().join('')).toBe(ids);
    expect(list.diverged).toEqual(after === 'q' ? [{ itemId: 'x', want: 'q', have: 'b' }] : []);
  });

  it('a known id -> updated where it stands', () => {
    const list = listOf('abc');
    expect(list.insert(item('a', 'new'), 'c')).toBe('updated');
    expect(list.ids().join('')).toBe('abc');
    expect(list.get('a')).toEqual(item('a', 'new'));
  });

  it('the missing previous turns up -> the waiting item moves behind it', () => {
    const list = listOf('a');
    list.insert(item('c'), 'b');
    list.insert(item('d'));
    list.insert(item('b'), 'a');
    expect(list.ids().join('')).toBe('abcd');
    expect(list.diverged).toEqual([]);
  });

  it('a diverged item is deleted -> no longer diverged', () => {
    const list = new RemoteConversation();
    list.insert(item('x'), 'q');
    expect(list.diverged).toEqual([{ itemId: 'x', want: 'q', have: null }]);
    expect(list.delete('x')).toBe(true);
    expect(list.delete('x')).toBe(false);
    expect(list.diverged).toEqual([]);
  });
});

it('a waiting item with followers is deleted -> the first follower waits', () => {
  const list = listOf('a');
  list.insert(item('x'), 'q');
  list.insert(item('y'), 'x');
  list.delete('x');
  expect(list.diverged).toEqual([{ itemId: 'y', want: 'q', have: 'a' }]);
  list.insert(item('q'), null);
  expect(list.ids().join('')).toBe('qya');
});

it('the missing previous is appended -> the waiting item moves behind it', () => {
  const list = listOf('a');
  list.insert(item('x'), 'q');
  list.insert(item('q'));
  expect(list.ids().join('')).toBe('aqx');
});

it('previousOf, lastId, update, clear', () => {
  const list = listOf('ab');
  expect([list.previousOf('a'), list.previousOf('b'), list.previousOf('q')]).toEqual([null, 'a', undefined]);
  expect(list.lastId).toBe('b');
  expect(list.update(item('q'))).toBe(false);
  list.clear();
  expect([list.length, list.lastId]).toEqual([0, null]);
});

describe('divergedFrom', () => {
  it.each([
    ['as wanted', 'abc', 'abc', []],
    ['missing', 'ac', 'abc', [{ itemId: 'b', want: 'a' }]],
    ['superfluous', 'abc', 'ac', [{ itemId: 'b', have: 'a' }]],
    ['misplaced', 'cab', 'abc', [{ itemId: 'c', want: 'b', have: null }]],
    ['nothing wanted', 'a', '', [{ itemId: 'a', have: null }]],
  ])('%s', (_name, have, want, expected) => {
    expect(listOf(have).divergedFrom([...want])).toEqual(expected);
  });
});

describe('properties', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 15 }).map(String), { maxLength: 10 });

  it("told of every item once, in any order, with its previous one -> the server's order", () => {
    const told = ids.chain((order) =>
      fc.tuple(fc.constant(order), fc.shuffledSubarray(order, { minLength: order.length })),
    );
    fc.assert(
      fc.property(told, ([order, arrival]) => {
        const list = new RemoteConversation();
        for (const id of arrival) {
          const index = order.indexOf(id);
          list.insert(item(id), index === 0 ? null : order[index - 1]!);
        }
        expect(list.ids()).toEqual(order);
        expect(list.diverged).toEqual([]);
      }),
    );
  });

  it('edits made from a diff leave nothing diverged', () => {
    fc.assert(
      fc.property(ids, ids, (have, want) => {
        const list = listOf(have);
        const diff = diffItems(
          list.items,
          want.map((id) => ({ id })),
        );
        const plain = [...list.items];
        applyDiff(plain, diff, item);
        for (const id of diff.remove) list.delete(id);
        for (const { after, id } of diff.create) list.insert(item(id), after);
        expect(list.ids()).toEqual(want);
        expect(plain.map(({ id }) => id)).toEqual(want);
        expect(list.divergedFrom(want)).toEqual([]);
      }),
    );
  });
});
