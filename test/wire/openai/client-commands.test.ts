import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/realtime/index.js';
import { audioToBase64, base64ToAudio } from '../../../src/wire/openai/index.js';
import { ClientBench, config, type Json, manual, response } from './client-harness.js';

const part = { response_id: 'resp_1', item_id: 'a1', output_index: 0, content_index: 0 };

/** A default response with 100 ms of audio in item a1. */
function speaking(bench: ClientBench): ClientBench {
  const silence = audioToBase64(new Int16Array(2400), { type: 'audio/pcm', rate: 24000 });
  bench.serve(
    { type: 'response.created', event_id: 'e', response: response('resp_1') },
    {
      type: 'conversation.item.added',
      event_id: 'e',
      previous_item_id: null,
      item: { id: 'a1', type: 'message', role: 'assistant', content: [], status: 'in_progress' },
    },
    { type: 'response.output_audio.delta', event_id: 'e', ...part, delta: silence },
  );
  bench.news();
  return bench;
}

function failure(code: string | null, eventId: string | null, message = 'No.'): Json {
  return {
    type: 'error',
    event_id: 'e',
    error: { type: 'invalid_request_error', code, message, param: null, event_id: eventId },
  };
}

describe('audio', () => {
  it.each([
    ['PCM', { type: 'audio/pcm', rate: 24000 }],
    ['mu-law', { type: 'audio/pcmu' }],
    ['A-law', { type: 'audio/pcma' }],
  ] as const)('%s both ways', (_name, format) => {
    const bench = new ClientBench({ inputFormat: format, outputFormat: format });
    bench.do({ t: 'open', config, history: [] });
    bench.serve({ type: 'session.created', event_id: 'e', session: {} });
    expect(bench.sent()[0]).toMatchObject({ session: { audio: { input: { format }, output: { format } } } });
    bench.serve({ type: 'session.updated', event_id: 'e', session: {} });
    const pcm = Int16Array.from({ length: 160 }, (_, index) => Math.round(8000 * Math.sin(index / 5)));
    bench.do({ t: 'audio', pcm, atMs: 0 });
    const [append] = bench.sent();
    expect(append).toEqual({ type: 'input_audio_buffer.append', audio: audioToBase64(pcm, format) });
    bench.serve({ type: 'response.output_audio.delta', event_id: 'e', ...part, delta: append!.audio });
    const heard = bench.events.at(-1);
    expect(heard?.t === 'audio' && [...heard.pcm]).toEqual([
      ...base64ToAudio(String(append!.audio), format)!,
    ]);
  });

  it('sends a view of a larger buffer as its own samples, and splits what no event can hold', () => {
    const bench = new ClientBench().opened();
    const whole = Int16Array.from([1, 2, 3, 4]);
    bench.do({ t: 'audio', pcm: whole.subarray(1, 3), atMs: 0 });
    expect(bench.sent()[0]!.audio).toBe(Buffer.from([2, 0, 3, 0]).toString('base64'));
    bench.do({ t: 'audio', pcm: new Int16Array(2_500_000), atMs: 20 });
    const pieces = bench.sent();
    expect(pieces).toHaveLength(3);
    expect(
      pieces.map(({ audio }) => base64ToAudio(String(audio), { type: 'audio/pcm', rate: 24000 })!.length),
    ).toEqual([1_000_000, 1_000_000, 500_000]);
  });

  it.each([
    ['an odd count of bytes', Buffer.from([1, 0, 2, 0, 9]).toString('base64'), [1, 2]],
    ['letters that are not base64', `!${Buffer.from([1, 0, 2, 0]).toString('base64')}`, [1, 2]],
  ])('%s -> noted, the rest is played', (_name, delta, samples) => {
    const bench = new ClientBench().opened();
    bench.serve({ type: 'response.output_audio.delta', event_id: 'e', ...part, delta });
    expect(bench.news()).toEqual([
      'started resp_1 by wire',
      'part started resp_1 0:a1/0 audio',
      'refused audio_malformed benign',
      `audio resp_1 a1/0 ${samples.join(',')}`,
    ]);
  });

  it('an empty delta is no audio', () => {
    const bench = speaking(new ClientBench().opened());
    bench.serve({ type: 'response.output_audio.delta', event_id: 'e', ...part, delta: '' });
    expect(bench.news()).toEqual([]);
  });
});

