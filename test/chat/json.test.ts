import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatContext } from '../../src/chat/index.js';
import { conversation } from './arbitraries.js';

describe('JSON', () => {
  it('there and back, through text', () => {
    fc.assert(
      fc.property(conversation, (items) => {
        const text = JSON.stringify(new ChatContext(items));
        expect(ChatContext.fromJSON(text).items).toEqual(items);
        expect(ChatContext.fromJSON(JSON.parse(text)).items).toEqual(items);
      }),
    );
  });

  it('keeps a large image', () => {
    const data = Uint8Array.from({ length: 50_000 }, (_, index) => index % 251);
    const chat = new ChatContext([
      {
        kind: 'message',
        id: 'a',
        role: 'user',
        interrupted: false,
        parts: [{ kind: 'image', mime: 'x/y', data }],
      },
    ]);
    expect(ChatContext.fromJSON(JSON.stringify(chat)).items).toEqual(chat.items);
  });

  it('ignores fields it does not know', () => {
    const chat = ChatContext.fromJSON({
      version: 1,
      later: 1,
      items: [{ kind: 'handoff', id: 'a', to: 'b', x: 1 }],
    });
    expect(chat.items).toEqual([{ kind: 'handoff', id: 'a', to: 'b' }]);
  });

  const message = { kind: 'message', id: 'a', role: 'user', parts: [], interrupted: false };
  it.each([
    ['not JSON', '{', undefined, /must be JSON/],
    ['a number', 4, undefined, /must be an object/],
    ['no version', { items: [] }, 'version', /version must be 1 \(found undefined\)/],
    ['a later version', { version: 2, items: [] }, 'version', /found 2/],
    ['no items', { version: 1 }, 'items', /items must be a list/],
    ['an item that is none', { version: 1, items: [null] }, 'items[0]', /items\[0\] must be an object/],
    [
      'an unknown kind',
      { version: 1, items: [{ kind: 'joke', id: 'a' }] },
      'items[0].kind',
      /one of message,/,
    ],
    ['no id', { version: 1, items: [{ ...message, id: 3 }] }, 'items[0].id', /must be a text/],
    ['a bad role', { version: 1, items: [{ ...message, role: 'boss' }] }, 'items[0].role', /user, assistant/],
    [
      'a bad time',
      { version: 1, items: [{ ...message, createdAt: '1' }] },
      'items[0].createdAt',
      /finite number/,
    ],
    [
      'a bad flag',
      { version: 1, items: [{ ...message, interrupted: 1 }] },
      'items[0].interrupted',
      /true or false/,
    ],
    [
      'a bad part',
      { version: 1, items: [message, { ...message, id: 'b', parts: [{ kind: 'text' }] }] },
      'items[1].parts[0].text',
      /must be a text/,
    ],
    [
      'bad base64',
      { version: 1, items: [{ ...message, parts: [{ kind: 'image', mime: 'x', base64: '*' }] }] },
      'items[0].parts[0].base64',
      /must be base64/,
    ],
    ['one id twice', { version: 1, items: [message, message] }, undefined, /already has an item 'a'/],
  ])('%s -> option_invalid', (_name, json, param, text) => {
    const read = () => ChatContext.fromJSON(json);
    expect(read).toThrow(expect.objectContaining({ name: 'ConfigError', code: 'option_invalid', param }));
    expect(read).toThrow(text);
  });
});
