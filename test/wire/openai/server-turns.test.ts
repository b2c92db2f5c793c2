import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/realtime/contract.js';
import type { ClientEvent } from '../../../src/wire/openai/events.js';
import { audio, defaults, pcm, ServerBench } from './server-bench.js';

const response = 'resp_1';
const started = (
  cause: { by: 'wire' } | { by: 'turn'; turn: string } | { by: 'command'; cmd: string } = { by: 'wire' },
): Event => ({
  t: 'response',
  phase: 'started',
  response,
  cause,
  outOfBand: false,
});
const ended = (
  status: 'completed' | 'cancelled' | 'incomplete' | 'failed' = 'completed',
  more = {},
): Event => ({
  t: 'response',
  phase: 'ended',
  response,
  status,
  basis: 'wire',
  ...more,
});
const part = (phase: 'started' | 'done', kind: 'audio' | 'text' = 'audio', item = 'item_a'): Event => ({
  t: 'part',
  phase,
  response,
  item,
  index: 0,
  part: 0,
  kind,
});
const spoken = (ms: number, item = 'item_a'): Event => ({
  t: 'audio',
  response,
  item,
  part: 0,
  pcm: pcm(ms),
});
const said = (text: string, how: 'append' | 'replace' | 'final' = 'append', item = 'item_a'): Event => ({
  t: 'said',
  response,
  item,
  part: 0,
  text,
  how,
  stage: 'planned',
});

/** One spoken turn of the user, committed by the server. */
function turn(bench: ServerBench, name = 'turn_1', item = 'item_u'): void {
  bench.client({ type: 'input_audio_buffer.append', audio: audio(1000) });
  bench.link(
    { t: 'speech', edge: 'start', turn: name, item, atMs: 100, basis: 'wire' },
    { t: 'speech', edge: 'stop', turn: name, item, atMs: 900, basis: 'wire' },
    { t: 'committed', turn: name, item, basis: 'wire' },
  );
}

const answer = [
  'response.created',
  'response.output_item.added',
  'conversation.item.added',
  'response.content_part.added',
  'response.output_audio_transcript.delta',
  'response.output_audio.delta',
  'response.output_audio.delta',
  'response.output_audio_transcript.delta',
  'response.output_audio.done',
  'response.output_audio_transcript.done',
  'response.content_part.done',
  'response.output_item.done',
  'conversation.item.done',
  'response.done',
];