describe('turns of the user', () => {
  const buffer = (name: string, fields: Json = {}) => ({
    type: `input_audio_buffer.${name}`,
    event_id: 'e',
    ...fields,
  });

  it('start -> ack as sent, for the wire has no such word; end and flush -> commit; discard -> clear', () => {
    const bench = new ClientBench().opened(manual);
    for (const [index, edge] of (['start', 'end', 'flush', 'discard'] as const).entries()) {
      bench.do({ t: 'activity', cmd: `c${index}`, edge });
    }
    expect(bench.sent()).toEqual([
      { type: 'input_audio_buffer.commit', event_id: 'c1' },
      { type: 'input_audio_buffer.commit', event_id: 'c2' },
      { type: 'input_audio_buffer.clear', event_id: 'c3' },
    ]);
    bench.serve(
      buffer('committed', { item_id: 'u1', previous_item_id: null }),
      failure('input_audio_buffer_commit_empty', 'c2'),
      buffer('cleared'),
    );
    expect(bench.news()).toEqual([
      'ack c0 sent',
      'ack c1 u1',
      'committed turn_1 u1 after nothing',
      'refused c2 input_audio_buffer_commit_empty benign',
      'ack c3',
      'cleared c3',
    ]);
  });

  it("a commit of the server's VAD does not answer ours; ours is refused as empty", () => {
    const bench = new ClientBench().opened();
    bench.serve(
      buffer('speech_started', { item_id: 'u1', audio_start_ms: 0 }),
      buffer('speech_stopped', { item_id: 'u1', audio_end_ms: 900 }),
    );
    bench.do({ t: 'activity', cmd: 'c1', edge: 'end' });
    bench.serve(
      buffer('committed', { item_id: 'u1', previous_item_id: null }),
      failure('input_audio_buffer_commit_empty', null),
    );
    expect(bench.news().slice(2)).toEqual([
      'committed turn_1 u1 after nothing',
      'refused c1 input_audio_buffer_commit_empty benign',
    ]);
  });

  it('a commit in the middle of speech ends it; the late stop changes nothing; a client commit is not answered by itself', () => {
    const bench = new ClientBench().opened();
    bench.serve(buffer('speech_started', { item_id: 'u1', audio_start_ms: 0 }));
    bench.do({ t: 'activity', cmd: 'c1', edge: 'end' });
    bench.serve(
      buffer('committed', { item_id: 'u1', previous_item_id: null }),
      buffer('speech_stopped', { item_id: 'u1', audio_end_ms: 900 }),
      { type: 'response.created', event_id: 'e', response: response('resp_1') },
    );
    expect(bench.news().slice(1)).toEqual([
      'speech stop turn_1 u1',
      'ack c1 u1',
      'committed turn_1 u1 after nothing',
      'unknown input_audio_buffer.speech_stopped',
      'started resp_1 by wire',
    ]);
  });

  it('cleared while speaking -> discarded; doubled start -> noted; lost stop -> stopped by the next start', () => {
    const bench = new ClientBench().opened();
    bench.serve(
      buffer('speech_started', { item_id: 'u1', audio_start_ms: 0 }),
      buffer('speech_started', { item_id: 'u1', audio_start_ms: 0 }),
      buffer('cleared'),
      buffer('speech_stopped', { item_id: 'u1', audio_end_ms: 5 }),
      buffer('speech_started', { item_id: 'u2', audio_start_ms: 20 }),
      buffer('speech_started', { item_id: 'u3', audio_start_ms: 30 }),
    );
    expect(bench.news()).toEqual([
      'speech start turn_1 u1 @0',
      'unknown input_audio_buffer.speech_started',
      'speech discarded turn_1',
      'cleared',
      'unknown input_audio_buffer.speech_stopped',
      'speech start turn_2 u2 @20',
      'speech stop turn_2 u2',
      'speech start turn_3 u3 @30',
    ]);
  });

  it('a server that names no item with the speech -> the commit names it', () => {
    const bench = new ClientBench().opened();
    bench.serve(buffer('speech_started'), buffer('speech_stopped'), buffer('committed', { item_id: 'u1' }));
    expect(bench.news()).toEqual(['speech start turn_1', 'speech stop turn_1', 'committed turn_1 u1']);
  });
});

