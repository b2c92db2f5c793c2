import { describe, expect, it } from 'vitest';
import { eventTypes } from '../../schemas/openai.js';
import { ClientBench, config, type Json, manual, response } from './client-harness.js';

const created = (id: string, over: Json = {}) => ({
  type: 'response.created',
  event_id: 'e',
  response: response(id, over),
});
const done = (id: string, over: Json = {}) => ({
  type: 'response.done',
  event_id: 'e',
  response: response(id, { status: 'completed', ...over }),
});
const committed = (item: string) => ({
  type: 'input_audio_buffer.committed',
  event_id: 'e',
  previous_item_id: null,
  item_id: item,
});
const part = (id: string, item = 'a1', content = 0, output = 0) => ({
  event_id: 'e',
  response_id: id,
  item_id: item,
  output_index: output,
  content_index: content,
});

describe('whose response', () => {
  it('the metadata tells, in any order, and is not shown', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'reply', cmd: 'c1', metadata: { topic: 'a' } });
    bench.do({ t: 'reply', cmd: 'c2', outOfBand: true });
    bench.serve(
      created('r2', { conversation_id: null, metadata: { repartee_cmd: 'c2' } }),
      created('r1', { metadata: { topic: 'a', repartee_cmd: 'c1' } }),
    );
    expect(bench.news()).toEqual([
      'ack c2',
      'started r2 by c2 aside',
      'ack c1',
      'started r1 by c1 {"topic":"a"}',
    ]);
    expect(bench.sent().map((frame) => frame.response)).toEqual([
      { metadata: { topic: 'a', repartee_cmd: 'c1' } },
      { conversation: 'none', metadata: { repartee_cmd: 'c2' } },
    ]);
  });

  it('no metadata comes back: first asked, first answered', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'reply', cmd: 'c1' });
    bench.serve(created('r1'), done('r1'));
    expect(bench.news()).toEqual(['ack c1', 'started r1 by c1', 'ended r1 completed']);
  });

  it('no metadata comes back: a turn committed before the request is answered before it', () => {
    const bench = new ClientBench().opened();
    bench.serve(committed('u1'));
    bench.do({ t: 'reply', cmd: 'c1' });
    bench.serve(created('r1'), done('r1'), created('r2'));
    expect(bench.news().slice(1)).toEqual([
      'started r1 by turn_1',
      'ended r1 completed',
      'ack c1',
      'started r2 by c1',
    ]);
  });

  it('a first response that says it has no metadata answers the turn that was committed behind the request', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'reply', cmd: 'c1' });
    bench.serve(
      committed('u1'),
      created('r1'),
      done('r1'),
      created('r2', { metadata: { repartee_cmd: 'c1' } }),
    );
    expect(bench.news().slice(1)).toEqual([
      'started r1 by turn_1',
      'ended r1 completed',
      'ack c1',
      'started r2 by c1',
    ]);
  });

  it('once metadata has come back, its absence means that the server began by itself', () => {
    const bench = new ClientBench().opened();
    bench.do({ t: 'reply', cmd: 'c1' });
    bench.serve(created('r1', { metadata: { repartee_cmd: 'c1' } }), done('r1'));
    bench.do({ t: 'reply', cmd: 'c2' });
    bench.serve(
      committed('u1'),
      created('r2'),
      done('r2'),
      created('r3', { metadata: { repartee_cmd: 'c2' } }),
    );
    expect(bench.news().slice(3)).toEqual([
      'committed turn_1 u1 after nothing',
      'started r2 by turn_1',
      'ended r2 completed',
      'ack c2',
      'started r3 by c2',
    ]);
  });

  it('two turns before an answer: the last one is answered', () => {
    const bench = new ClientBench().opened();
    bench.serve(committed('u1'), committed('u2'), created('r1'), done('r1'), created('r2'));
    expect(bench.news().slice(2)).toEqual([
      'started r1 by turn_2',
      'ended r1 completed',
      'started r2 by wire',
    ]);
  });

  it('a caller behind a gateway that marks its own replies gets its mark back', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'reply', cmd: 'c1', metadata: { repartee_cmd: 'theirs' } });
    expect(bench.sent()[0]).toMatchObject({ response: { metadata: { repartee_cmd: 'c1' } } });
    bench.serve(created('r1', { metadata: { repartee_cmd: 'c1' } }));
    expect(bench.news()).toEqual(['ack c1', 'started r1 by c1 {"repartee_cmd":"theirs"}']);
  });

  it('16 pairs of the caller leave no room for ours', () => {
    const bench = new ClientBench().opened(manual);
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, 'v']));
    bench.do({ t: 'reply', cmd: 'c1', metadata });
    expect(bench.sent()[0]).toMatchObject({ response: { metadata } });
    bench.serve(created('r1', { metadata }));
    expect(bench.news()[0]).toBe('ack c1');
  });

  it.each([
    ['conversation_already_has_active_response', true],
    ['rate_limit_exceeded', true],
    ['invalid_value', false],
  ])('%s -> refused, benign %s', (code, benign) => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'reply', cmd: 'c1' });
    bench.serve({
      type: 'error',
      event_id: 'e',
      error: { type: 'invalid_request_error', code, message: 'No.', param: null, event_id: 'c1' },
    });
    expect(bench.news()).toEqual([`refused c1 ${code}${benign ? ' benign' : ''}`]);
    bench.checker.finish();
  });

  it('overrides are for this response only', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({
      t: 'reply',
      cmd: 'c1',
      input: [],
      overrides: {
        instructions: 'Greet.',
        tools: [{ name: 'a', parameters: { type: 'object' } }],
        toolChoice: 'required',
        output: 'audio',
        voice: 'voice_123',
        maxOutputTokens: 50,
        vendor: { reasoning: { effort: 'low' }, parallelToolCalls: false },
      },
    });
    expect(bench.sent()[0]!.response).toEqual({
      instructions: 'Greet.',
      tools: [{ type: 'function', name: 'a', parameters: { type: 'object' } }],
      tool_choice: 'required',
      output_modalities: ['audio'],
      audio: { output: { voice: { id: 'voice_123' } } },
      max_output_tokens: 50,
      reasoning: { effort: 'low' },
      parallel_tool_calls: false,
      input: [],
      metadata: { repartee_cmd: 'c1' },
    });
  });
});