describe('a spoken turn', () => {
  it('voice in → speech, commit, item; answer → the whole chain, in the vendor’s order', () => {
    const bench = new ServerBench().opened();
    turn(bench);
    expect(bench.command('audio')).toMatchObject({ atMs: 0 });
    const heard = bench.events.splice(0);
    expect(heard.map(({ type }) => type)).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
    ]);
    expect(heard[0]).toMatchObject({ audio_start_ms: 100, item_id: 'item_u' });
    expect(heard[1]).toMatchObject({ audio_end_ms: 900, item_id: 'item_u' });
    expect(heard[3]).toMatchObject({
      previous_item_id: null,
      item: {
        object: 'realtime.item',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_audio', transcript: null }],
      },
    });

    bench.link(
      started({ by: 'turn', turn: 'turn_1' }),
      part('started'),
      said('Hel'),
      spoken(20),
      spoken(20),
      said('Hello.', 'final'),
      part('done'),
      ended('completed', { usage: { totalTokens: 3, inputTokens: 1, outputTokens: 2 } }),
      { t: 'limits', limits: [{ name: 'tokens', limit: 10, remaining: 7, resetMs: 1500 }] },
    );
    const all = bench.events.splice(0);
    expect(all.map(({ type }) => type)).toEqual([...answer, 'rate_limits.updated']);
    expect(all[0]).toMatchObject({
      response: {
        id: 'resp_1',
        status: 'in_progress',
        status_details: null,
        output: [],
        conversation_id: 'conv_1',
        usage: null,
        metadata: null,
      },
    });
    expect(all[1]).toMatchObject({ output_index: 0, item: { status: 'in_progress', content: [] } });
    expect(all[2]).toMatchObject({ previous_item_id: 'item_u' });
    expect(all[3]).toMatchObject({ content_index: 0, part: { type: 'audio', transcript: '' } });
    expect(all[7]).toMatchObject({ delta: 'lo.' });
    expect(all[10]).toMatchObject({ part: { type: 'audio', transcript: 'Hello.' } });
    expect(all[11]).toMatchObject({
      item: { status: 'completed', content: [{ type: 'output_audio', transcript: 'Hello.' }] },
    });
    expect(all[13]).toMatchObject({
      response: {
        status: 'completed',
        status_details: null,
        output: [{ id: 'item_a' }],
        usage: { total_tokens: 3, input_tokens: 1, output_tokens: 2 },
      },
    });
    expect(all[14]).toMatchObject({
      rate_limits: [{ name: 'tokens', limit: 10, remaining: 7, reset_seconds: 1.5 }],
    });
  });

  it('audio reaches the client sample by sample', () => {
    const bench = new ServerBench().opened();
    const samples = pcm(40);
    bench.link(started(), part('started'), { t: 'audio', response, item: 'item_a', part: 0, pcm: samples });
    const { delta } = bench.one('response.output_audio.delta');
    expect(Buffer.from(delta, 'base64')).toEqual(Buffer.from(samples.buffer));
  });

  it('a speech start without an item names the one that the commit makes', () => {
    const bench = new ServerBench().opened();
    bench.link({ t: 'speech', edge: 'start', turn: 'turn_1', basis: 'local' });
    const { item_id } = bench.one('input_audio_buffer.speech_started');
    bench.link({ t: 'committed', turn: 'turn_1', item: 'theirs', basis: 'wire' });
    expect(bench.one('conversation.item.added').item.id).toBe(item_id);
    // The link's id is translated both ways from now on.
    bench.client({ type: 'conversation.item.delete', item_id });
    expect(bench.command('item.remove').item).toBe('theirs');
    expect(bench.one('conversation.item.deleted').item_id).toBe(item_id);
  });

  it('discarded speech ends for the client too', () => {
    const bench = new ServerBench().opened();
    bench.link(
      { t: 'speech', edge: 'start', turn: 'turn_1', atMs: 10, basis: 'wire' },
      { t: 'speech', edge: 'discarded', turn: 'turn_1', atMs: 20, basis: 'wire' },
    );
    expect(bench.types()).toEqual(['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped']);
  });

  it('barge-in → the closing chain of an incomplete item, cancelled', () => {
    const bench = new ServerBench().opened();
    bench.link(started(), part('started'), said('I was go'), spoken(20));
    bench.types();
    bench.link(
      { t: 'speech', edge: 'start', turn: 'turn_2', item: 'item_v', atMs: 0, basis: 'wire' },
      { t: 'drop', response },
      ended('cancelled', { reason: 'turn_detected' }),
    );
    const all = bench.events.splice(0);
    expect(all.map(({ type }) => type)).toEqual([
      'input_audio_buffer.speech_started',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ]);
    expect(all[4]).toMatchObject({ item: { status: 'incomplete' } });
    expect(all[6]).toMatchObject({
      response: { status: 'cancelled', status_details: { type: 'cancelled', reason: 'turn_detected' } },
    });
    // What is still in flight of it goes nowhere.
    bench.link(spoken(20), said('ing to'), part('done'));
    expect(bench.events).toEqual([]);
  });
});

