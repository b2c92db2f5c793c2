import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/chat/item.js';
import { chatMessages } from '../../../src/speech/chat-completions/messages.js';

const message = (role: 'user' | 'assistant' | 'system', text: string): Item => ({
  kind: 'message',
  id: '',
  role,
  parts: [{ kind: 'text', text }],
});
const call = (id: string, args = '{"a":1}'): Item => ({ kind: 'call', id: '', call: id, name: 'look', args });
const result = (id: string, output = 'ok'): Item => ({
  kind: 'result',
  id: '',
  call: id,
  name: 'look',
  output,
});
const toolCall = (id: string, args = '{"a":1}') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: args },
});
const tool = (id: string, content = 'ok') => ({ role: 'tool', tool_call_id: id, content });

function messages(items: Item[], instructions = '') {
  return chatMessages({ instructions, items, tools: [], toolChoice: 'auto' });
}

describe('chatMessages', () => {
  it.each<[string, Item[], unknown[]]>([
    [
      'text->content',
      [message('user', 'hi'), message('assistant', 'ho')],
      [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'ho' },
      ],
    ],
    [
      'transcript->content',
      [
        {
          kind: 'message',
          id: '',
          role: 'user',
          parts: [{ kind: 'audio', transcript: 'heard', pcm: new Int16Array(9) }],
        },
      ],
      [{ role: 'user', content: 'heard' }],
    ],
    [
      'nothing heard->nothing',
      [
        { kind: 'message', id: '', role: 'user', parts: [{ kind: 'audio', transcript: null }] },
        message('assistant', ''),
      ],
      [],
    ],
    [
      'image->data URI',
      [
        {
          kind: 'message',
          id: '',
          role: 'user',
          parts: [
            { kind: 'image', mime: 'image/png', data: new Uint8Array([1, 2, 3]) },
            { kind: 'text', text: 'what?' },
          ],
        },
      ],
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
          ],
        },
      ],
    ],
    [
      'text, calls, results->one assistant message',
      [message('assistant', 'I look.'), call('a'), call('b', ''), result('a'), result('b')],
      [
        { role: 'assistant', content: 'I look.', tool_calls: [toolCall('a'), toolCall('b', '{}')] },
        tool('a'),
        tool('b'),
      ],
    ],
    [
      'late result->behind its call',
      [call('a'), message('user', 'well?'), result('a')],
      [
        { role: 'assistant', content: null, tool_calls: [toolCall('a')] },
        tool('a'),
        { role: 'user', content: 'well?' },
      ],
    ],
    [
      'no result->says so',
      [call('a'), message('user', 'well?')],
      [
        { role: 'assistant', content: null, tool_calls: [toolCall('a')] },
        tool('a', 'The tool has not answered yet.'),
        { role: 'user', content: 'well?' },
      ],
    ],
    [
      'no call->words of the system',
      [result('z')],
      [{ role: 'system', content: 'The tool look answered: ok' }],
    ],
    [
      'calls of two responses->two messages',
      [call('a'), result('a'), call('b'), result('b')],
      [
        { role: 'assistant', content: null, tool_calls: [toolCall('a')] },
        tool('a'),
        { role: 'assistant', content: null, tool_calls: [toolCall('b')] },
        tool('b'),
      ],
    ],
    ['provider item->nothing', [{ kind: 'provider', id: 'p', type: 'reasoning' }], []],
  ])('%s', (_name, items, expected) => expect(messages(items)).toEqual(expected));

  it('begins with the instructions', () => {
    expect(messages([message('system', 'b')], 'a')).toEqual([
      { role: 'system', content: 'a' },
      { role: 'system', content: 'b' },
    ]);
  });
});
