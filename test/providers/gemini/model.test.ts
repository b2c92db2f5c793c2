import { afterEach, describe, expect, it, vi } from 'vitest';
import { countedIds } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/gemini/index.js';
import { FakeClock } from '../../../src/testing/index.js';

afterEach(() => vi.unstubAllEnvs());

async function dialled(options: RealtimeModelOptions) {
  let seen: { url: string; headers: Record<string, string> } | undefined;
  const model = new RealtimeModel({
    ...options,
    async connect(url, { headers = {} }) {
      seen = { url, headers };
      return linkedPair()[0];
    },
  });
  await model.dial({ clock: new FakeClock(), ids: countedIds(), signal: new AbortController().signal });
  return seen;
}

describe('where it connects', () => {
  const service = 'google.ai.generativelanguage';
  it.each<[string, RealtimeModelOptions, string, Record<string, string>]>([
    [
      'a key',
      { apiKey: 'k' },
      `wss://generativelanguage.googleapis.com/ws/${service}.v1beta.GenerativeService.BidiGenerateContent`,
      { 'x-goog-api-key': 'k' },
    ],
    [
      'a function that gives one',
      { apiKey: async () => 'k2', apiVersion: 'v1alpha' },
      `wss://generativelanguage.googleapis.com/ws/${service}.v1alpha.GenerativeService.BidiGenerateContent`,
      { 'x-goog-api-key': 'k2' },
    ],
    [
      'an ephemeral token',
      { apiKey: 'auth_tokens/t' },
      `wss://generativelanguage.googleapis.com/ws/${service}.v1alpha.GenerativeService.BidiGenerateContentConstrained`,
      { Authorization: 'Token auth_tokens/t' },
    ],
    [
      'this machine, no key, own headers',
      { baseUrl: 'http://127.0.0.1:8080/gemini/', headers: { 'x-a': 'b' } },
      `ws://127.0.0.1:8080/gemini/ws/${service}.v1beta.GenerativeService.BidiGenerateContent`,
      { 'x-a': 'b' },
    ],
  ])('%s', async (_, options, url, headers) => {
    vi.stubEnv('GOOGLE_API_KEY', '');
    vi.stubEnv('GEMINI_API_KEY', '');
    expect(await dialled(options)).toEqual({ url, headers });
  });

  it('the environment: GOOGLE_API_KEY before GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL', async () => {
    vi.stubEnv('GEMINI_API_KEY', 'second');
    vi.stubEnv('GOOGLE_GEMINI_BASE_URL', 'https://example.test');
    vi.stubEnv('GOOGLE_API_KEY', '');
    expect((await dialled({}))?.headers).toEqual({ 'x-goog-api-key': 'second' });
    vi.stubEnv('GOOGLE_API_KEY', 'first');
    const seen = await dialled({});
    expect(seen?.headers).toEqual({ 'x-goog-api-key': 'first' });
    expect(seen?.url.startsWith('wss://example.test/ws/')).toBe(true);
  });

  it('no key for Google’s own: said at once', () => {
    vi.stubEnv('GOOGLE_API_KEY', '');
    vi.stubEnv('GEMINI_API_KEY', '');
    expect(() => new RealtimeModel()).toThrow(expect.objectContaining({ code: 'api_key_missing' }));
  });
});

describe('options', () => {
  it.each<[string, object, string]>([
    ['an unknown one', { modle: 'x' }, 'modle'],
    ['a wrong URL', { baseUrl: 'ftp://x' }, 'baseUrl'],
    ['a wrong version', { apiVersion: 'v2' }, 'apiVersion'],
    ['a wrong silence', { turnDetection: { silenceDurationMs: 0.5 } }, 'turnDetection.silenceDurationMs'],
    ['an empty voice', { voice: '' }, 'voice'],
  ])('%s -> option_invalid', (_, options, param) => {
    expect(() => new RealtimeModel({ apiKey: 'k', ...options } as RealtimeModelOptions)).toThrow(
      expect.objectContaining({ code: 'option_invalid', param }),
    );
  });

  it('turn detection and setup fields', () => {
    const { defaults, capabilities } = new RealtimeModel({
      apiKey: 'k',
      turnDetection: { startOfSpeechSensitivity: 'low', silenceDurationMs: 300, interruptResponse: false },
      setup: {
        contextWindowCompression: {},
        realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
      },
      inputAudioTranscription: null,
    });
    expect(defaults.turns).toEqual({
      owner: 'wire',
      kind: 'server_vad',
      autoReply: true,
      autoCut: false,
      silenceMs: 300,
    });
    expect(defaults.vendor).toEqual({
      contextWindowCompression: {},
      realtimeInputConfig: {
        turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
        automaticActivityDetection: { startOfSpeechSensitivity: 'START_SENSITIVITY_LOW' },
      },
    });
    expect(capabilities).toMatchObject({
      speech: 'none',
      acks: 'none',
      autoCut: 'never',
      transcript: 'none',
    });
  });

  it.each([
    ['gemini-3.8-live', 'append'],
    ['gemini-3.1-flash-live-preview', 'opening'],
  ])('%s: history %s', (model, history) => {
    expect(new RealtimeModel({ apiKey: 'k', model }).capabilities.history).toBe(history);
  });
});