describe('manual turns', () => {
  const manual = (options = {}) =>
    new ServerBench({ defaults: { ...defaults, turns: { owner: 'caller' } }, ...options }).opened();

  it('append, commit → committed, item; no response, no speech events', () => {
    const bench = manual();
    bench.client({ type: 'input_audio_buffer.append', audio: audio(100) });
    bench.commands.length = 0;
    bench.client({ type: 'input_audio_buffer.commit' });
    expect(bench.command('activity').edge).toBe('end');
    expect(bench.events).toEqual([]);
    bench.link(
      { t: 'speech', edge: 'start', turn: 't', basis: 'local' },
      { t: 'committed', turn: 't', item: 'item_u', basis: 'wire' },
    );
    expect(bench.types()).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
    ]);
  });

  it('99 ms → input_audio_buffer_commit_empty, also after a commit and a clear', () => {
    const bench = manual();
    const commit = () => {
      bench.client({ type: 'input_audio_buffer.commit', event_id: 'c' });
      const found = bench.events.splice(0).at(-1);
      return found?.type === 'error' ? found.error : undefined;
    };
    bench.client({ type: 'input_audio_buffer.append', audio: audio(99) });
    expect(commit()).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
      event_id: 'c',
      message: expect.stringContaining('99.00ms'),
    });
    bench.client({ type: 'input_audio_buffer.append', audio: audio(1) });
    expect(commit()).toBeUndefined();
    expect(commit()?.message).toContain('only has 0.00ms');
    bench.client({ type: 'input_audio_buffer.append', audio: audio(200) });
    bench.client({ type: 'input_audio_buffer.clear' });
    expect(commit()?.message).toContain('only has 0.00ms');
  });

  it('a link that never confirms → the item is made here, and the same later', () => {
    const bench = manual();
    bench.acks = false;
    bench.client({ type: 'input_audio_buffer.append', audio: audio(100) });
    bench.commands.length = 0;
    bench.client({ type: 'input_audio_buffer.commit' });
    bench.link({ t: 'ack', cmd: bench.command('activity').cmd, basis: 'sent' });
    const { item_id } = bench.one('input_audio_buffer.committed');
    bench.link({ t: 'committed', turn: 't', item: 'theirs', basis: 'reply' });
    expect(bench.events).toEqual([]);
    bench.link({ t: 'heard', item: 'theirs', text: 'Hi.', how: 'final' });
    expect(bench.one('conversation.item.input_audio_transcription.completed').item_id).toBe(item_id);
  });

  it('a late confirmation belongs to the latest commit that has none', () => {
    const bench = manual();
    bench.acks = false;
    const commit = () => {
      bench.client({ type: 'input_audio_buffer.append', audio: audio(100) });
      bench.commands.length = 0;
      bench.client({ type: 'input_audio_buffer.commit' });
      bench.link({ t: 'ack', cmd: bench.command('activity').cmd, basis: 'sent' });
      return bench.one('input_audio_buffer.committed').item_id;
    };
    const first = commit();
    const second = commit();
    expect(second).not.toBe(first);
    bench.link({ t: 'committed', turn: 't2', item: 'theirs', basis: 'reply' });
    bench.link({ t: 'heard', turn: 't2', text: 'Two.', how: 'final' });
    expect(bench.one('conversation.item.input_audio_transcription.completed').item_id).toBe(second);
  });

  it('retrieve gives the committed audio back, byte by byte', () => {
    const bench = manual();
    bench.client({ type: 'input_audio_buffer.append', audio: audio(300) });
    bench.client({ type: 'input_audio_buffer.clear' });
    bench.client({ type: 'input_audio_buffer.append', audio: audio(60, 7) });
    bench.client({ type: 'input_audio_buffer.append', audio: audio(60, 9) });
    bench.client({ type: 'input_audio_buffer.commit' });
    bench.link({ t: 'committed', turn: 't', item: 'item_u', basis: 'wire' });
    bench.types();
    bench.client({ type: 'conversation.item.retrieve', item_id: 'item_u' });
    const { item } = bench.one('conversation.item.retrieved');
    expect(item).toMatchObject({ content: [{ type: 'input_audio' }] });
    const kept = item.type === 'message' && item.role === 'user' ? item.content[0] : undefined;
    const bytes = kept?.type === 'input_audio' ? Buffer.from(kept.audio ?? '', 'base64') : undefined;
    expect(bytes).toEqual(
      Buffer.concat([Buffer.from(audio(60, 7), 'base64'), Buffer.from(audio(60, 9), 'base64')]),
    );
  });

  it('kept audio is bounded: the oldest goes, whole', () => {
    const bench = manual({ limits: { keptAudioBytes: 48 * 250 } });
    for (const item of ['item_1', 'item_2', 'item_3']) {
      bench.client({ type: 'input_audio_buffer.append', audio: audio(100) });
      bench.client({ type: 'input_audio_buffer.commit' });
      bench.link({ t: 'committed', turn: item, item, basis: 'wire' });
    }
    const has = (item_id: string) => {
      bench.events.length = 0;
      bench.client({ type: 'conversation.item.retrieve', item_id });
      return JSON.stringify(bench.one('conversation.item.retrieved')).includes('"audio":');
    };
    expect(['item_1', 'item_2', 'item_3'].map(has)).toEqual([false, true, true]);
  });
});

