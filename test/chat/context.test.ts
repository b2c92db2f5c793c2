import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ChatContext,
  type ChatItem,
  chatMessage,
  instructionsItemId,
  isEmptyMessage,
  isSystemMessage,
} from '../../src/chat/index.js';
import { conversation } from './arbitraries.js';

const call = (id: string, callId: string, name = 'book'): ChatItem => ({
  kind: 'function_call',
  id,
  call: callId,
  name,
  args: '{}',
});
const output = (id: string, callId: string): ChatItem => ({
  kind: 'function_output',
  id,
  call: callId,
  output: 'done',
  isError: false,
});

describe('places', () => {
  it('refuses a second item of one id and stays as it was', () => {
    const chat = new ChatContext([chatMessage('a', 'user', 'hi')]);
    expect(() => chat.append(chatMessage('a', 'user', 'ho'))).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    );
    expect(chat.ids()).toEqual(['a']);
    expect(chat.get('a')).toEqual(chatMessage('a', 'user', 'hi'));
  });

  it.each([
    ['older than all -> first', 5, ['x', 'a', 'b', 'c']],
    ['equal to one -> behind it and its untimed followers', 10, ['a', 'b', 'x', 'c']],
    ['between -> behind the last not younger', 15, ['a', 'b', 'x', 'c']],
    ['youngest -> last', 30, ['a', 'b', 'c', 'x']],
    ['unknown -> last', undefined, ['a', 'b', 'c', 'x']],
  ])('insert by time: %s', (_name, createdAt, ids) => {
    const chat = new ChatContext([
      chatMessage('a', 'user', '1', { createdAt: 10 }),
      chatMessage('b', 'assistant', '2'),
      chatMessage('c', 'user', '3', { createdAt: 20 }),
    ]);
    chat.insert(chatMessage('x', 'user', 'new', createdAt === undefined ? {} : { createdAt }));
    expect(chat.ids()).toEqual(ids);
  });

  it('keeps instructions in front of an older item', () => {
    const chat = new ChatContext([chatMessage('a', 'user', '1', { createdAt: 10 })]);
    chat.setInstructions('Be brief.');
    chat.insert(chatMessage('x', 'user', '0', { createdAt: 1 }));
    expect(chat.ids()).toEqual([instructionsItemId, 'x', 'a']);
    chat.setInstructions('Be long.');
    expect(chat.message(instructionsItemId)?.parts).toEqual([{ kind: 'text', text: 'Be long.' }]);
    chat.setInstructions(null);
    expect(chat.ids()).toEqual(['x', 'a']);
  });

  it('insertAfter: null -> first; unknown -> error', () => {
    const chat = new ChatContext([chatMessage('a', 'user', '1'), chatMessage('b', 'user', '2')]);
    chat.insertAfter(null, chatMessage('x', 'user', '0'));
    chat.insertAfter('a', chatMessage('y', 'user', '1b'));
    expect(chat.ids()).toEqual(['x', 'a', 'y', 'b']);
    expect(() => chat.insertAfter('nobody', chatMessage('z', 'user', ''))).toThrow(/nobody/);
  });

  it('sorted by time -> any order of inserting gives one order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }), (times) => {
        const chat = new ChatContext();
        for (const createdAt of times) chat.insert(chatMessage(`m${createdAt}`, 'user', '', { createdAt }));
        const sorted = [...times].sort((one, other) => one - other);
        expect(chat.ids()).toEqual(sorted.map((createdAt) => `m${createdAt}`));
      }),
    );
  });
});

