import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatMessage, fromItem, type Item, seedItems, toItem } from '../../src/chat/index.js';
import { conversation } from './arbitraries.js';

describe('ChatItem <-> Item', () => {
  it('a wire item comes back as it was', () => {
    const items: Item[] = [
      {
        kind: 'message',
        id: 'm',
        role: 'assistant',
        parts: [{ kind: 'audio', transcript: 'hello' }],
        status: 'incomplete',
      },
      { kind: 'call', id: 'c', call: 'k', name: 'book', args: '{"day":1}' },
      { kind: 'result', id: 'r', call: 'k', name: 'book', output: 'ok', isError: true },
    ];
    expect(items.map((item) => toItem(fromItem(item)!))).toEqual(items);
  });

  it('drops samples, keeps the transcript, adds what only we know', () => {
    const parts = [{ kind: 'audio' as const, transcript: 'hi', pcm: new Int16Array(4) }];
    const item = fromItem(
      { kind: 'message', id: 'm', role: 'user', parts },
      { createdAt: 9, confidence: 0.5 },
    );
    expect(item).toEqual(
      chatMessage('m', 'user', [{ kind: 'audio', transcript: 'hi' }], { createdAt: 9, confidence: 0.5 }),
    );
  });

  it('what one side does not know has no counterpart', () => {
    expect(fromItem({ kind: 'provider', id: 'p', type: 'mcp_call' })).toBeUndefined();
    expect(toItem({ kind: 'handoff', id: 'h', to: 'nurse' })).toBeUndefined();
    expect(toItem({ kind: 'config_update', id: 'c' })).toBeUndefined();
  });

  it('developer -> system', () => {
    expect(toItem(chatMessage('d', 'developer', 'x'))).toMatchObject({ role: 'system' });
  });
});

describe('seedItems', () => {
  const spoken = [{ kind: 'audio' as const, transcript: 'we open at nine' }];
  it.each([
    [
      'heard -> all of it, as text',
      chatMessage('a', 'assistant', spoken, { heard: 'heard' }),
      'we open at nine',
    ],
    ['unknown -> all of it', chatMessage('a', 'assistant', spoken), 'we open at nine'],
    [
      'partly -> the words heard',
      chatMessage('a', 'assistant', spoken, { heard: 'partly', heardText: 'we open', interrupted: true }),
      'we open',
    ],
    [
      'partly, no word -> nothing',
      chatMessage('a', 'assistant', spoken, { heard: 'partly', heardText: '' }),
      null,
    ],
    ['unheard -> nothing', chatMessage('a', 'assistant', spoken, { heard: 'unheard' }), null],
    ['empty -> nothing', chatMessage('a', 'user', [{ kind: 'audio', transcript: null }]), null],
  ])('%s', (_name, message, text) => {
    const seeds = seedItems([message]);
    if (text === null) expect(seeds).toEqual([]);
    else expect(seeds).toMatchObject([{ kind: 'message', id: 'a', parts: [{ kind: 'text', text }] }]);
  });

  it('never seeds audio', () => {
    fc.assert(
      fc.property(conversation, (items) => {
        for (const seed of seedItems(items)) {
          if (seed.kind === 'message') expect(seed.parts.some((part) => part.kind === 'audio')).toBe(false);
        }
      }),
    );
  });
});
