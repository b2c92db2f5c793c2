import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/realtime/index.js';
import { stand } from './scripted-link.js';

const call = (id: string, phase: 'args' | 'ready' | 'withdrawn', args = '{}'): Event => ({
  t: 'call',
  phase,
  response: 'r1',
  item: `item_${id}`,
  call: id,
  name: 'look',
  args,
  owner: 'us',
});

describe('a reply and its response', () => {
  test('matched by the correlation of the wire, in whatever order they begin', async () => {
    const { session, link } = await stand();
    const first = session.generateReply({ outOfBand: true });
    const second = session.generateReply({ outOfBand: true });
    const [a, b] = link.all('reply').map(({ cmd }) => cmd);
    link.begin('r2', b, true);
    link.begin('r1', a, true);
    expect([(await first).responseId, (await second).responseId]).toEqual(['r1', 'r2']);
    await session.close();
  });

  test('adopted where the wire has no correlation', async () => {
    const { session, link } = await stand();
    const reply = session.generateReply();
    link.begin('r1');
    expect(await reply).toMatchObject({ responseId: 'r1', userInitiated: true });
    await session.close();
  });

  test('the answer to a turn is the server’s own, and is not taken for what was asked', async () => {
    const { session, link, told } = await stand({ hear: ['generation_created'] });
    const reply = session.generateReply();
    const cause = { by: 'turn', turn: 't' } as const;
    link.tell({ t: 'response', phase: 'started', response: 'r1', cause, outOfBand: false });
    expect(told).toMatchObject([{ event: { responseId: 'r1', turnId: 't', userInitiated: false } }]);
    link.end('r1');
    link.begin('r2', link.last('reply').cmd);
    expect(await reply).toMatchObject({ responseId: 'r2', userInitiated: true });
    await session.close();
  });

  test('one that times out is cancelled, and its late audio never heard', async () => {
    const { session, link, clock, told } = await stand({ hear: ['generation_audio', 'reply_failed'] });
    const reply = session.generateReply({ replyId: 'mine' });
    const failed = expect(reply).rejects.toMatchObject({ code: 'reply_timeout' });
    await clock.advance(10_000);
    await failed;
    link.begin('late', link.last('reply').cmd);
    expect(link.last('stop').response).toBe('late');
    link.say('late', 'i1');
    link.say('late', 'i1');
    link.end('late', { status: 'cancelled' });
    link.say('late', 'i1');
    expect(told).toMatchObject([{ name: 'reply_failed', event: { replyId: 'mine', asked: true } }]);
    await session.close();
  });

  test('an end without a beginning changes nothing: the next reply is answered', async () => {
    const { session, link, told } = await stand({ hear: ['generation_ended', 'metrics_collected', 'error'] });
    link.end('never');
    const reply = session.generateReply();
    link.begin('r1', link.last('reply').cmd);
    link.end('r1');
    link.end('r1');
    await reply;
    expect(told.map(({ name }) => name)).toEqual(['metrics_collected', 'generation_ended']);
    await session.close();
  });

  test.each(['completed', 'failed', 'incomplete', 'cancelled'] as const)(
    '%s is told as that, with the reason',
    async (status) => {
      const { session, link, told } = await stand({ hear: ['generation_ended'] });
      const reply = session.generateReply({ replyId: 'mine' });
      link.begin('r1', link.last('reply').cmd);
      await reply;
      const why = status === 'completed' ? {} : { reason: 'code', message: 'In words.' };
      link.end('r1', { status, ...why });
      expect(told.map(({ event }) => event)).toEqual([
        {
          replyId: 'mine',
          responseId: 'r1',
          outcome: status,
          reason: status === 'completed' ? '' : 'In words.',
          calls: 0,
        },
      ]);
      await session.close();
    },
  );

  test('refused -> rejects with what the server said, and the next one is sent', async () => {
    const { session, link } = await stand();
    const [first, second] = [session.generateReply(), session.generateReply()];
    const { cmd } = link.last('reply');
    link.tell({ t: 'refused', cmd, code: 'invalid_value', message: 'no', param: 'tools', benign: false });
    await expect(first).rejects.toMatchObject({ vendorCode: 'invalid_value', param: 'tools' });
    link.begin('r1', link.last('reply').cmd);
    expect((await second).responseId).toBe('r1');
    await session.close();
  });
});