describe('copy', () => {
  it.each([
    ['excludeFunctionCall', { excludeFunctionCall: true }, ['sys', 'dev', 'e', 'img', 'u', 'h', 'cfg']],
    [
      'excludeInstructions',
      { excludeInstructions: true },
      ['e', 'img', 'u', 'c1', 'o1', 'c2', 'o2', 'h', 'cfg'],
    ],
    [
      'excludeEmptyMessage',
      { excludeEmptyMessage: true },
      ['sys', 'dev', 'img', 'u', 'c1', 'o1', 'c2', 'o2', 'h', 'cfg'],
    ],
    [
      'excludeHandoff',
      { excludeHandoff: true },
      ['sys', 'dev', 'e', 'img', 'u', 'c1', 'o1', 'c2', 'o2', 'cfg'],
    ],
    [
      'excludeConfigUpdate',
      { excludeConfigUpdate: true },
      ['sys', 'dev', 'e', 'img', 'u', 'c1', 'o1', 'c2', 'o2', 'h'],
    ],
    ['tools', { tools: ['cancel'] }, ['sys', 'dev', 'e', 'img', 'u', 'c2', 'o2', 'h', 'cfg']],
    ['nothing', {}, ['sys', 'dev', 'e', 'img', 'u', 'c1', 'o1', 'c2', 'o2', 'h', 'cfg']],
  ])('%s', (_name, options, ids) => {
    const chat = new ChatContext([
      chatMessage('sys', 'system', 'x'),
      chatMessage('dev', 'developer', 'x'),
      chatMessage('e', 'user', [{ kind: 'audio', transcript: null }]),
      chatMessage('img', 'user', [{ kind: 'image', mime: 'image/png', data: new Uint8Array(1) }]),
      chatMessage('u', 'user', 'hi'),
      call('c1', 'k1'),
      output('o1', 'k1'),
      call('c2', 'k2', 'cancel'),
      output('o2', 'k2'),
      { kind: 'handoff', id: 'h', to: 'nurse' },
      { kind: 'config_update', id: 'cfg', instructions: 'x' },
    ]);
    expect(chat.copy(options).ids()).toEqual(ids);
  });

  it('is the same conversation, and its own', () => {
    fc.assert(
      fc.property(conversation, (items) => {
        const chat = new ChatContext(items);
        const copy = chat.copy();
        expect(copy.items).toEqual(chat.items);
        copy.append(chatMessage('new', 'user', 'x'));
        for (const item of items) copy.remove(item.id);
        expect(chat.items).toEqual(items);
      }),
    );
  });

  it('leaves out everything it was told to and nothing else', () => {
    fc.assert(
      fc.property(conversation, (items) => {
        const kept = new ChatContext(items).copy({
          excludeFunctionCall: true,
          excludeInstructions: true,
          excludeEmptyMessage: true,
          excludeHandoff: true,
          excludeConfigUpdate: true,
        });
        const expected = items.filter(
          (item) => item.kind === 'message' && !isSystemMessage(item) && !isEmptyMessage(item),
        );
        expect(kept.items).toEqual(expected);
      }),
    );
  });
});

describe('truncate', () => {
  it.each([
    ['short enough -> unchanged', 9, ['s', 'u1', 'c1', 'o1', 'a1', 'u2']],
    ['system message counts and stays', 3, ['s', 'a1', 'u2']],
    ['a call cut off takes its output', 4, ['s', 'a1', 'u2']],
    ['a call kept keeps its output', 5, ['s', 'c1', 'o1', 'a1', 'u2']],
    ['one -> the system message', 1, ['s']],
  ])('%s', (_name, maxItems, ids) => {
    const chat = new ChatContext([
      chatMessage('s', 'system', 'x'),
      chatMessage('u1', 'user', 'x'),
      call('c1', 'k1'),
      output('o1', 'k1'),
      chatMessage('a1', 'assistant', 'x'),
      chatMessage('u2', 'user', 'x'),
    ]);
    expect(chat.truncate(maxItems).ids()).toEqual(ids);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %s', (maxItems) => {
    expect(() => new ChatContext().truncate(maxItems)).toThrow(
      expect.objectContaining({ code: 'option_invalid', param: 'maxItems' }),
    );
  });

  it('never too long, never an orphan in front, always in order, system message kept', () => {
    fc.assert(
      fc.property(conversation, fc.integer({ min: 1, max: 14 }), (items, maxItems) => {
        const chat = new ChatContext(items).truncate(maxItems);
        expect(chat.length).toBeLessThanOrEqual(maxItems);
        const system = items.find(isSystemMessage);
        if (system) expect(chat.has(system.id)).toBe(true);
        const order = items.filter((item) => chat.has(item.id));
        expect(chat.items).toEqual(order);
        if (items.length <= maxItems) return;
        const first = chat.items.find((item) => item.id !== system?.id);
        expect(first?.kind).not.toBe('function_output');
      }),
    );
  });
});

describe('merge', () => {
  it('adds what is new by time, and untimed items behind their neighbour', () => {
    const chat = new ChatContext([
      chatMessage('a', 'user', 'ours', { createdAt: 10 }),
      chatMessage('c', 'user', '3', { createdAt: 30 }),
    ]);
    const other = new ChatContext([
      chatMessage('a', 'user', 'theirs', { createdAt: 10 }),
      chatMessage('n', 'assistant', 'untimed'),
      chatMessage('b', 'assistant', '2', { createdAt: 20 }),
    ]);
    chat.merge(other);
    expect(chat.ids()).toEqual(['a', 'n', 'b', 'c']);
    expect(chat.message('a')?.parts).toEqual([{ kind: 'text', text: 'ours' }]);
  });

  it('twice is once; every id of both is there; ours keep their order', () => {
    fc.assert(
      fc.property(conversation, conversation, (ours, theirs) => {
        const chat = new ChatContext(ours).merge(new ChatContext(theirs));
        const once = [...chat.items];
        expect(new Set(chat.ids())).toEqual(new Set([...ours, ...theirs].map((item) => item.id)));
        expect(chat.items.filter((item) => ours.includes(item))).toEqual(ours);
        chat.merge(new ChatContext(theirs));
        expect(chat.items).toEqual(once);
      }),
    );
  });
});
