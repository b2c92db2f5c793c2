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
    expect(new RealtimeModel({ inputAudioTranscription: null }).capabilities.transcript).toBe('none');
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
    ['retries are not an option yet', { connOptions: { maxRetry: 1 } }, 'connOptions.maxRetry'],
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
