import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../../src/core/index.js';
import { models, RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import { configToSession } from '../../../src/wire/openai/index.js';
import { assertClientEvent } from '../../schemas/openai.js';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-from-the-environment');
  vi.stubEnv('OPENAI_BASE_URL', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function failure(options: unknown): unknown {
  try {
    new RealtimeModel(options as RealtimeModelOptions);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('options -> settings', () => {
  const turns = { owner: 'wire', autoReply: true, autoCut: true };
  it.each<[string, RealtimeModelOptions, object]>([
    [
      'none',
      {},
      {
        voice: 'marin',
        output: 'audio',
        toolChoice: 'auto',
        turns: { ...turns, kind: 'semantic_vad' },
        transcription: { model: 'gpt-transcribe' },
        vendor: {},
      },
    ],
    ['text alone', { modalities: ['text'] }, { output: 'text' }],
    ['text and audio mean speech', { modalities: ['text', 'audio'] }, { output: 'audio' }],
    ['no transcription', { inputAudioTranscription: null }, { transcription: null }],
    [
      'transcription with all',
      {
        inputAudioTranscription: {
          model: 'gpt-transcribe',
          language: 'de',
          prompt: 'Names.',
          languages: ['de', 'en'],
          keywords: ['Repartee'],
        },
      },
      {
        transcription: { model: 'gpt-transcribe', language: 'de', prompt: 'Names.' },
        vendor: { transcriptionOptions: { languages: ['de', 'en'], keywords: ['Repartee'] } },
      },
    ],
    ['manual turns', { turnDetection: null }, { turns: { owner: 'caller' } }],
    [
      'server VAD',
      {
        turnDetection: {
          type: 'server_vad',
          threshold: 0.6,
          prefixPaddingMs: 200,
          silenceDurationMs: 300,
          idleTimeoutMs: 6000,
          createResponse: false,
          interruptResponse: false,
        },
      },
      {
        turns: {
          owner: 'wire',
          kind: 'server_vad',
          autoReply: false,
          autoCut: false,
          threshold: 0.6,
          prefixMs: 200,
          silenceMs: 300,
          idleTimeoutMs: 6000,
        },
      },
    ],
    [
      'semantic VAD',
      { turnDetection: { type: 'semantic_vad', eagerness: 'high' } },
      { turns: { ...turns, kind: 'semantic_vad', eagerness: 'high' } },
    ],
    [
      'the rest',
      {
        voice: 'cedar',
        toolChoice: { name: 'look' },
        speed: 1.1,
        maxResponseOutputTokens: 300,
        inputAudioNoiseReduction: 'near_field',
      },
      {
        voice: 'cedar',
        toolChoice: { name: 'look' },
        vendor: { speed: 1.1, maxOutputTokens: 300, noiseReduction: { type: 'near_field' } },
      },
    ],
    ['a custom voice', { voice: { id: 'voice_abc' } }, { voice: 'voice_abc' }],
    [
      'what only the newest take',
      { reasoning: { effort: 'high' }, parallelToolCalls: false },
      { vendor: { reasoning: { effort: 'high' }, parallelToolCalls: false } },
    ],
    ['truncation by name', { truncation: 'disabled' }, { vendor: { truncation: 'disabled' } }],
    [
      'truncation by share',
      { truncation: { retentionRatio: 0.8, tokenLimits: { postInstructions: 8000 } } },
      {
        vendor: {
          truncation: {
            type: 'retention_ratio',
            retention_ratio: 0.8,
            token_limits: { post_instructions: 8000 },
          },
        },
      },
    ],
    [
      'tracing, prompt, include',
      {
        tracing: { workflowName: 'Calls', groupId: 'g', metadata: { a: 'b' } },
        prompt: { id: 'pmpt_1', version: '2', variables: { name: 'Ada' } },
        include: ['item.input_audio_transcription.logprobs'],
      },
      {
        vendor: {
          tracing: { workflow_name: 'Calls', group_id: 'g', metadata: { a: 'b' } },
          prompt: { id: 'pmpt_1', version: '2', variables: { name: 'Ada' } },
          include: ['item.input_audio_transcription.logprobs'],
        },
      },
    ],
    ['nothing included', { include: null }, { vendor: { include: null } }],
    ['off', { tracing: null, prompt: null }, { vendor: { tracing: null, prompt: null } }],
    [
      'tool servers',
      {
        mcpTools: [
          {
            serverLabel: 'docs',
            serverUrl: 'https://mcp.example/sse',
            headers: { 'X-Team': 'a' },
            allowedTools: { readOnly: true, toolNames: ['search'] },
            requireApproval: { never: { toolNames: ['search'] } },
            serverDescription: 'Pages.',
            deferLoading: false,
            allowedCallers: ['direct'],
          },
          {
            serverLabel: 'mail',
            connectorId: 'connector_gmail',
            authorization: 'token',
            allowedTools: ['read'],
            requireApproval: 'never',
          },
        ],
      },
      {
        vendor: {
          mcpTools: [
            {
              type: 'mcp',
              server_label: 'docs',
              server_url: 'https://mcp.example/sse',
              headers: { 'X-Team': 'a' },
              allowed_tools: { read_only: true, tool_names: ['search'] },
              require_approval: { never: { tool_names: ['search'] } },
              server_description: 'Pages.',
              defer_loading: false,
              allowed_callers: ['direct'],
            },
            {
              type: 'mcp',
              server_label: 'mail',
              connector_id: 'connector_gmail',
              authorization: 'token',
              allowed_tools: ['read'],
              require_approval: 'never',
            },
          ],
        },
      },
    ],
    ['noise reduction off', { inputAudioNoiseReduction: null }, { vendor: { noiseReduction: null } }],
  ])('%s', (_name, options, expected) => {
    const { defaults } = new RealtimeModel(options);
    expect(defaults).toMatchObject(expected);
    // What they become is what the vendor's types say.
    assertClientEvent({ type: 'session.update', session: configToSession(defaults) });
  });

  it('capabilities follow the options', () => {
    expect(new RealtimeModel().capabilities).toMatchObject({
      transcript: 'delta',
      cut: 'audio-ms',
      toolReply: 'asked',
      inputRateHz: 24000,
    });
    expect(new RealtimeModel().capabilities.configure.voice).toBe('before-audio');
  });

  it('connection: defaults, and what is given', () => {
    expect(new RealtimeModel()).toMatchObject({
      connOptions: { maxRetries: 3, intervalMs: 2000, timeoutMs: 10_000 },
      maxSessionDurationMs: undefined,
    });
    const model = new RealtimeModel({ connOptions: { maxRetries: 0 }, maxSessionDurationMs: 60_000 });
    expect(model).toMatchObject({
      connOptions: { maxRetries: 0, intervalMs: 2000, timeoutMs: 10_000 },
      maxSessionDurationMs: 60_000,
    });
    expect(new RealtimeModel({ maxSessionDurationMs: null }).maxSessionDurationMs).toBeUndefined();
  });

  it('knows its models, and passes others on', () => {
    expect(new RealtimeModel().model).toBe('gpt-realtime-2.1');
    expect(new RealtimeModel().facts).toMatchObject({ reasoning: true, contextTokens: 128_000 });
    expect(new RealtimeModel({ model: 'gpt-realtime' }).facts).toMatchObject({
      reasoning: false,
      endsOn: '2027-01-20',
    });
    expect(new RealtimeModel({ model: 'gpt-realtime-9' }).model).toBe('gpt-realtime-9');
    expect(Object.keys(models)).toContain('gpt-realtime-2.1-mini');
  });
});

describe('options that cannot be', () => {
  it.each<[string, unknown, string]>([
    ['no name', { modle: 'x' }, 'modle'],
    ['empty model', { model: '' }, 'model'],
    ['modalities', { modalities: ['video'] }, 'modalities'],
    ['no modality', { modalities: [] }, 'modalities'],
    ['speed', { speed: 2 }, 'speed'],
    ['speed', { speed: Number.NaN }, 'speed'],
    ['tokens', { maxResponseOutputTokens: 5000 }, 'maxResponseOutputTokens'],
    ['tokens', { maxResponseOutputTokens: 1.5 }, 'maxResponseOutputTokens'],
    ['URL', { baseUrl: 'api.openai.com' }, 'baseUrl'],
    ['URL', { baseUrl: 'ftp://x' }, 'baseUrl'],
    ['turns', { turnDetection: { type: 'vad' } }, 'turnDetection'],
    ['threshold', { turnDetection: { type: 'server_vad', threshold: 2 } }, 'turnDetection.threshold'],
    ['idle', { turnDetection: { type: 'server_vad', idleTimeoutMs: 100 } }, 'turnDetection.idleTimeoutMs'],
    [
      'silence of semantic VAD',
      { turnDetection: { type: 'semantic_vad', silenceDurationMs: 5 } },
      'turnDetection.silenceDurationMs',
    ],
    ['noise', { inputAudioNoiseReduction: 'middle_field' }, 'inputAudioNoiseReduction'],
    ['transcription', { inputAudioTranscription: { model: 7 } }, 'inputAudioTranscription.model'],
    ['timeout', { connOptions: { timeoutMs: 0 } }, 'connOptions.timeoutMs'],
    ['retries', { connOptions: { maxRetries: -1 } }, 'connOptions.maxRetries'],
    ['interval', { connOptions: { intervalMs: '2s' } }, 'connOptions.intervalMs'],
    ['the other name of retries', { connOptions: { maxRetry: 1 } }, 'connOptions.maxRetry'],
    ['duration beyond the limit', { maxSessionDurationMs: 3_600_001 }, 'maxSessionDurationMs'],
    ['custom voice', { voice: { id: 'marin' } }, 'voice.id'],
    ['effort', { reasoning: { effort: 'most' } }, 'reasoning.effort'],
    ['parallel', { parallelToolCalls: 1 }, 'parallelToolCalls'],
    ['truncation', { truncation: 'some' }, 'truncation'],
    ['share', { truncation: { retentionRatio: 1.5 } }, 'truncation.retentionRatio'],
    ['no share', { truncation: {} }, 'truncation.retentionRatio'],
    ['tracing', { tracing: 'on' }, 'tracing'],
    ['tracing', { tracing: { workflow_name: 'x' } }, 'tracing.workflow_name'],
    ['prompt', { prompt: { version: '1' } }, 'prompt.id'],
    ['include', { include: ['everything'] }, 'include[0]'],
    ['tool server nowhere', { mcpTools: [{ serverLabel: 'a' }] }, 'mcpTools[0]'],
    ['tool server', { mcpTools: [{ serverLabel: 'a', serverUrl: 'mcp' }] }, 'mcpTools[0].serverUrl'],
    ['connector', { mcpTools: [{ serverLabel: 'a', connectorId: 'x' }] }, 'mcpTools[0].connectorId'],
    ['tunnel', { mcpTools: [{ serverLabel: 'a', tunnelId: 'x' }] }, 'mcpTools[0].tunnelId'],
    [
      'two servers of one label',
      {
        mcpTools: [
          { serverLabel: 'a', serverUrl: 'http://a' },
          { serverLabel: 'a', serverUrl: 'http://b' },
        ],
      },
      'mcpTools[1].serverLabel',
    ],
    ['tool choice', { toolChoice: 'maybe' }, 'toolChoice'],
    ['headers', { headers: { a: 1 } }, 'headers.a'],
    ['key', { apiKey: 7 }, 'apiKey'],
  ])('%s %j -> option_invalid', (_name, options, param) => {
    const error = failure(options);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'option_invalid', param: expect.stringContaining(param) });
  });

  it('a streaming transcriber with server turns -> options_conflict', () => {
    const inputAudioTranscription = { model: 'gpt-live-transcribe' };
    expect(failure({ inputAudioTranscription })).toMatchObject({ code: 'options_conflict' });
    expect(failure({ inputAudioTranscription, turnDetection: null })).toBeUndefined();
  });

  it.each<[string, RealtimeModelOptions, string, RegExp]>([
    [
      'reasoning',
      { model: 'gpt-realtime', reasoning: { effort: 'low' } },
      'reasoning',
      /gpt-realtime does not reason/,
    ],
    [
      'parallel calls',
      { model: 'gpt-realtime-1.5', parallelToolCalls: true },
      'parallelToolCalls',
      /does not reason/,
    ],
    ['voice', { voice: 'puck' }, 'voice', /It has alloy, .*cedar, and custom ones/],
    [
      'transcriber',
      { inputAudioTranscription: { model: 'nova' } },
      'inputAudioTranscription.model',
      /gpt-transcribe/,
    ],
    [
      'languages',
      { inputAudioTranscription: { model: 'whisper-1', languages: ['de'] } },
      'inputAudioTranscription.languages',
      /whisper-1 does not take languages/,
    ],
    [
      'delay',
      { inputAudioTranscription: { delay: 'low' } },
      'inputAudioTranscription.delay',
      /gpt-transcribe does not take delay/,
    ],
    [
      'more than the context holds',
      {
        model: 'gpt-realtime',
        truncation: { retentionRatio: 0.5, tokenLimits: { postInstructions: 30_000 } },
      },
      'truncation.tokenLimits.postInstructions',
      /28224/,
    ],
  ])('%s that the model does not take -> option_unsupported', (_name, options, param, why) => {
    const error = failure(options);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'option_unsupported', param, message: expect.stringMatching(why) });
  });

  it("another server's voices and transcribers have names of its own; what a model's name says holds", () => {
    const baseUrl = 'http://127.0.0.1:1/v1';
    const inputAudioTranscription = { model: 'my-deployment' };
    expect(failure({ baseUrl, voice: 'puck', inputAudioTranscription })).toBeUndefined();
    expect(failure({ baseUrl, model: 'gpt-realtime', reasoning: {} })).toMatchObject({ param: 'reasoning' });
    // Named like a member of Object.
    expect(failure({ baseUrl, model: 'constructor', reasoning: {} })).toBeUndefined();
  });

  it('two places of one tool server -> options_conflict, and no secret is told', () => {
    const tool = { serverLabel: 'a', serverUrl: 'http://a', connectorId: 'connector_gmail' };
    const error = failure({ mcpTools: [{ ...tool, authorization: 'sk-hush', headers: { a: 'sk-hush' } }] });
    expect(error).toMatchObject({ code: 'options_conflict', param: 'mcpTools[0]' });
    expect(String(failure({ mcpTools: [{ serverLabel: 'a', authorization: ['sk-hush'] }] }))).not.toContain(
      'hush',
    );
  });

  it('a wrong OPENAI_BASE_URL is told by its name', () => {
    vi.stubEnv('OPENAI_BASE_URL', 'nowhere');
    expect(String(failure({}))).toContain('OPENAI_BASE_URL');
  });

  it('no key -> api_key_missing, but not for a server on this machine', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    expect(failure({})).toMatchObject({
      name: 'ConfigError',
      code: 'api_key_missing',
      message: 'No API key: set OPENAI_API_KEY, or give RealtimeModel the option apiKey.',
    });
    expect(failure({ baseUrl: 'https://gateway.example/v1' })).toMatchObject({ code: 'api_key_missing' });
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(failure({ baseUrl: `http://${host}:8080/v1` })).toBeUndefined();
    }
  });
});
