import { describe, expect, test } from 'vitest';
import { ChatContext, chatMessage } from '../../src/chat/index.js';
import { ConfigError, StateError, UnsupportedError } from '../../src/core/index.js';
import { call, voice } from './mouth/call.js';

const before = new ChatContext([
  chatMessage('m1', 'user', [{ kind: 'audio', transcript: 'Do you remember me?' }], { createdAt: 1 }),
  {
    ...chatMessage(
      'm2',
      'assistant',
      [{ kind: 'audio', transcript: 'I do, you are Ada, who called before.' }],
      {
        createdAt: 2,
      },
    ),
    heard: 'partly',
    heardText: 'I do, you are Ada,',
    interrupted: true,
  },
  chatMessage('m3', 'user', [{ kind: 'audio', transcript: null }], { createdAt: 3 }),
]);

describe('a history that was loaded', () => {
  test('spoken items -> the model is told the words that were heard, as text; ours is whole', async () => {
    const { session, commands, end } = await call({}, { chatCtx: before });
    expect(commands()[0]).toMatchObject({
      t: 'open',
      history: [
        { id: 'm1', role: 'user', parts: [{ kind: 'text', text: 'Do you remember me?' }] },
        { id: 'm2', role: 'assistant', parts: [{ kind: 'text', text: 'I do, you are Ada,' }] },
      ],
    });
    expect(session.history.items).toEqual(before.items);
    await end();
  });

  test('what is said then follows', async () => {
    const script = { turns: [{ hears: 'and now', says: 'Now as well.' }] };
    const { session, clock, transport, lines, end } = await call({ script }, { chatCtx: before });
    void transport.say(voice(400));
    await clock.advance(4_000);
    expect(session.history.ids().slice(0, 3)).toEqual(['m1', 'm2', 'm3']);
    expect(lines().slice(3)).toEqual(['user: and now (said)', 'assistant: Now as well. (heard)']);
    expect(before).toHaveLength(3);
    await end();
  });
});

describe('an item that nobody said', () => {
  const note = chatMessage('n1', 'system', [{ kind: 'text', text: 'The caller has paid.' }]);

  test('append -> here alone', async () => {
    const { session, commands, told, end } = await call();
    const { synced, speech } = session.history.append(note);
    await synced;
    expect(speech).toBeUndefined();
    expect(session.history.get('n1')).toEqual(note);
    expect(told('conversation_item_added')).toEqual([{ item: note }]);
    expect(commands().map(({ t }) => t)).toEqual(['open']);
    expect(() => session.history.append(note)).toThrow(ConfigError);
    expect(told('conversation_item_added')).toHaveLength(1);
    await end();
  });

  test('sync -> the model has it, and says nothing', async () => {
    const { session, clock, commands, end } = await call();
    const { synced } = session.history.append(note, { sync: true });
    await clock.advance(1);
    await synced;
    expect(commands()[1]).toMatchObject({ t: 'item.add', item: { id: 'n1', role: 'system' } });
    expect(commands()).toHaveLength(2);
    expect(session.realtime.chatCtx.ids()).toEqual(['n1']);
    await end();
  });

  test('respond -> and answers', async () => {
    const { session, clock, lines, end } = await call({ script: { turns: [], greeting: 'Thank you.' } });
    const { speech } = session.history.append(note, { respond: true });
    await clock.advance(2_000);
    expect(speech).toMatchObject({ done: true, interrupted: false });
    expect(lines()).toEqual(['system: The caller has paid. (said)', 'assistant: Thank you. (heard)']);
    await end();
  });

  test('a wire without -> unsupported, and nothing has changed', async () => {
    const { session, end } = await call({ lacks: { history: 'opening' } });
    expect(() => session.history.append(note, { sync: true })).toThrow(UnsupportedError);
    expect(session.history.ids()).toEqual([]);
    session.history.append(note);
    await end();
    expect(() => session.history.append({ ...note, id: 'n2' }, { sync: true })).toThrow(StateError);
    session.history.append({ ...note, id: 'n3' });
    expect(session.history.ids()).toEqual(['n1', 'n3']);
  });

  test('an item that no wire knows -> unsupported with sync', async () => {
    const { session, end } = await call();
    const handoff = { kind: 'handoff', id: 'h1', from: 'a', to: 'b' } as const;
    expect(() => session.history.append(handoff, { sync: true })).toThrow(UnsupportedError);
    session.history.append(handoff);
    expect(session.history.ids()).toEqual(['h1']);
    await end();
  });

  test('the model refuses -> an error event, and a rejection for whoever waits', async () => {
    const { session, clock, told, end } = await call();
    const image = chatMessage('i1', 'user', [{ kind: 'image', mime: 'image/png', data: new Uint8Array(3) }]);
    const { synced } = session.history.append(image, { sync: true });
    const rejected = expect(synced).rejects.toMatchObject({ code: 'provider_refused' });
    await clock.advance(1);
    await rejected;
    expect(told('error')).toMatchObject([{ code: 'provider_refused' }]);
    await end();
  });

  test('the history can be shortened, quietly', async () => {
    const { session, told, end } = await call();
    for (const id of ['a', 'b', 'c']) session.history.append({ ...note, id, role: 'user' });
    session.history.truncate(2);
    expect(session.history.ids()).toEqual(['b', 'c']);
    expect(told('conversation_item_added')).toHaveLength(3);
    await end();
  });
});
