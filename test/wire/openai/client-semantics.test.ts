import { describe, expect, it } from 'vitest';
import { benignCodes } from '../../../src/wire/openai/index.js';
import { ClientBench, config, type Json, manual, response, session } from './client-harness.js';

const updated = { type: 'session.updated', event_id: 'e', session: session() };

function error(code: string | null, over: Json = {}): Json {
  return {
    type: 'error',
    event_id: 'e',
    error: { type: 'invalid_request_error', code, message: 'No.', param: null, event_id: null, ...over },
  };
}

function userItem(id: string): Json {
  return {
    id,
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_audio', transcript: null }],
  };
}

describe('changes that the server would refuse', () => {
  const audio = {
    type: 'response.output_audio.delta',
    event_id: 'e',
    response_id: 'r',
    item_id: 'i',
    output_index: 0,
    content_index: 0,
    delta: 'AQACAA==',
  };

  it('another voice once it has spoken -> refused with the reason, nothing is sent; its own voice passes', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'configure', cmd: 'c1', patch: { voice: 'cedar' } });
    bench.serve(updated, audio);
    bench.sent();
    bench.news();
    bench.do({ t: 'configure', cmd: 'c2', patch: { voice: 'marin', instructions: 'x' } });
    expect(bench.sent()).toEqual([]);
    expect(bench.news()).toEqual(['refused c2 unsupported']);
    expect(bench.events.at(-1)).toMatchObject({ param: 'voice', message: expect.stringContaining('spoken') });
    bench.do({ t: 'configure', cmd: 'c3', patch: { voice: 'cedar', instructions: 'x' } });
    expect(bench.sent()).toMatchObject([
      { event_id: 'c3', session: { type: 'realtime', instructions: 'x' } },
    ]);
    bench.serve(updated);
    expect(bench.news()).toEqual(['ack c3']);
  });

  it('tracing once it is on -> refused; the same again, or while off, passes', () => {
    const bench = new ClientBench().opened(manual);
    for (const [cmd, tracing] of [
      ['c1', null],
      ['c2', { workflow_name: 'a', group_id: 'b' }],
      ['c3', { group_id: 'b', workflow_name: 'a' }],
      ['c4', 'auto'],
      ['c5', null],
    ] as const) {
      bench.do({ t: 'configure', cmd, patch: { vendor: { tracing } } });
    }
    expect(bench.sent().map(({ event_id }) => event_id)).toEqual(['c1', 'c2', 'c3']);
    expect(bench.news()).toEqual(['refused c4 unsupported', 'refused c5 unsupported']);
    expect(bench.events.at(-1)).toMatchObject({ param: 'tracing' });
  });

  it('all of the vendor’s off -> each field that was on, by its own word for off', () => {
    const bench = new ClientBench().opened({
      ...manual,
      vendor: {
        speed: 1.2,
        noiseReduction: { type: 'near_field' },
        include: ['item.input_audio_transcription.logprobs'],
        mcpTools: [{ type: 'mcp', server_label: 'docs', server_url: 'https://docs.example' }],
        transcriptionOptions: { keywords: ['Ada'] },
        reasoning: { effort: 'high' },
      },
    });
    bench.do({ t: 'configure', cmd: 'c1', patch: { vendor: null } });
    expect(bench.sent()).toEqual([
      {
        type: 'session.update',
        event_id: 'c1',
        session: {
          type: 'realtime',
          tools: [],
          include: [],
          audio: {
            input: { noise_reduction: null, transcription: { model: 'gpt-transcribe' } },
            output: { speed: 1 },
          },
        },
      },
    ]);
  });

  it('a refused update changes nothing: what was sent after it holds, what it named may be sent again', () => {
    const bench = new ClientBench().opened(manual);
    bench.do({ t: 'configure', cmd: 'c1', patch: { vendor: { tracing: 'auto' }, voice: 'nobody' } });
    bench.do({ t: 'configure', cmd: 'c2', patch: { voice: 'cedar' } });
    bench.serve(error('invalid_value', { event_id: 'c1', param: 'session.audio.output.voice' }), updated);
    expect(bench.news()).toEqual(['refused c1 invalid_value', 'ack c2']);
    bench.sent();
    bench.do({
      t: 'configure',
      cmd: 'c3',
      patch: { vendor: { tracing: { group_id: 'g' } }, voice: 'cedar' },
    });
    // The voice is there already; tracing never came to be.
    expect(bench.sent()).toEqual([
      {
        type: 'session.update',
        event_id: 'c3',
        session: { type: 'realtime', tracing: { group_id: 'g' } },
      },
    ]);
  });
});

