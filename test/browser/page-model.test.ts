import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conversation, emptyConversation, hear, nextSession, note } from '../../web/src/conversation.js';
import { type AppMessage, readMessage } from '../../web/src/messages.js';
import { loudness } from '../../web/src/meter.js';
import { type Situation, shownState, stateWords } from '../../web/src/state.js';
import { trouble } from '../../web/src/trouble.js';

const heardSoFar = (messages: AppMessage[], start = emptyConversation()): Conversation =>
  messages.reduce(hear, start);
const user = (itemId: string, text: string, final = true): AppMessage => ({
  type: 'user_transcript',
  itemId,
  text,
  final,
});
const agent = (itemId: string, heard: string, rest = '', interrupted = false): AppMessage => ({
  type: 'agent_transcript',
  itemId,
  heard,
  rest,
  interrupted,
  final: rest === '' || interrupted,
});
const keys = (c: Conversation) => c.entries.map((entry) => entry.key);

describe('conversation', () => {
  it('a line keeps the place of its first appearance, also without words', () => {
    const c = heardSoFar([
      user('u1', '', false),
      agent('a1', '', 'Hello'),
      user('u1', 'Hi'),
      agent('a1', 'Hello'),
    ]);
    expect(c.entries).toEqual([
      { kind: 'user', key: '1/u1', text: 'Hi', final: true },
      { kind: 'agent', key: '1/a1', heard: 'Hello', rest: '', interrupted: false, final: true },
    ]);
  });

  it('a tool keeps its arguments when only its result comes later', () => {
    const c = heardSoFar([
      { type: 'tool', callId: 'c', name: 'book', args: '{"day":"Tuesday"}', phase: 'started' },
      { type: 'tool', callId: 'c', name: 'book', phase: 'done', output: 'ok' },
    ]);
    expect(c.entries).toEqual([
      { kind: 'tool', key: '1/c', name: 'book', args: '{"day":"Tuesday"}', phase: 'done', output: 'ok' },
    ]);
  });

  const latency: AppMessage = { type: 'latency', turnId: 't', v2vMs: 500 };
  it.each<[arrow: string, messages: AppMessage[], found: (number | undefined)[]]>([
    ['answer, latency', [user('u', 'Hi'), agent('a', 'Hello'), latency], [500]],
    ['latency, answer', [user('u', 'Hi'), latency, agent('a', '', 'Hello'), agent('a', 'Hello')], [500]],
    [
      'latency between two turns',
      [agent('a', 'Hi'), user('u', 'Yo'), latency, agent('b', 'Hello')],
      [undefined, 500],
    ],
    [
      'latency, tool, answer',
      [
        user('u', 'Hi'),
        latency,
        { type: 'tool', callId: 'c', name: 'n', phase: 'done' },
        agent('a', 'Hello'),
      ],
      [500],
    ],
  ])('%s -> at the answer', (_, messages, found) => {
    const answers = heardSoFar(messages).entries.filter((entry) => entry.kind === 'agent');
    expect(answers.map((entry) => entry.latencyMs)).toEqual(found);
  });

  it('order -> lines move, what is not named stays behind the one it followed', () => {
    const c = heardSoFar([
      agent('a', 'One'),
      { type: 'tool', callId: 'c', name: 'n', phase: 'done' },
      user('u', 'Two'),
      { type: 'order', itemIds: ['u', 'a'] },
    ]);
    expect(keys(c)).toEqual(['1/u', '1/a', '1/c']);
    expect(hear(c, { type: 'order', itemIds: ['u', 'a', 'unknown'] })).toBe(c);
  });

  it('the next session begins below, with ids of its own', () => {
    const first = heardSoFar([user('u', 'Hi')]);
    const c = heardSoFar([user('u', 'Hi again')], note(nextSession(first), 'The connection is back.'));
    expect(keys(c)).toEqual(['1/u', 'note/1', '2/u']);
  });

  it('does not grow without end', () => {
    let c = emptyConversation();
    for (let i = 0; i < 1000; i++) c = hear(c, user(`u${i}`, 'x'));
    expect(c.entries.length).toBe(400);
    expect(c.entries.at(-1)?.key).toBe('1/u999');
  });
});

describe('messages', () => {
  it('any message is read, or left, and never breaks the page', () => {
    const types = [
      'hello',
      'state',
      'user_transcript',
      'agent_transcript',
      'tool',
      'latency',
      'order',
      'error',
      'other',
    ];
    const message = fc.dictionary(
      fc.constantFrom(
        'itemId',
        'text',
        'final',
        'heard',
        'rest',
        'callId',
        'args',
        'output',
        'v2vMs',
        'itemIds',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...types), message)), (list) => {
        let c = emptyConversation();
        for (const [type, fields] of list) {
          const read = readMessage({ ...fields, type });
          if (read !== null) c = hear(c, read);
        }
        expect(new Set(keys(c)).size).toBe(c.entries.length);
      }),
    );
  });

  it.each<[message: Record<string, unknown>, read: unknown]>([
    [
      { type: 'state', agent: 'thinking', user: 'dancing' },
      { type: 'state', agent: 'thinking', user: 'listening' },
    ],
    [
      { type: 'tool', callId: 'c', name: 'n', args: { a: 1 }, phase: 'done', output: [2] },
      { type: 'tool', callId: 'c', name: 'n', args: '{"a":1}', phase: 'done', output: '[2]' },
    ],
    [{ type: 'user_transcript', text: 'nobody' }, null],
    [{ type: 'latency', v2vMs: 'soon' }, null],
    [{ type: 'interrupted', by: 'user' }, null],
    [{}, null],
  ])('%j', (message, read) => {
    expect(readMessage(message)).toEqual(read);
  });
});

describe('state', () => {
  const live: Situation = {
    status: { phase: 'live', session: 1 },
    agent: 'listening',
    user: 'listening',
    muted: false,
    retryInSeconds: null,
  };
  it.each<[situation: Situation, state: string, words: string]>([
    [{ ...live, status: null }, 'idle', 'Not connected'],
    [live, 'listening', 'Listening'],
    [{ ...live, muted: true }, 'listening', 'Muted'],
    [{ ...live, agent: 'speaking' }, 'speaking', 'Speaking'],
    [{ ...live, agent: 'speaking', user: 'speaking' }, 'hearing', 'Hearing you'],
    [
      { ...live, status: { phase: 'reconnecting', attempt: 2, retryInMs: 900 }, retryInSeconds: 1 },
      'reconnecting',
      'Reconnecting in 1 s',
    ],
    [{ ...live, status: { phase: 'closed' } }, 'ended', 'Ended'],
  ])('%j', (situation, state, words) => {
    expect([shownState(situation), stateWords(situation)]).toEqual([state, words]);
  });
});

it.each([
  [0, 0],
  [Number.NaN, 0],
  [0.0001, 0],
  [10 ** (-32.5 / 20), 0.5],
  [0.5, 1],
  [9, 1],
])('loudness of %d is %d', (rms, shown) => {
  expect(loudness(rms)).toBeCloseTo(shown, 6);
});

it.each(['microphone_denied', 'connect_failed', 'transport_lost', 'playback_failed', 'reply_failed'])(
  'trouble %s has words, and what is over can be tried again',
  (code) => {
    const shown = trouble({ code, message: 'Because.' });
    expect(shown.title.length).toBeGreaterThan(5);
    expect(shown.advice).toContain('Because.');
    expect(shown.actions.includes('retry')).toBe(code !== 'reply_failed');
  },
);