describe('formats', () => {
  it.each(['audio/pcmu', 'audio/pcma'] as const)('%s in and out, resampled, durations kept', (type) => {
    const bench = new ServerBench({ defaults: { ...defaults, turns: { owner: 'caller' } } }).opened();
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { format: { type } }, output: { format: { type } } } },
    });
    bench.types();
    const silence = Buffer.alloc(8 * 20, type === 'audio/pcmu' ? 0xff : 0xd5).toString('base64');
    for (let chunk = 0; chunk < 10; chunk++) {
      bench.client({ type: 'input_audio_buffer.append', audio: silence });
    }
    bench.client({ type: 'input_audio_buffer.commit' });
    let samples = 0;
    for (const command of bench.commands) {
      if (command.t !== 'audio') continue;
      expect(command.atMs).toBeCloseTo(samples / 24, 6);
      samples += command.pcm.length;
    }
    expect(samples).toBe(24 * 200);

    bench.link(
      started(),
      part('started'),
      spoken(100),
      spoken(100),
      part('done'),
      said('x', 'final'),
      ended(),
    );
    const deltas = bench.events.flatMap((event) =>
      event.type === 'response.output_audio.delta' ? [Buffer.from(event.delta, 'base64').length] : [],
    );
    expect(deltas.reduce((sum, length) => sum + length, 0)).toBe(8 * 200);
  });

  it('one response may have a format of its own', () => {
    const bench = new ServerBench().opened();
    bench.client({
      type: 'response.create',
      response: { audio: { output: { format: { type: 'audio/pcmu' }, voice: 'cedar' } } },
    });
    const { cmd, overrides } = bench.command('reply');
    expect(overrides).toEqual({ voice: 'cedar' });
    bench.link(started({ by: 'command', cmd }), part('started'), spoken(100), part('done'), ended());
    const done = bench.events.at(-1);
    expect(done).toMatchObject({
      type: 'response.done',
      response: { audio: { output: { format: { type: 'audio/pcmu' }, voice: 'cedar' } } },
    });
    const bytes = bench.events.flatMap((event) =>
      event.type === 'response.output_audio.delta' ? [...Buffer.from(event.delta, 'base64')] : [],
    );
    expect(bytes).toHaveLength(800);
  });
});