describe('what a response is made of', () => {
  test('a spoken preamble, then the answer: all items in their order', async () => {
    const { session, link, told } = await stand({ hear: ['generation_part', 'generation_audio'] });
    link.begin('r1');
    for (const [index, item] of ['preamble', 'answer'].entries()) {
      const part = { t: 'part', response: 'r1', item, index, part: 0, kind: 'audio' } as const;
      link.tell({ ...part, phase: 'started' });
      link.say('r1', item);
      link.tell({ ...part, phase: 'done' });
    }
    const seen = told.map(({ name, event }) => {
      const { itemId, phase = 'audio' } = event as { itemId: string; phase?: string };
      return `${name === 'generation_part' ? phase : 'audio'} ${itemId}`;
    });
    expect(seen).toEqual([
      'started preamble',
      'audio preamble',
      'done preamble',
      'started answer',
      'audio answer',
      'done answer',
    ]);
    await session.close();
  });

  test('text though speech was asked for: told as text, and nobody fails', async () => {
    const { session, link, told } = await stand({ hear: ['generation_part', 'generation_text', 'error'] });
    link.begin('r1');
    link.tell(
      { t: 'part', phase: 'started', response: 'r1', item: 'i', index: 0, part: 0, kind: 'text' },
      { t: 'said', response: 'r1', item: 'i', part: 0, text: 'Written.', how: 'final', stage: 'planned' },
    );
    expect(told).toMatchObject([
      { name: 'generation_part', event: { kind: 'text' } },
      { name: 'generation_text', event: { text: 'Written.', how: 'final' } },
    ]);
    await session.close();
  });

  test('words may come after the end', async () => {
    const { session, link, told } = await stand({ hear: ['generation_text'] });
    link.begin('r1');
    link.end('r1');
    const said = { t: 'said', response: 'r1', item: 'i', part: 0, how: 'final', stage: 'spoken' } as const;
    link.tell({ ...said, text: 'Late.', words: [{ text: 'Late.', fromMs: 0, toMs: 400 }] });
    expect(told).toMatchObject([{ event: { text: 'Late.', words: [{ fromMs: 0, toMs: 400 }] } }]);
    await session.close();
  });

  test('audio of what was interrupted is never heard, whenever it comes', async () => {
    const { session, link, told } = await stand({ hear: ['generation_audio'] });
    const reply = session.generateReply();
    link.begin('r1', link.last('reply').cmd);
    await reply;
    link.say('r1', 'i1');
    session.interrupt();
    link.say('r1', 'i1');
    link.end('r1', { status: 'cancelled' });
    link.say('r1', 'i1');
    expect(told).toHaveLength(1);
    await session.close();
  });
});

describe('tools', () => {
  test.each([
    ['in deltas', [call('a', 'args', '{"x"'), call('a', 'args', ':1}'), call('a', 'ready', '{"x":1}')]],
    ['whole', [call('a', 'ready', '{"x":1}')]],
  ])('arguments that come %s: one call, with all of them', async (_name, events) => {
    const { session, link, told } = await stand({ hear: ['generation_call', 'generation_ended'] });
    link.begin('r1');
    link.tell(...events);
    link.end('r1');
    expect(told).toMatchObject([
      {
        name: 'generation_call',
        event: { responseId: 'r1', itemId: 'item_a', callId: 'a', name: 'look', args: '{"x":1}' },
      },
      { name: 'generation_ended', event: { calls: 1 } },
    ]);
    await session.close();
  });

  test('parallel calls, one reply: every answer goes out, and the model is asked once', async () => {
    const { session, link } = await stand();
    const reply = session.generateReply();
    link.begin('r1', link.last('reply').cmd);
    const { replyId } = await reply;
    link.tell(call('a', 'ready'), call('b', 'ready'));
    link.end('r1');
    const answers = [
      session.answer({ callId: 'a', name: 'look', output: '1', more: true }),
      session.answer({ callId: 'b', name: 'look', output: '2' }),
    ];
    link.confirm();
    await Promise.all(answers);
    const next = session.generateReply({ continues: replyId });
    expect(link.all('answer').map(({ call, more }) => [call, more])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(link.all('reply')).toHaveLength(2);
    link.begin('r2', link.last('reply').cmd);
    expect(await next).toMatchObject({ replyId, responseId: 'r2' });
    await session.close();
  });

  test('a call is answered once; one that was withdrawn is not', async () => {
    const { session, link, told } = await stand({ hear: ['generation_call_withdrawn'] });
    link.begin('r1');
    link.tell(call('a', 'ready'), call('b', 'ready'), call('b', 'withdrawn', ''));
    expect(told.map(({ event }) => event)).toEqual([{ callId: 'b' }]);
    const first = session.answer({ callId: 'a', name: 'look', output: '1' });
    link.confirm();
    await first;
    for (const callId of ['a', 'b', 'never']) {
      await expect(session.answer({ callId, name: 'look', output: '2' })).rejects.toMatchObject({
        code: 'provider_refused',
        vendorCode: 'call_not_open',
      });
    }
    expect(link.all('answer')).toHaveLength(1);
    await session.close();
  });

  test('calls that the provider runs itself are not ours to answer', async () => {
    const { session, link, told } = await stand({ hear: ['generation_call'] });
    link.begin('r1');
    link.tell({ ...(call('a', 'ready') as Extract<Event, { t: 'call' }>), owner: 'provider' });
    expect(told).toEqual([]);
    await expect(session.answer({ callId: 'a', name: 'look', output: '' })).rejects.toMatchObject({
      vendorCode: 'call_not_open',
    });
    await session.close();
  });
});