describe('items', () => {
  const message = (id: string): Extract<Command, { t: 'item.add' }>['item'] => ({
    kind: 'message',
    id,
    role: 'user',
    parts: [{ kind: 'text', text: 'x' }],
  });
  const added = (id: string, previous: string | null = null) => ({
    type: 'conversation.item.added',
    event_id: 'e',
    previous_item_id: previous,
    item: {
      id,
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'x' }],
      status: 'completed',
    },
  });

  it('places: append, first, after', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'item.add', cmd: 'c1', item: message('m1') });
    bench.do({ t: 'item.add', cmd: 'c2', item: message('m2'), after: null });
    bench.do({ t: 'item.add', cmd: 'c3', item: message('m3'), after: 'm2' });
    expect(bench.sent().map(({ previous_item_id }) => previous_item_id)).toEqual([undefined, 'root', 'm2']);
    bench.serve(added('m1'), added('m2'), added('m3', 'm2'));
    expect(bench.news().filter((news) => news.startsWith('ack'))).toEqual([
      'ack c1 m1',
      'ack c2 m2',
      'ack c3 m3',
    ]);
  });

  it('no id, or one that the wire cannot take -> one of ours; the ack tells it', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'item.add', cmd: 'c1', item: message('') });
    bench.do({ t: 'item.add', cmd: 'c2', item: message('x'.repeat(33)) });
    expect(bench.sent().map(({ item }) => (item as Json).id)).toEqual(['item_1', 'item_2']);
    bench.serve(added('item_1'), added('item_2', 'item_1'));
    expect(bench.news()[0]).toBe('ack c1 item_1');
  });

  it('a server that gives another id -> the oldest create of that shape', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'item.add', cmd: 'c1', item: message('m1') });
    bench.serve(added('theirs'));
    expect(bench.news()).toEqual(['ack c1 theirs', 'item added message theirs after nothing']);
  });

  it('refused by event id, and by the code where the server leaves the id out', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'item.add', cmd: 'c1', item: message('m1') });
    bench.do({ t: 'item.remove', cmd: 'c2', item: 'gone' });
    bench.do({ t: 'item.fetch', cmd: 'c3', item: 'gone' });
    bench.serve(
      failure('item_already_exists', 'c1'),
      failure('item_delete_invalid_item_id', null),
      failure('item_retrieve_invalid_item_id', null),
    );
    expect(bench.news()).toEqual([
      'refused c1 item_already_exists',
      'refused c2 item_delete_invalid_item_id',
      'refused c3 item_retrieve_invalid_item_id',
    ]);
  });

  it('what the wire has no form for is refused and not sent', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'item.add', cmd: 'c1', item: { kind: 'provider', id: 'p', type: 'mcp_call' } });
    bench.do({
      t: 'item.add',
      cmd: 'c2',
      item: { kind: 'message', id: 'm', role: 'assistant', parts: [{ kind: 'audio', transcript: null }] },
    });
    bench.do({ t: 'say', cmd: 'c3', text: 'Hello', cuttable: true });
    expect(bench.news()).toEqual([
      'refused c1 unsupported',
      'refused c2 unsupported',
      'refused c3 unsupported',
    ]);
    expect(bench.sent()).toEqual([]);
  });

  it('image -> an item of the user', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'image', cmd: 'c1', data: new Uint8Array([1, 2, 3]), mime: 'image/png', atMs: 0 });
    expect(bench.sent()[0]!.item).toEqual({
      id: 'item_1',
      type: 'message',
      role: 'user',
      content: [{ type: 'input_image', image_url: 'data:image/png;base64,AQID' }],
    });
  });

  it('fetch -> retrieved, with its audio', () => {
    const bench = new ClientBench().opened();
    bench.serve(added('m1'));
    bench.do({ t: 'item.fetch', cmd: 'c1', item: 'm1' });
    expect(bench.sent()).toEqual([{ type: 'conversation.item.retrieve', event_id: 'c1', item_id: 'm1' }]);
    bench.serve({
      type: 'conversation.item.retrieved',
      event_id: 'e',
      item: {
        id: 'm1',
        type: 'message',
        role: 'user',
        content: [{ type: 'input_audio', audio: 'AQACAA==', transcript: 'x' }],
      },
    });
    expect(bench.news().slice(1)).toEqual(['ack c1 m1', 'item fetched message m1']);
    expect(bench.events.at(-1)).toMatchObject({
      item: { parts: [{ kind: 'audio', transcript: 'x', pcm: Int16Array.of(1, 2) }] },
    });
  });

  it('the older created: added, and done unless it is being written', () => {
    const bench = new ClientBench().opened();
    bench.serve({ ...added('m1'), type: 'conversation.item.created' });
    bench.serve({
      type: 'conversation.item.created',
      event_id: 'e',
      previous_item_id: 'm1',
      item: { id: 'a1', type: 'message', role: 'assistant', status: 'in_progress', content: [] },
    });
    expect(bench.news()).toEqual([
      'item added message m1 after nothing',
      'item done message m1 after nothing',
      'item added message a1 after m1',
    ]);
  });

  it('items of kinds that only the vendor understands survive', () => {
    const bench = new ClientBench().opened();
    bench.serve({
      type: 'conversation.item.added',
      event_id: 'e',
      item: { id: 'p1', type: 'mcp_list_tools', server_label: 'x', tools: [] },
    });
    expect(bench.news()).toEqual(['item added provider p1']);
    expect(bench.events.at(-1)).toMatchObject({
      item: { type: 'mcp_list_tools' },
      raw: { item: { server_label: 'x' } },
    });
  });
});

