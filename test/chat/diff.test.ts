import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDiff, ChatContext, chatMessage, diffChat, diffItems } from '../../src/chat/index.js';
import { conversation } from './arbitraries.js';

const listed = (text: string) => [...text].map((id) => ({ id }));

/** Length of a longest common subsequence, the slow textbook way. */
function commonLength(one: readonly string[], other: readonly string[]): number {
  const rows = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      rows[i]![j] =
        one[i - 1] === other[j - 1] ? rows[i - 1]![j - 1]! + 1 : Math.max(rows[i - 1]![j]!, rows[i]![j - 1]!);
    }
  }
  return rows[one.length]![other.length]!;
}

describe('diff', () => {
  it.each([
    ['abc -> abc', 'abc', 'abc', '', []],
    ['abc -> ac', 'abc', 'ac', 'b', []],
    ['ac -> abc', 'ac', 'abc', '', ['a>b']],
    ['ab -> xab', 'ab', 'xab', '', ['^>x']],
    ['nothing -> ab', '', 'ab', '', ['^>a', 'a>b']],
    ['ab -> nothing', 'ab', '', 'ab', []],
    ['one moved: abcd -> dabc', 'abcd', 'dabc', 'd', ['^>d']],
    ['one moved: abcd -> bcda', 'abcd', 'bcda', 'a', ['d>a']],
  ])('%s', (_name, from, to, remove, create) => {
    const diff = diffItems(listed(from), listed(to));
    expect(diff.remove.join('')).toBe(remove);
    expect(diff.create.map(({ after, id }) => `${after ?? '^'}>${id}`)).toEqual(create);
    expect(diff.changed).toEqual([]);
  });

  it('names items that stay with other content, but not for their time', () => {
    const before = new ChatContext([chatMessage('a', 'user', 'x'), chatMessage('b', 'user', 'x')]);
    const after = new ChatContext([
      chatMessage('a', 'user', 'x', { createdAt: 7 }),
      chatMessage('b', 'user', 'y'),
    ]);
    expect(diffChat(before, after)).toEqual({ remove: [], create: [], changed: ['b'] });
  });

  it('applied to a gives b, in ids, order and content', () => {
    fc.assert(
      fc.property(conversation, conversation, (from, to) => {
        const list = [...from];
        const wanted = new ChatContext(to);
        applyDiff(list, diffChat({ items: from }, wanted), (id) => wanted.get(id)!);
        expect(list.map((item) => item.id)).toEqual(wanted.ids());
        expect(diffChat({ items: list }, wanted)).toEqual({ remove: [], create: [], changed: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('is the smallest', () => {
    fc.assert(
      fc.property(conversation, conversation, (from, to) => {
        const diff = diffItems(from, to);
        const common = commonLength(
          from.map((item) => item.id),
          to.map((item) => item.id),
        );
        expect(diff.remove.length).toBe(from.length - common);
        expect(diff.create.length).toBe(to.length - common);
      }),
    );
  });
});
