import { describe, expect, it } from 'vitest';
import { sessionToConfig } from '../../../src/wire/openai/convert/index.js';
import type { McpTool, RealtimeSessionUpdate, Tool } from '../../../src/wire/openai/events.js';
import { defaults, ServerBench } from './server-bench.js';

/** Every field that a session may be given. */
const everything: RealtimeSessionUpdate = {
  type: 'realtime',
  output_modalities: ['text'],
  instructions: 'Be kind.',
  tools: [{ type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } }],
  tool_choice: 'required',
  max_output_tokens: 400,
  parallel_tool_calls: false,
  reasoning: { effort: 'high' },
  truncation: { type: 'retention_ratio', retention_ratio: 0.8, token_limits: { post_instructions: 9000 } },
  tracing: { workflow_name: 'w', group_id: 'g', metadata: { a: 'b' } },
  prompt: { id: 'pmpt_1', version: '2', variables: { name: 'Ada' } },
  include: ['item.input_audio_transcription.logprobs'],
  audio: {
    input: {
      format: { type: 'audio/pcmu' },
      noise_reduction: { type: 'far_field' },
      transcription: {
        model: 'gpt-transcribe',
        language: 'de',
        languages: ['de', 'en'],
        prompt: 'Names.',
        keywords: ['Ada'],
      },
      turn_detection: {
        type: 'semantic_vad',
        eagerness: 'low',
        create_response: false,
        interrupt_response: false,
      },
    },
    output: { format: { type: 'audio/pcma' }, voice: { id: 'voice_1' }, speed: 1.1 },
  },
};

const reasoner = { model: 'gpt-realtime-2.1' };

describe('every option of a session', () => {
  it('is taken, shown, told to the link in our words, and kept through the next update', () => {
    const bench = new ServerBench(reasoner).opened();
    bench.client({ type: 'session.update', session: everything });
    const { patch } = bench.command('configure');
    expect({ ...defaults, ...patch }).toEqual({ ...defaults, ...sessionToConfig(everything) });
    expect(bench.one('session.updated').session).toMatchObject(everything);
    bench.client({ type: 'session.update', session: { type: 'realtime', instructions: 'x' } });
    expect(bench.command('configure').patch).toEqual({ instructions: 'x' });
    expect(bench.one('session.updated').session).toMatchObject({ ...everything, instructions: 'x' });
  });

  it('null turns off what can be off', () => {
    const bench = new ServerBench(reasoner).opened();
    bench.client({ type: 'session.update', session: everything });
    bench.types();
    bench.client({
      type: 'session.update',
      session: {
        type: 'realtime',
        prompt: null,
        include: null,
        truncation: 'auto',
        audio: { input: { noise_reduction: null, transcription: null, turn_detection: null } },
      },
    });
    expect(bench.one('session.updated').session).toMatchObject({
      prompt: null,
      include: null,
      truncation: 'auto',
      audio: { input: { noise_reduction: null, transcription: null, turn_detection: null } },
    });
  });

  const update = (session: object, model = 'gpt-realtime') => [model, session] as const;
  const mcp = (fields: object): object => ({ tools: [{ type: 'mcp', server_label: 'a', ...fields }] });

  it.each<[string, readonly [string, object], string, string]>([
    ['reasoning', update({ reasoning: { effort: 'low' } }), 'unsupported_parameter', 'session.reasoning'],
    [
      'parallel calls',
      update({ parallel_tool_calls: true }),
      'unsupported_parameter',
      'session.parallel_tool_calls',
    ],
    [
      'an effort',
      update({ reasoning: { effort: 'most' } }, 'gpt-realtime-2.1'),
      'invalid_value',
      'session.reasoning.effort',
    ],
    [
      'a limit that no context holds',
      update({
        truncation: {
          type: 'retention_ratio',
          retention_ratio: 0.5,
          token_limits: { post_instructions: 30_000 },
        },
      }),
      'integer_above_max_value',
      'session.truncation.token_limits.post_instructions',
    ],
    [
      'a transcriber without turns of its own',
      update({ audio: { input: { transcription: { model: 'gpt-live-transcribe' } } } }),
      'invalid_value',
      'session.audio.input.transcription.model',
    ],
    ['a tool server nowhere', update(mcp({})), 'missing_required_parameter', 'session.tools[0].server_url'],
    [
      'a tool server in two places',
      update(mcp({ server_url: 'https://a', connector_id: 'connector_gmail' })),
      'invalid_value',
      'session.tools[0].connector_id',
    ],
    [
      'an unknown connector',
      update(mcp({ connector_id: 'connector_x' })),
      'invalid_value',
      'session.tools[0].connector_id',
    ],
    [
      'two tool servers of one label',
      update({ tools: ['a', 'b'].map((url) => ({ type: 'mcp', server_label: 'a', server_url: url })) }),
      'invalid_value',
      'session.tools[1].server_label',
    ],
  ])(
    '%s → error with the path and the event_id; nothing of it holds',
    (_name, [model, session], code, param) => {
      const bench = new ServerBench({ model }).opened();
      bench.text(
        JSON.stringify({
          type: 'session.update',
          event_id: 'mine',
          session: { type: 'realtime', instructions: 'New.', ...session },
        }),
      );
      expect(bench.one('error').error).toMatchObject({
        type: 'invalid_request_error',
        code,
        param,
        event_id: 'mine',
      });
      expect(bench.commands).toEqual([]);
      bench.client({ type: 'session.update', session: { type: 'realtime' } });
      expect(bench.one('session.updated').session).toMatchObject({ instructions: 'Be brief.' });
    },
  );

  it('one response may not reason where its model cannot', () => {
    const bench = new ServerBench().opened();
    bench.client({ type: 'response.create', event_id: 'mine', response: { reasoning: { effort: 'low' } } });
    expect(bench.one('error').error).toMatchObject({ param: 'response.reasoning', event_id: 'mine' });
    expect(bench.commands).toEqual([]);
  });

  it('a transcriber that wants manual turns is taken together with them', () => {
    const bench = new ServerBench().opened();
    const transcription = { model: 'gpt-realtime-whisper', delay: 'low' } as const;
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription, turn_detection: null } } },
    });
    expect(bench.one('session.updated').session.audio.input).toMatchObject({ transcription });
    bench.client({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: { type: 'server_vad' } } } },
    });
    expect(bench.one('error').error.param).toBe('session.audio.input.transcription.model');
  });

  it('included logprobs of a model that speaks this wire are passed on, where they are asked for', () => {
    for (const include of [null, ['item.input_audio_transcription.logprobs' as const]]) {
      const bench = new ServerBench().opened();
      bench.client({ type: 'session.update', session: { type: 'realtime', include } });
      bench.link(
        { t: 'speech', edge: 'start', turn: 't1', item: 'u1', atMs: 0, basis: 'wire' },
        { t: 'committed', turn: 't1', item: 'u1', basis: 'wire' },
      );
      bench.types();
      const logprobs = [{ token: 'Hi', logprob: -0.5, bytes: [72, 105] }];
      bench.link({
        t: 'heard',
        item: 'u1',
        turn: 't1',
        text: 'Hi',
        how: 'final',
        raw: { logprobs: [...logprobs, 'x'] },
      });
      const { logprobs: told } = bench.one('conversation.item.input_audio_transcription.completed');
      expect(told).toEqual(include === null ? undefined : logprobs);
    }
  });
});