describe('responses', () => {
  it('text turn: item.create, response.create → text chain', () => {
    const bench = new ServerBench({ defaults: { ...defaults, output: 'text' } }).opened();
    bench.client({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    });
    expect(bench.command('item.add').item).toMatchObject({ kind: 'message', role: 'user', id: 'item_1' });
    expect(bench.types()).toEqual(['conversation.item.added', 'conversation.item.done']);
    bench.client({ type: 'response.create' });
    const { cmd } = bench.command('reply');
    bench.link(
      started({ by: 'command', cmd }),
      part('started', 'text'),
      said('Hello'),
      said('Hello.', 'final'),
      part('done', 'text'),
      ended(),
    );
    expect(bench.types()).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ]);
  });

  it('a model that speaks although text was asked for: its words come as text', () => {
    const bench = new ServerBench().opened();
    bench.client({ type: 'response.create', response: { output_modalities: ['text'] } });
    const { cmd } = bench.command('reply');
    bench.link(
      started({ by: 'command', cmd }),
      part('started'),
      said('Hi.', 'final'),
      spoken(20),
      part('done'),
      ended(),
    );
    expect(bench.types().filter((type) => /text|audio/.test(type))).toEqual([
      'response.output_text.delta',
      'response.output_text.done',
    ]);
  });

  it('one at a time on the conversation, any number beside it', () => {
    const bench = new ServerBench().opened();
    bench.client({ type: 'response.create' });
    const { cmd } = bench.command('reply');
    bench.client({ type: 'response.create', event_id: 'second' });
    expect(bench.one('error').error).toMatchObject({
      code: 'conversation_already_has_active_response',
      event_id: 'second',
    });
    bench.link(started({ by: 'command', cmd }));
    bench.types();
    bench.client({ type: 'response.create', event_id: 'third' });
    expect(bench.one('error').error.message).toContain('resp_1');

    bench.client({
      type: 'response.create',
      response: { conversation: 'none', metadata: { topic: 'x' }, output_modalities: ['text'], input: [] },
    });
    const beside = bench.command('reply');
    expect(beside).toMatchObject({
      outOfBand: true,
      input: [],
      metadata: { topic: 'x' },
      overrides: { output: 'text' },
    });
    const other = 'resp_2';
    bench.link(
      {
        t: 'response',
        phase: 'started',
        response: other,
        cause: { by: 'command', cmd: beside.cmd },
        outOfBand: true,
      },
      { t: 'said', response: other, item: 'item_o', part: 0, text: 'aside', how: 'final', stage: 'planned' },
      { t: 'response', phase: 'ended', response: other, status: 'completed', basis: 'wire' },
    );
    const all = bench.events.splice(0);
    expect(all.map(({ type }) => type)).toEqual([
      'response.created',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(all[0]).toMatchObject({ response: { conversation_id: null, metadata: { topic: 'x' } } });
    bench.link(ended());
    bench.types();
    bench.client({ type: 'response.create' });
    expect(bench.command('reply')).toBeDefined();
  });

  it('refused by the link → error, and the conversation is free again', () => {
    const bench = new ServerBench().opened();
    bench.acks = false;
    bench.client({ type: 'response.create', event_id: 'r' });
    const { cmd } = bench.command('reply');
    bench.link({ t: 'refused', cmd, code: 'rate_limit_exceeded', message: 'Later.', benign: false });
    expect(bench.one('error').error).toMatchObject({ code: 'rate_limit_exceeded', event_id: 'r' });
    bench.client({ type: 'response.create' });
    expect(bench.command('reply')).toBeDefined();
  });

  it('cancel → stop; the response then ends as client_cancelled', () => {
    const bench = new ServerBench().opened();
    bench.link(started(), part('started'), spoken(20));
    bench.types();
    bench.client({ type: 'response.cancel' });
    expect(bench.command('stop').response).toBe('resp_1');
    bench.link(ended('cancelled'));
    expect(bench.one('response.done').response.status_details).toEqual({
      type: 'cancelled',
      reason: 'client_cancelled',
    });
  });

  it('cancel of a response that has not begun frees the conversation', () => {
    const bench = new ServerBench().opened();
    bench.client({ type: 'response.create' });
    bench.client({ type: 'response.cancel' });
    bench.commands.length = 0;
    bench.client({ type: 'response.create' });
    expect(bench.types()).toEqual([]);
    expect(bench.command('reply')).toBeDefined();
  });

  it.each([
    ['incomplete', 'max_output_tokens', { type: 'incomplete', reason: 'max_output_tokens' }],
    ['incomplete', 'filter', { type: 'incomplete', reason: 'content_filter' }],
    ['incomplete', undefined, { type: 'incomplete', reason: 'max_output_tokens' }],
    ['cancelled', 'whatever', { type: 'cancelled', reason: 'turn_detected' }],
    [
      'failed',
      'inference_rate_limit_exceeded',
      {
        type: 'failed',
        error: { type: 'server_error', code: 'inference_rate_limit_exceeded', message: 'm' },
      },
    ],
  ] as const)('ended %s (%s)', (status, reason, details) => {
    const bench = new ServerBench().opened();
    bench.link(started(), ended(status, { ...(reason === undefined ? {} : { reason }), message: 'm' }));
    expect(bench.one('response.done').response.status_details).toEqual(details);
  });

  it('several items in one response: each has its own chain and index', () => {
    const bench = new ServerBench().opened();
    bench.link(
      started(),
      said('One moment.', 'final', 'item_a'),
      part('done', 'audio', 'item_a'),
      {
        t: 'call',
        phase: 'ready',
        response,
        item: 'item_c',
        call: 'call_1',
        name: 'f',
        args: '{}',
        owner: 'us',
      },
      said('Done.', 'final', 'item_b'),
      part('done', 'audio', 'item_b'),
      ended(),
    );
    const indexes = bench.events.flatMap((event) =>
      event.type === 'response.output_item.done' ? [[event.item.id, event.output_index]] : [],
    );
    expect(indexes).toEqual([
      ['item_a', 0],
      ['item_c', 1],
      ['item_b', 2],
    ]);
    const done = bench.one('response.done');
    expect(done.response.output.map(({ id }) => id)).toEqual(['item_a', 'item_c', 'item_b']);
  });
});