describe('cut', () => {
  const cut = (heardMs: number, item = 'a1', at = 0): Command => ({
    t: 'item.cut',
    cmd: 'c1',
    item,
    part: at,
    heardMs,
    heardText: '',
  });

  it.each([
    [60, 60],
    [100, 100],
    [5000, 100],
  ])('heard %i ms of 100 -> truncate at %i', (heardMs, endMs) => {
    const bench = speaking(new ClientBench().opened());
    bench.do(cut(heardMs));
    expect(bench.sent()).toEqual([
      {
        type: 'conversation.item.truncate',
        event_id: 'c1',
        item_id: 'a1',
        content_index: 0,
        audio_end_ms: endMs,
      },
    ]);
  });

  it('nothing heard -> delete, for the server refuses 0 ms', () => {
    const bench = speaking(new ClientBench().opened());
    bench.do(cut(0));
    expect(bench.sent()).toEqual([{ type: 'conversation.item.delete', event_id: 'c1', item_id: 'a1' }]);
    bench.serve({ type: 'conversation.item.deleted', event_id: 'e', item_id: 'a1' });
    expect(bench.news()).toEqual(['ack c1 a1', 'item removed message a1']);
  });

  it('no audio came yet -> delete', () => {
    const bench = new ClientBench().opened();
    bench.serve({
      type: 'response.output_item.added',
      event_id: 'e',
      response_id: 'resp_1',
      output_index: 0,
      item: { id: 'a1', type: 'message', role: 'assistant', content: [] },
    });
    bench.do(cut(40));
    expect(bench.sent()[0]!.type).toBe('conversation.item.delete');
  });

  it('an unknown item -> refused, nothing is sent', () => {
    const bench = new ClientBench().opened();
    bench.do(cut(40, 'other'));
    expect(bench.sent()).toEqual([]);
    expect(bench.news()).toEqual(['refused c1 item_truncate_invalid_item_id benign']);
  });

  it('a text item -> refused, nothing is sent', () => {
    const bench = new ClientBench().opened();
    bench.serve({
      type: 'conversation.item.done',
      event_id: 'e',
      item: { id: 'a1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
    });
    bench.news();
    bench.do(cut(40));
    expect(bench.sent()).toEqual([]);
    expect(bench.news()).toEqual(['refused c1 unsupported_content_type benign']);
  });

  it.each([
    ['item_truncate_invalid_item_id', 'No such item.'],
    ['invalid_value', 'Audio content of 90ms is already shorter than 100ms'],
  ])('%s from the server is a race', (code, message) => {
    const bench = speaking(new ClientBench().opened());
    bench.do(cut(100));
    bench.serve(failure(code, 'c1', message));
    expect(bench.news()).toEqual([`refused c1 ${code} benign`]);
  });
});

describe('raw frames', () => {
  it('go out as they are; confirmations by order stay right', () => {
    const bench = new ClientBench().opened();
    bench.do({
      t: 'raw',
      wire: 'openai',
      frame: { type: 'session.update', session: { type: 'realtime', instructions: 'x' } },
    });
    bench.do({ t: 'configure', cmd: 'c1', patch: { instructions: 'y' } });
    bench.do({ t: 'raw', wire: 'openai', frame: '{"type":"input_audio_buffer.clear"}' });
    expect(bench.sent().map(({ type }) => type)).toEqual([
      'session.update',
      'session.update',
      'input_audio_buffer.clear',
    ]);
    bench.serve({ type: 'session.updated', event_id: 'e', session: {} });
    expect(bench.news()).toEqual([]);
    bench.serve(
      { type: 'session.updated', event_id: 'e', session: {} },
      { type: 'input_audio_buffer.cleared', event_id: 'e' },
    );
    expect(bench.news()).toEqual(['ack c1', 'cleared']);
  });

  it.each([
    ['another wire', 'gemini', {}],
    ['no object', 'openai', 7],
    ['no type', 'openai', { session: {} }],
    ['no JSON', 'openai', 'hello'],
  ])('%s -> refused', (_name, wire, frame) => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'raw', wire, frame });
    expect(bench.sent()).toEqual([]);
    expect(bench.news()[0]).toMatch(/^refused (unsupported|option_invalid)/);
  });
});