describe('what a response says', () => {
  it('deltas without created or parts begin them', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve({ type: 'response.output_audio_transcript.delta', ...part('r1'), delta: 'Hi' });
    expect(bench.news()).toEqual([
      'started r1 by wire',
      'part started r1 0:a1/0 audio',
      'said append a1/0 "Hi"',
    ]);
  });

  it('several items and parts, each with its place; an answer in text though speech was asked', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(
      created('r1'),
      { type: 'response.content_part.added', ...part('r1', 'a1', 0, 0), part: { type: 'audio' } },
      { type: 'response.output_audio.delta', ...part('r1', 'a1', 0, 0), delta: 'AQA=' },
      {
        type: 'response.content_part.done',
        ...part('r1', 'a1', 0, 0),
        part: { type: 'audio', transcript: 'One.' },
      },
      { type: 'response.content_part.added', ...part('r1', 'a2', 0, 1), part: { type: 'audio' } },
      { type: 'response.output_audio.delta', ...part('r1', 'a2', 0, 1), delta: 'AgA=' },
      { type: 'response.output_text.delta', ...part('r1', 'a2', 1, 1), delta: 'Two.' },
      done('r1'),
    );
    expect(bench.news()).toEqual([
      'started r1 by wire',
      'part started r1 0:a1/0 audio',
      'audio r1 a1/0 1',
      'said final a1/0 "One."',
      'part done r1 0:a1/0 audio',
      'part started r1 1:a2/0 audio',
      'audio r1 a2/0 2',
      'part started r1 1:a2/1 text',
      'said append a2/1 "Two."',
      'part done r1 1:a2/0 audio',
      'part done r1 1:a2/1 text',
      'ended r1 completed',
    ]);
  });

  it('everything of a response that is over changes nothing', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(created('r1'), done('r1'));
    bench.news();
    const late: Json[] = [
      { type: 'response.output_audio.delta', ...part('r1'), delta: 'AQA=' },
      { type: 'response.output_audio_transcript.done', ...part('r1'), transcript: 'x' },
      { type: 'response.content_part.added', ...part('r1'), part: { type: 'audio' } },
      {
        type: 'response.output_item.done',
        event_id: 'e',
        response_id: 'r1',
        output_index: 0,
        item: { id: 'f', type: 'function_call', name: 'a', arguments: '{}', call_id: 'c' },
      },
      {
        type: 'response.function_call_arguments.delta',
        event_id: 'e',
        response_id: 'r1',
        item_id: 'f',
        output_index: 0,
        call_id: 'c',
        delta: '{',
      },
      created('r1'),
      done('r1'),
    ];
    bench.serve(...late);
    expect(bench.news()).toEqual(late.map(({ type }) => `unknown ${type}`));
  });

  it('a response that begins while another runs ends that one, as inferred', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(
      created('r1'),
      { type: 'response.output_text.delta', ...part('r1'), delta: 'x' },
      created('r2'),
      done('r1'),
    );
    expect(bench.news().slice(3)).toEqual([
      'part done r1 0:a1/0 text',
      'ended r1 incomplete superseded inferred',
      'started r2 by wire',
      'unknown response.done',
    ]);
  });

  it.each<[string, Json, string]>([
    [
      'incomplete',
      { type: 'incomplete', reason: 'max_output_tokens' },
      'ended r1 incomplete max_output_tokens',
    ],
    ['incomplete', { type: 'incomplete', reason: 'content_filter' }, 'ended r1 incomplete content_filter'],
    [
      'failed',
      { type: 'failed', error: { type: 'server_error', code: null } },
      'ended r1 failed server_error',
    ],
    ['paused', {}, 'ended r1 incomplete paused'],
  ])('status %s %j -> %s', (status, details, expected) => {
    const bench = new ClientBench().opened(manual);
    bench.serve(created('r1'), done('r1', { status, status_details: details }));
    expect(bench.news().at(-1)).toBe(expected);
  });

  it('usage is told as the wire has it; null is unknown', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(
      done('r1', { usage: { total_tokens: 5, input_token_details: { cached_tokens: 2 } } }),
      done('r2', { usage: null }),
    );
    const ended = bench.events.filter((event) => event.t === 'response' && event.phase === 'ended');
    expect(ended.map((event) => 'usage' in event && event.usage)).toEqual([
      { totalTokens: 5, cachedTokens: 2 },
      false,
    ]);
  });
});