describe('function calls', () => {
  it('arguments stream, then are whole; outputs are answers; the last says that no more follow', () => {
    const bench = new ServerBench().opened();
    const call = (phase: 'args' | 'ready', id: string, args: string): Event => ({
      t: 'call',
      phase,
      response,
      item: `item_${id}`,
      call: id,
      name: 'lookup',
      args,
      owner: 'us',
    });
    bench.link(
      started(),
      call('args', 'call_1', '{"a"'),
      call('args', 'call_1', ':1}'),
      call('ready', 'call_1', '{"a":1}'),
    );
    const all = bench.events.splice(0);
    expect(all.map(({ type }) => type)).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'conversation.item.done',
    ]);
    expect(all[1]).toMatchObject({
      item: {
        type: 'function_call',
        name: 'lookup',
        call_id: 'call_1',
        arguments: '',
        status: 'in_progress',
      },
    });
    expect(all[5]).toMatchObject({ name: 'lookup', arguments: '{"a":1}', call_id: 'call_1' });
    bench.link(call('ready', 'call_2', '{}'), ended());
    bench.types();

    const output = (call_id: string) =>
      bench.client({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id, output: '42' },
      });
    output('call_1');
    expect(bench.command('answer')).toMatchObject({
      call: 'call_1',
      name: 'lookup',
      output: '42',
      isError: false,
      more: true,
      then: 'wait',
    });
    expect(bench.types()).toEqual(['conversation.item.added', 'conversation.item.done']);
    output('call_2');
    expect(bench.command('answer')).toMatchObject({ call: 'call_2', more: false });
    // An output that nothing waits for is history.
    bench.types();
    output('call_2');
    expect(bench.command('item.add').item).toMatchObject({ kind: 'result', call: 'call_2' });
  });

  it('a cancelled response leaves unfinished arguments incomplete', () => {
    const bench = new ServerBench().opened();
    bench.link(
      started(),
      {
        t: 'call',
        phase: 'args',
        response,
        item: 'item_c',
        call: 'call_1',
        name: 'f',
        args: '{"a',
        owner: 'us',
      },
      ended('cancelled'),
    );
    const done = bench.events.find((event) => event.type === 'response.output_item.done');
    expect(done).toMatchObject({ item: { status: 'incomplete', arguments: '{"a' } });
  });
});