describe('tool servers', () => {
  const docs: McpTool = {
    type: 'mcp',
    server_label: 'docs',
    server_url: 'https://mcp.example',
    authorization: 'sk-hush',
    headers: { 'X-Key': 'sk-hush' },
    allowed_tools: ['search'],
    require_approval: 'never',
  };
  const listing = [
    'conversation.item.added',
    'mcp_list_tools.in_progress',
    'mcp_list_tools.failed',
    'conversation.item.done',
  ];

  function named(bench: ServerBench, tools: Tool[]): void {
    bench.client({ type: 'session.update', session: { type: 'realtime', tools } });
  }

  it('a model that runs none: the list fails, once per server, and again when it is named anew', () => {
    const bench = new ServerBench().opened();
    named(bench, [docs]);
    // The link has no part in it.
    expect(bench.commands).toEqual([]);
    expect(bench.events[1]).toMatchObject({
      item: { type: 'mcp_list_tools', server_label: 'docs', tools: [] },
    });
    expect(bench.types()).toEqual(['session.updated', ...listing]);
    named(bench, [docs, { type: 'function', name: 'f', parameters: { type: 'object' } }]);
    expect(bench.command('configure').patch).toEqual({
      tools: [{ name: 'f', parameters: { type: 'object' } }],
    });
    expect(bench.types()).toEqual(['session.updated']);
    named(bench, []);
    named(bench, [docs]);
    expect(bench.types()).toEqual(['session.updated', 'session.updated', ...listing]);
  });

  it('named for one response: its list fails too, and the link is not told of it', () => {
    const bench = new ServerBench().opened();
    bench.client({ type: 'response.create', response: { tools: [docs] } });
    expect(bench.command('reply')).toMatchObject({ overrides: { tools: [] } });
    expect(bench.types()).toEqual(listing);
    bench.client({ type: 'response.create', response: { tools: [{ ...docs, server_label: 'other' }] } });
    expect(bench.types()).toEqual(['error']);
  });

  it('what opens a server is told to the link alone', () => {
    const bench = new ServerBench({ hostedTools: true }).opened();
    named(bench, [docs]);
    expect(bench.command('configure').patch).toMatchObject({ vendor: { mcpTools: [docs] } });
    expect(JSON.stringify(bench.events)).not.toContain('hush');
    const { authorization: _authorization, headers: _headers, ...shown } = docs;
    expect(bench.one('session.updated').session).toEqual(expect.objectContaining({ tools: [shown] }));
  });

  it('a session that begins with them: after session.created', () => {
    const bench = new ServerBench({ session: { type: 'realtime', tools: [docs] } });
    bench.wake(0);
    bench.link({ t: 'ready' });
    expect(JSON.stringify(bench.events)).not.toContain('hush');
    expect(bench.types()).toEqual(['session.created', ...listing]);
  });

  it('an answer to an approval that nobody asked for → error', () => {
    const bench = new ServerBench({ hostedTools: true }).opened();
    bench.client({
      type: 'conversation.item.create',
      event_id: 'mine',
      item: { type: 'mcp_approval_response', id: 'a', approval_request_id: 'mcpr_1', approve: true },
    });
    expect(bench.one('error').error).toMatchObject({
      code: 'item_not_found',
      param: 'item.approval_request_id',
      event_id: 'mine',
    });
    expect(bench.commands).toEqual([]);
  });
});