describe('calls', () => {
  const call = (status: string, args: string, id = 'f1'): Json => ({
    id,
    type: 'function_call',
    status,
    name: 'look',
    call_id: `call_${id}`,
    arguments: args,
  });
  const item = (name: string, status: string, args: string, id = 'f1') => ({
    type: `response.output_item.${name}`,
    event_id: 'e',
    response_id: 'r1',
    output_index: 0,
    item: call(status, args, id),
  });
  const delta = (text: string, id = 'f1') => ({
    type: 'response.function_call_arguments.delta',
    event_id: 'e',
    response_id: 'r1',
    item_id: id,
    output_index: 0,
    call_id: `call_${id}`,
    delta: text,
  });

  it('cut in the middle of its arguments -> withdrawn, also when the arguments are said to be done', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(
      created('r1'),
      item('added', 'in_progress', ''),
      delta('{"a"'),
      {
        type: 'response.function_call_arguments.done',
        event_id: 'e',
        response_id: 'r1',
        item_id: 'f1',
        output_index: 0,
        call_id: 'call_f1',
        name: 'look',
        arguments: '{"a"',
      },
      item('done', 'incomplete', '{"a"'),
      done('r1', { status: 'cancelled', output: [call('incomplete', '{"a"')] }),
    );
    expect(bench.news().slice(1)).toEqual([
      'call args call_f1 look {"a"',
      'call withdrawn call_f1 look',
      'ended r1 cancelled',
    ]);
  });

  it('several calls in one response', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(
      created('r1'),
      item('added', 'in_progress', '', 'f1'),
      item('added', 'in_progress', '', 'f2'),
      delta('{}', 'f2'),
      delta('{}', 'f1'),
      item('done', 'completed', '{}', 'f1'),
      item('done', 'completed', '{}', 'f2'),
      done('r1'),
    );
    expect(bench.news().filter((news) => news.startsWith('call ready'))).toEqual([
      'call ready call_f1 look {}',
      'call ready call_f2 look {}',
    ]);
  });

  it('a server that tells calls only at the end -> ready before ended', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(created('r1'), done('r1', { output: [call('completed', '{"a":1}')] }));
    expect(bench.news()).toEqual([
      'started r1 by wire',
      'call ready call_f1 look {"a":1}',
      'ended r1 completed',
    ]);
  });

  it('answer -> the output as an item of its own, and no response by itself', () => {
    const bench = new ClientBench().opened({ ...config });
    bench.do({
      t: 'answer',
      cmd: 'c1',
      call: 'call_f1',
      name: 'look',
      output: '{"error":"no"}',
      isError: true,
      more: false,
      then: 'auto',
    });
    expect(bench.sent()).toEqual([
      {
        type: 'conversation.item.create',
        event_id: 'c1',
        item: { id: 'item_1', type: 'function_call_output', call_id: 'call_f1', output: '{"error":"no"}' },
      },
    ]);
  });
});