describe('truncate', () => {
  const answered = () => {
    const bench = new ServerBench().opened();
    bench.link(
      started(),
      part('started'),
      said('One two three four.', 'final'),
      spoken(1000),
      part('done'),
      ended(),
    );
    bench.types();
    bench.commands.length = 0;
    return bench;
  };
  const cut = (audio_end_ms: number, item_id = 'item_a', content_index = 0) =>
    ({ type: 'conversation.item.truncate', item_id, content_index, audio_end_ms, event_id: 'cut' }) as const;

  it('drops the transcript and the audio after the cut, tells the link what was heard', () => {
    const bench = answered();
    bench.client(cut(500));
    expect(bench.command('item.cut')).toMatchObject({
      item: 'item_a',
      part: 0,
      heardMs: 500,
      heardText: 'One two',
    });
    expect(bench.one('conversation.item.truncated')).toMatchObject({
      item_id: 'item_a',
      content_index: 0,
      audio_end_ms: 500,
    });
    bench.client({ type: 'conversation.item.retrieve', item_id: 'item_a' });
    const { item } = bench.one('conversation.item.retrieved');
    expect(item).toMatchObject({ content: [{ type: 'output_audio', transcript: null }] });
    expect(JSON.stringify(item)).toContain('"audio":');
    const [held] = item.type === 'message' && item.role === 'assistant' ? item.content : [];
    expect(held?.type === 'output_audio' && Buffer.from(held.audio ?? '', 'base64').length).toBe(48 * 500);
    // It has become shorter: the same cut again is fine, a longer one is not.
    bench.client(cut(500));
    expect(bench.types()).toEqual(['conversation.item.truncated']);
    bench.client(cut(501));
    expect(bench.one('error').error.message).toBe('Audio content of 500ms is already shorter than 501ms');
  });

  it('words with places are cut at their places', () => {
    const bench = new ServerBench().opened();
    const words = ['One', 'two', 'three.'].map((text, at) => ({
      text,
      fromMs: 100 * at,
      toMs: 100 * at + 90,
    }));
    bench.link(
      started(),
      part('started'),
      { ...said('One two three.', 'final'), words } as Event,
      spoken(1000),
      ended(),
    );
    bench.client(cut(195));
    expect(bench.command('item.cut').heardText).toBe('One two');
  });

  it('once, whether the link acknowledges, reports the cut, or both', () => {
    const bench = answered();
    bench.acks = false;
    bench.client(cut(100));
    const { cmd } = bench.command('item.cut');
    expect(bench.events).toEqual([]);
    bench.link(
      {
        t: 'item',
        phase: 'cut',
        item: { kind: 'message', id: 'item_a', role: 'assistant', parts: [] },
        basis: 'wire',
      },
      { t: 'ack', cmd, basis: 'wire' },
    );
    expect(bench.types()).toEqual(['conversation.item.truncated']);
  });

  it.each([
    ['beyond the audio', cut(1001), 'invalid_value', 'audio_end_ms'],
    ['another part', cut(10, 'item_a', 3), 'invalid_value', 'content_index'],
    ['an unknown item', cut(10, 'item_zz'), 'item_truncate_invalid_item_id', 'item_id'],
    ['an item of the user', cut(10, 'item_u'), 'unsupported_content_type', null],
  ])('%s → error', (_name, event, code, param) => {
    const bench = answered();
    turn(bench);
    bench.types();
    bench.commands.length = 0;
    bench.client(event);
    expect(bench.one('error').error).toMatchObject({ code, param, event_id: 'cut' });
    expect(bench.commands).toEqual([]);
  });
});