describe('words of the user', () => {
  it('two turns, whose words come late, out of order, after the answer, and one not at all', () => {
    const bench = new ClientBench().opened();
    const words = 'conversation.item.input_audio_transcription';
    let before: string | null = null;
    for (const item of ['u1', 'u2']) {
      bench.serve(
        { type: 'input_audio_buffer.committed', event_id: 'e', previous_item_id: before, item_id: item },
        { type: 'conversation.item.added', event_id: 'e', previous_item_id: before, item: userItem(item) },
      );
      before = item;
    }
    bench.serve(
      { type: 'response.created', event_id: 'e', response: response('r1') },
      { type: 'response.done', event_id: 'e', response: response('r1', { status: 'completed' }) },
    );
    bench.news();
    bench.serve(
      { type: `${words}.delta`, event_id: 'e', item_id: 'u2', content_index: 0, delta: 'Sec' },
      {
        type: `${words}.completed`,
        event_id: 'e',
        item_id: 'u2',
        content_index: 0,
        transcript: 'Second.',
        usage: { type: 'duration', seconds: 1 },
        logprobs: [{ token: 'Sec', logprob: -0.1, bytes: [83] }],
      },
      {
        type: `${words}.failed`,
        event_id: 'e',
        item_id: 'u1',
        content_index: 0,
        error: { type: 'server_error', code: 'x', message: 'Too quiet.', param: null },
      },
      { type: `${words}.delta`, event_id: 'e', item_id: 'u1', content_index: 0, delta: 'late' },
    );
    expect(bench.news()).toEqual([
      'heard append u2 turn_2 "Sec"',
      'heard final u2 turn_2 "Second."',
      'heard failed u1 turn_1 "Too quiet."',
      `unknown ${words}.delta`,
    ]);
  });
});