describe('the rest', () => {
  it.each([
    'conversation.created',
    'input_audio_buffer.dtmf_event_received',
    'output_audio_buffer.started',
    'input_audio_buffer.timeout_triggered',
    'response.mcp_call.failed',
    'something.new',
    'constructor',
    '__proto__',
  ])('%s survives as unknown with its raw form', (type) => {
    const bench = new ClientBench().opened(manual);
    bench.serve({ type, event_id: 'e', anything: [1] });
    expect(bench.news()).toEqual([`unknown ${type}`]);
    expect(bench.events.at(-1)).toMatchObject({ raw: { type, anything: [1] } });
  });

  it.each(eventTypes('RealtimeServerEvent'))('%s without any of its fields changes nothing', (type) => {
    const bench = new ClientBench().opened(manual);
    bench.serve({ type });
    // Speech that began is worth telling without its item and place.
    expect(bench.news().filter((news) => !/^(unknown|cleared|speech start)/.test(news))).toEqual([]);
  });

  it('output_audio_buffer.cleared -> drop', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(created('r1'), { type: 'output_audio_buffer.cleared', event_id: 'e', response_id: 'r1' });
    expect(bench.news()[1]).toBe('drop r1');
  });

  it('what is not JSON, not an object, or binary is noted', () => {
    const bench = new ClientBench().opened(manual);
    for (const frame of ['{', '[]', 'null', '{"type":7}', new Uint8Array([1])]) bench.machine.frame(frame, 0);
    expect(bench.news()).toEqual([
      'unknown malformed',
      'unknown malformed',
      'unknown malformed',
      'unknown malformed',
      'unknown binary',
    ]);
  });

  it('a listener that throws is not taken for a malformed event', () => {
    const bench = new ClientBench().opened(manual);
    bench.onEvent = () => {
      throw new Error('mine');
    };
    expect(() => bench.serve(created('r1'))).toThrow('mine');
    bench.onEvent = () => {};
    bench.serve(done('r1'));
    expect(bench.news()).toEqual(['started r1 by wire', 'ended r1 completed']);
  });

  it('a command sent from a listener is answered after what was already known', () => {
    const bench = new ClientBench().opened(manual);
    bench.onEvent = (event) => {
      if (event.t === 'response' && event.phase === 'started')
        bench.do({ t: 'say', cmd: 'c1', text: '', cuttable: true });
    };
    bench.serve({ type: 'response.output_audio.delta', ...part('r1'), delta: 'AQA=' });
    expect(bench.news()).toEqual([
      'started r1 by wire',
      'part started r1 0:a1/0 audio',
      'audio r1 a1/0 1',
      'refused c1 unsupported',
    ]);
  });
});