describe('items', () => {
  const create = (id: string, previous_item_id?: string): ClientEvent => ({
    type: 'conversation.item.create',
    item: { id, type: 'message', role: 'user', content: [{ type: 'input_text', text: id }] },
    ...(previous_item_id === undefined ? {} : { previous_item_id }),
  });

  it('append, after, root → the order is told by previous_item_id', () => {
    const bench = new ServerBench().opened();
    bench.client(create('b')).client(create('c', 'b')).client(create('a', 'root')).client(create('b2', 'b'));
    const order = bench.events.flatMap((event) =>
      event.type === 'conversation.item.added' ? [[event.item.id, event.previous_item_id]] : [],
    );
    expect(order).toEqual([
      ['b', null],
      ['c', 'b'],
      ['a', null],
      ['b2', 'b'],
    ]);
    const afters = bench.commands.flatMap((command) => (command.t === 'item.add' ? [command.after] : []));
    expect(afters).toEqual([undefined, 'b', null, 'b']);
    bench.types();
    bench.client(create('b'));
    expect(bench.one('error').error).toMatchObject({ code: 'item_already_exists', param: 'item.id' });
  });

  it('nothing is told before the link has taken it; a refusal undoes it', () => {
    const bench = new ServerBench().opened();
    bench.acks = false;
    bench.client(create('x'));
    const { cmd } = bench.command('item.add');
    expect(bench.events).toEqual([]);
    bench.link({ t: 'refused', cmd, code: 'unsupported', message: 'No.', benign: false });
    expect(bench.types()).toEqual(['error']);
    bench.client({ type: 'conversation.item.delete', item_id: 'x' });
    expect(bench.one('error').error.code).toBe('item_delete_invalid_item_id');
  });

  it('the limit of a conversation holds', () => {
    const bench = new ServerBench({ limits: { items: 2 } }).opened();
    bench.client(create('a')).client(create('b')).client(create('c'));
    expect(bench.one('error').error.code).toBe('conversation_full');
    bench.client({ type: 'conversation.item.delete', item_id: 'a' });
    bench.types();
    bench.client(create('c'));
    expect(bench.types()).toEqual(['conversation.item.added', 'conversation.item.done']);
  });

  it('audio of the client is echoed without its bytes and given back on retrieve', () => {
    const bench = new ServerBench().opened();
    bench.client({
      type: 'conversation.item.create',
      item: { id: 'v', type: 'message', role: 'user', content: [{ type: 'input_audio', audio: audio(10) }] },
    });
    expect(bench.command('item.add').item).toMatchObject({
      parts: [{ kind: 'audio', pcm: expect.any(Int16Array) }],
    });
    expect(bench.one('conversation.item.added').item).toMatchObject({
      content: [{ type: 'input_audio', transcript: null }],
    });
    bench.client({ type: 'conversation.item.retrieve', item_id: 'v' });
    expect(bench.one('conversation.item.retrieved').item).toMatchObject({ content: [{ audio: audio(10) }] });
  });
});

describe('transcripts of the user', () => {
  const heard = (text: string, how: 'append' | 'replace' | 'final' | 'failed', more = {}): Event => ({
    t: 'heard',
    turn: 'turn_1',
    text,
    how,
    ...more,
  });

  it('are held until the item is there', () => {
    const bench = new ServerBench().opened();
    bench.link(
      { t: 'speech', edge: 'start', turn: 'turn_1', item: 'item_u', atMs: 0, basis: 'wire' },
      heard('Good', 'append'),
      heard('Good morning', 'replace'),
    );
    expect(bench.types()).toEqual(['input_audio_buffer.speech_started']);
    bench.link({ t: 'committed', turn: 'turn_1', item: 'item_u', basis: 'wire' });
    expect(bench.types()).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.input_audio_transcription.delta',
    ]);
    bench.link(
      heard('Good morning.', 'final', { usage: { totalTokens: 3, inputTokens: 2, outputTokens: 1 } }),
    );
    expect(bench.one('conversation.item.input_audio_transcription.completed')).toMatchObject({
      item_id: 'item_u',
      transcript: 'Good morning.',
      usage: { type: 'tokens', total_tokens: 3 },
    });
    bench.client({ type: 'conversation.item.retrieve', item_id: 'item_u' });
    expect(bench.one('conversation.item.retrieved').item).toMatchObject({
      content: [{ transcript: 'Good morning.' }],
    });
  });

  it('words that take others back wait for the final text', () => {
    const bench = new ServerBench().opened();
    turn(bench);
    bench.types();
    bench.link(heard('Could', 'replace'), heard('Good', 'replace'), heard('Good day', 'final'));
    const all = bench.events.splice(0);
    expect(all.map(({ type }) => type.split('.').at(-1))).toEqual(['delta', 'completed']);
    expect(all[1]).toMatchObject({ transcript: 'Good day', usage: { type: 'duration', seconds: 0.8 } });
  });

  it('failed → failed, and nothing where transcription is off', () => {
    const bench = new ServerBench().opened();
    turn(bench);
    bench.types();
    bench.link(heard('no words', 'failed'));
    expect(bench.one('conversation.item.input_audio_transcription.failed').error.message).toBe('no words');
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: null } } },
    });
    bench.types();
    bench.link(heard('Good day', 'final'));
    expect(bench.types()).toEqual([]);
  });
});