describe('how sure the transcription is', () => {
  it.each<[unknown, number | undefined]>([
    [
      [
        { token: 'a', logprob: Math.log(0.5), bytes: [] },
        { token: 'b', logprob: Math.log(0.125), bytes: [] },
      ],
      0.25,
    ],
    [[{ token: 'a', logprob: 0, bytes: [] }, 'x', { logprob: '1' }], 1],
    [[], undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j -> %s', (logprobs, expected) => {
    const bench = new ClientBench().opened();
    bench.serve({
      type: 'conversation.item.input_audio_transcription.completed',
      event_id: 'e',
      item_id: 'u1',
      content_index: 0,
      transcript: 'Hi.',
      usage: { type: 'duration', seconds: 1 },
      logprobs,
    });
    const heard = bench.events.at(-1);
    const confidence = heard?.t === 'heard' ? heard.confidence : null;
    if (expected === undefined) expect(confidence).toBeUndefined();
    else expect(confidence).toBeCloseTo(expected, 9);
  });
});

describe('the server shortens the conversation', () => {
  it('deleted without our asking -> removed; with our asking, once more acknowledged', () => {
    const bench = new ClientBench().opened(manual);
    for (const id of ['a', 'b']) {
      bench.serve({ type: 'conversation.item.added', event_id: 'e', item: userItem(id) });
      bench.serve({ type: 'conversation.item.done', event_id: 'e', item: userItem(id) });
    }
    bench.news();
    bench.serve({ type: 'conversation.item.deleted', event_id: 'e', item_id: 'a' });
    expect(bench.news()).toEqual(['item removed message a']);
    bench.do({ t: 'item.remove', cmd: 'c1', item: 'b' });
    bench.serve({ type: 'conversation.item.deleted', event_id: 'e', item_id: 'b' });
    expect(bench.news()).toEqual(['ack c1 b', 'item removed message b']);
    bench.serve({ type: 'conversation.item.deleted', event_id: 'e', item_id: 'b' });
    expect(bench.news()).toEqual(['unknown conversation.item.deleted']);
  });
});

describe('errors', () => {
  it.each([...benignCodes])('%s is benign', (code) => {
    const bench = new ClientBench().opened(manual);
    bench.serve(error(code));
    expect(bench.news()).toEqual([`refused ${code} benign`]);
  });

  it('so is a cut beyond the audio; nothing else is', () => {
    const bench = new ClientBench().opened(manual);
    bench.serve(error('invalid_value', { message: 'Audio content of 5ms is already shorter than 9ms' }));
    bench.serve(error(null, { message: 'Cancellation failed: no active response found' }));
    bench.serve(error('invalid_value'), error(null), error('item_delete_invalid_item_id'));
    expect(bench.news()).toEqual([
      'refused invalid_value benign',
      'refused invalid_request_error benign',
      'refused invalid_value',
      'refused invalid_request_error',
      'refused item_delete_invalid_item_id',
    ]);
  });
});

describe('usage', () => {
  it('every detail of the wire has its count', () => {
    const bench = new ClientBench().opened(manual);
    const usage = {
      total_tokens: 1000,
      input_tokens: 900,
      output_tokens: 100,
      input_token_details: {
        text_tokens: 400,
        audio_tokens: 350,
        image_tokens: 150,
        cached_tokens: 600,
        cached_tokens_details: { text_tokens: 300, audio_tokens: 200, image_tokens: 100 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 70 },
    };
    bench.serve({
      type: 'response.done',
      event_id: 'e',
      response: response('r', { status: 'completed', usage }),
    });
    expect(bench.events.at(-1)).toMatchObject({
      t: 'response',
      usage: {
        totalTokens: 1000,
        inputTokens: 900,
        outputTokens: 100,
        inputTextTokens: 400,
        inputAudioTokens: 350,
        inputImageTokens: 150,
        cachedTokens: 600,
        cachedTextTokens: 300,
        cachedAudioTokens: 200,
        cachedImageTokens: 100,
        outputTextTokens: 30,
        outputAudioTokens: 70,
      },
    });
  });
});

describe('tool servers', () => {
  const request = {
    id: 'mcpr_1',
    type: 'mcp_approval_request',
    server_label: 'docs',
    name: 'search',
    arguments: '{}',
  };

  function asked(): ClientBench {
    const bench = new ClientBench().opened(config);
    bench.serve(
      { type: 'response.created', event_id: 'e', response: response('r1') },
      {
        type: 'response.output_item.done',
        event_id: 'e',
        response_id: 'r1',
        output_index: 0,
        item: request,
      },
      {
        type: 'response.done',
        event_id: 'e',
        response: response('r1', { status: 'completed', output: [request] }),
      },
      { type: 'conversation.item.done', event_id: 'e', previous_item_id: null, item: request },
    );
    return bench;
  }

  it('an approval is told once, however often it is said; no, with a reason; then it is not open any more', () => {
    const bench = asked();
    expect(bench.news().filter((line) => line.startsWith('approval'))).toEqual([
      'approval mcpr_1 docs search {}',
    ]);
    bench.do({ t: 'approve', cmd: 'c1', approval: 'mcpr_1', approve: false, reason: 'Not now.' });
    expect(bench.sent()).toEqual([
      {
        type: 'conversation.item.create',
        event_id: 'c1',
        item: {
          type: 'mcp_approval_response',
          id: 'item_1',
          approval_request_id: 'mcpr_1',
          approve: false,
          reason: 'Not now.',
        },
      },
    ]);
    bench.do({ t: 'approve', cmd: 'c2', approval: 'mcpr_1', approve: true });
    bench.do({ t: 'approve', cmd: 'c3', approval: 'mcpr_9', approve: true });
    expect(bench.sent()).toEqual([]);
    expect(bench.news()).toEqual(['refused c2 approval_not_open', 'refused c3 approval_not_open']);
  });

  it('an answer that the server refuses may be given again', () => {
    const bench = asked();
    bench.do({ t: 'approve', cmd: 'c1', approval: 'mcpr_1', approve: true });
    bench.serve(error('item_not_found', { event_id: 'c1' }));
    bench.do({ t: 'approve', cmd: 'c2', approval: 'mcpr_1', approve: true });
    expect(bench.sent().map(({ event_id }) => event_id)).toEqual(['c1', 'c2']);
  });

  it('arguments that came with the item -> ready when the call begins; a cut response withdraws what is not', () => {
    const bench = new ClientBench().opened(config);
    const call = (id: string, args: string) => ({
      id,
      type: 'mcp_call',
      server_label: 'docs',
      name: 'search',
      arguments: args,
    });
    bench.serve(
      { type: 'response.created', event_id: 'e', response: response('r1') },
      {
        type: 'response.output_item.added',
        event_id: 'e',
        response_id: 'r1',
        output_index: 0,
        item: call('m1', '{"q":1}'),
      },
      { type: 'response.mcp_call.in_progress', event_id: 'e', item_id: 'm1', output_index: 0 },
      {
        type: 'response.output_item.added',
        event_id: 'e',
        response_id: 'r1',
        output_index: 1,
        item: call('m2', ''),
      },
      {
        type: 'response.mcp_call_arguments.delta',
        event_id: 'e',
        response_id: 'r1',
        item_id: 'm2',
        output_index: 1,
        delta: '{"q"',
      },
      { type: 'response.done', event_id: 'e', response: response('r1', { status: 'cancelled' }) },
      { type: 'response.mcp_call.failed', event_id: 'e', item_id: 'm1', output_index: 0 },
    );
    expect(bench.news()).toEqual([
      'started r1 by wire',
      'call ready m1 search {"q":1} by provider',
      'call args m2 search {"q" by provider',
      'call withdrawn m2 search by provider',
      'ended r1 cancelled',
      'unknown response.mcp_call.failed',
    ]);
  });
});