describe('the end', () => {
  it.each<[number, string, string]>([
    [1000, '', 'closing closed done'],
    [1001, '', 'closing session_expired retry'],
    [1002, '', 'closing protocol_error retry'],
    [1003, '', 'closing frame_malformed fatal'],
    [1005, '', 'closing connection_lost retry'],
    [1006, '', 'closing connection_lost retry'],
    [1007, '', 'closing frame_malformed fatal'],
    [1011, '', 'closing server_error retry'],
    [1012, '', 'closing server_restart retry'],
    [1013, 'insufficient_quota.insufficient_quota', 'closing insufficient_quota fatal'],
    [1013, '', 'closing try_again_later retry'],
    [1013, 'rate_limit_exceeded.rate_limit_exceeded', 'closing rate_limit_exceeded retry'],
    [1014, '', 'closing server_error retry'],
    [2999, '', 'closing close_2999 retry'],
    [4999, '', 'closing close_4999 fatal'],
    [3000, 'invalid_request_error.invalid_api_key', 'closing invalid_api_key fatal'],
    [3000, 'invalid_request_error.model_not_found', 'closing model_not_found fatal'],
    [3000, 'invalid_request_error', 'closing invalid_api_key fatal'],
    [4000, 'invalid_request_error.beta_api_shape_disabled', 'closing beta_api_shape_disabled fatal'],
    [4004, 'invalid_request_error.model_not_found', 'closing model_not_found fatal'],
  ])('%i %s -> %s', (code, reason, expected) => {
    const bench = new ClientBench().opened(manual);
    bench.machine.closed(code, reason, 0);
    expect(bench.news()).toEqual([expected]);
    if (code !== 1006)
      expect(bench.events.at(-1)).toMatchObject({
        message: expect.stringContaining(`${code}${reason && ` ${reason}`}`),
      });
    bench.machine.closed(code, reason, 0);
    bench.serve(created('r1'));
    bench.do({ t: 'reply', cmd: 'c1' });
    expect(bench.news()).toEqual([]);
    expect(bench.sent()).toEqual([]);
  });

  it('session_expired -> retry, with what the server said', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve({
      type: 'error',
      event_id: 'e',
      error: {
        type: 'invalid_request_error',
        code: 'session_expired',
        message: 'Your session hit the maximum duration of 60 minutes.',
        param: null,
        event_id: null,
      },
    });
    expect(bench.news()).toEqual([]);
    bench.machine.closed(1001, '', 0);
    expect(bench.events.at(-1)).toMatchObject({
      t: 'closing',
      code: 'session_expired',
      disposition: 'retry',
      message:
        'Your session hit the maximum duration of 60 minutes. The server closed the connection (1001).',
    });
  });

  it('a fatal error without a close -> closed by us after two seconds', () => {
    const bench = new ClientBench().opened(manual);
    bench.nowMs = 500;
    bench.serve({
      type: 'error',
      event_id: 'e',
      error: {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'Empty.',
        param: null,
        event_id: null,
      },
    });
    expect(bench.wakeAtMs).toBe(2500);
    bench.machine.wake(2500);
    expect(bench.news()).toEqual(['closing insufficient_quota fatal']);
    expect(bench.closes).toHaveLength(1);
  });

  it('a model unknown in an update is refused, not fatal', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'configure', cmd: 'c1', patch: { transcription: { model: 'none' } } });
    bench.serve({
      type: 'error',
      event_id: 'e',
      error: {
        type: 'invalid_request_error',
        code: 'model_not_found',
        message: 'No.',
        param: null,
        event_id: 'c1',
      },
    });
    expect(bench.news()).toEqual(['refused c1 model_not_found']);
  });

  it('close -> closes the socket and tells the end at once', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'close', reason: 'done here' });
    expect(bench.closes).toEqual([[1000, 'done here']]);
    expect(bench.news()).toEqual(['closing closed done']);
    bench.machine.closed(1000, '', 0);
    expect(bench.news()).toEqual([]);
  });
});
