import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countedIds, type Socket, systemClock } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import type { DialContext } from '../../../src/realtime/index.js';

const variables = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_API_VERSION',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_API_KEY',
];
beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function context(): DialContext {
  return { clock: systemClock(), ids: countedIds(), signal: new AbortController().signal };
}

interface Dialled {
  url: string;
  headers: Record<string, string>;
  far: Socket;
}

/** Where a model's sockets would go, and with which headers. */
function dialled(options: RealtimeModelOptions): { model: RealtimeModel; dials: Dialled[] } {
  const dials: Dialled[] = [];
  const model = new RealtimeModel({
    ...options,
    connect: async (url, { headers = {} }) => {
      const [near, far] = linkedPair();
      dials.push({ url, headers, far });
      return near;
    },
  });
  return { model, dials };
}

const endpoint = 'https://res.openai.azure.com';
const azure = { azureDeployment: 'dep', azureEndpoint: endpoint, apiKey: 'k' };

describe('where it goes', () => {
  it.each<[string, RealtimeModelOptions, Record<string, string>, string]>([
    ['GA is the default', azure, {}, 'wss://res.openai.azure.com/openai/v1/realtime?model=dep'],
    [
      'a slash too many',
      { ...azure, azureEndpoint: `${endpoint}//` },
      {},
      'wss://res.openai.azure.com/openai/v1/realtime?model=dep',
    ],
    [
      'an endpoint with its path',
      { ...azure, azureEndpoint: `${endpoint}/openai/v1/` },
      {},
      'wss://res.openai.azure.com/openai/v1/realtime?model=dep',
    ],
    [
      'a preview version',
      { ...azure, apiVersion: '2025-04-01-preview' },
      {},
      'wss://res.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=dep',
    ],
    [
      'an early version without a suffix',
      { ...azure, apiVersion: '2024-12-17' },
      {},
      'wss://res.openai.azure.com/openai/realtime?api-version=2024-12-17&deployment=dep',
    ],
    [
      'the GA version has no place in the address',
      { ...azure, apiVersion: '2025-08-28' },
      {},
      'wss://res.openai.azure.com/openai/v1/realtime?model=dep',
    ],
    ['v1', { ...azure, apiVersion: 'v1' }, {}, 'wss://res.openai.azure.com/openai/v1/realtime?model=dep'],
    [
      'all by the environment',
      { azureDeployment: 'dep' },
      {
        AZURE_OPENAI_ENDPOINT: endpoint,
        AZURE_OPENAI_API_KEY: 'k',
        OPENAI_API_VERSION: '2024-10-01-preview',
      },
      'wss://res.openai.azure.com/openai/realtime?api-version=2024-10-01-preview&deployment=dep',
    ],
    [
      'the option wins over the environment',
      { ...azure, apiVersion: 'v1' },
      { AZURE_OPENAI_ENDPOINT: 'https://other.example', OPENAI_API_VERSION: '2024-10-01-preview' },
      'wss://res.openai.azure.com/openai/v1/realtime?model=dep',
    ],
    [
      'a base of its own, as it is',
      { azureDeployment: 'dep', apiKey: 'k', baseUrl: 'https://proxy.example/azure/openai/v1?team=a' },
      { AZURE_OPENAI_ENDPOINT: endpoint, OPENAI_BASE_URL: 'https://openai.example' },
      'wss://proxy.example/azure/openai/v1/realtime?team=a&model=dep',
    ],
    [
      'a base of its own for the preview',
      {
        azureDeployment: 'dep',
        apiKey: 'k',
        baseUrl: 'https://proxy.example/openai',
        apiVersion: '2025-04-01-preview',
      },
      {},
      'wss://proxy.example/openai/realtime?api-version=2025-04-01-preview&deployment=dep',
    ],
    [
      'a deployment that bears the model’s name',
      { model: 'gpt-realtime', azureEndpoint: endpoint, entraToken: 't' },
      {},
      'wss://res.openai.azure.com/openai/v1/realtime?model=gpt-realtime',
    ],
  ])('%s', async (_name, options, environment, url) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { model, dials } = dialled(options);
    await model.dial(context());
    expect(dials.map((dial) => dial.url)).toEqual([url]);
    expect(model.provider).toBe('azure');
  });

  it('without any of its options a model is OpenAI’s, whatever the environment says', async () => {
    vi.stubEnv('AZURE_OPENAI_ENDPOINT', endpoint);
    vi.stubEnv('AZURE_OPENAI_API_KEY', 'azure');
    vi.stubEnv('OPENAI_API_VERSION', '2024-10-01-preview');
    const { model, dials } = dialled({ apiKey: 'k', model: 'gpt-realtime' });
    await model.dial(context());
    expect(dials[0]).toMatchObject({
      url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime',
      headers: { Authorization: 'Bearer k' },
    });
    expect(model.provider).toBe('openai');
  });
});

describe('who it is', () => {
  it.each<[string, RealtimeModelOptions, Record<string, string>]>([
    ['a key', azure, { 'api-key': 'k' }],
    ['a key of a function', { ...azure, apiKey: async () => 'k2' }, { 'api-key': 'k2' }],
    [
      'a token',
      { azureDeployment: 'dep', azureEndpoint: endpoint, entraToken: 't' },
      { Authorization: 'Bearer t' },
    ],
    ['headers besides', { ...azure, headers: { 'X-Trace': '1' } }, { 'api-key': 'k', 'X-Trace': '1' }],
  ])('%s', async (_name, options, headers) => {
    // The token wins over the environment's key, and OpenAI's key is nobody's here.
    vi.stubEnv('AZURE_OPENAI_API_KEY', 'of the environment');
    vi.stubEnv('OPENAI_API_KEY', 'of OpenAI');
    const { model, dials } = dialled(options);
    await model.dial(context());
    expect(dials[0]?.headers).toEqual(headers);
  });

  it('a token is asked for anew at each connection', async () => {
    let asked = 0;
    const entraToken = async () => `token ${++asked}`;
    const { model, dials } = dialled({ azureDeployment: 'dep', azureEndpoint: endpoint, entraToken });
    expect(asked).toBe(0);
    await model.dial(context());
    await model.dial(context());
    expect(dials.map(({ headers }) => headers.Authorization)).toEqual(['Bearer token 1', 'Bearer token 2']);
  });

  it('a token function that throws or gives none is named', async () => {
    const base = { azureDeployment: 'dep', azureEndpoint: endpoint };
    const throwing = dialled({ ...base, entraToken: () => Promise.reject(new Error('secret')) }).model;
    await expect(throwing.dial(context())).rejects.toMatchObject({
      code: 'connect_failed',
      message: 'The function given as entraToken threw.',
    });
    const empty = dialled({ ...base, entraToken: () => '' }).model;
    await expect(empty.dial(context())).rejects.toMatchObject({
      code: 'api_key_missing',
      param: 'entraToken',
    });
  });
});

describe('what it refuses', () => {
  const preview = { ...azure, apiVersion: '2025-04-01-preview' };
  it.each<[string, RealtimeModelOptions, string, string]>([
    ['two addresses', { ...azure, baseUrl: endpoint }, 'options_conflict', 'azureEndpoint'],
    ['key and token', { ...azure, entraToken: 't' }, 'options_conflict', 'entraToken'],
    ['no address', { azureDeployment: 'dep', apiKey: 'k' }, 'option_invalid', 'azureEndpoint'],
    ['no key', { azureDeployment: 'dep', azureEndpoint: endpoint }, 'api_key_missing', 'apiKey'],
    ['no deployment', { azureEndpoint: endpoint, apiKey: 'k' }, 'option_invalid', 'azureDeployment'],
    ['an address that is none', { ...azure, azureEndpoint: 'res' }, 'option_invalid', 'azureEndpoint'],
    ['a version that is none', { ...azure, apiVersion: 'newest' }, 'option_invalid', 'apiVersion'],
    ['an organization', { ...azure, organization: 'o' }, 'option_unsupported', 'organization'],
    ['a dialect at Azure', { ...azure, dialect: 'beta' }, 'options_conflict', 'dialect'],
    ['a dialect that is none', { apiKey: 'k', dialect: 'x' as 'ga' }, 'option_invalid', 'dialect'],
    ['a temperature on GA', { ...azure, temperature: 0.8 }, 'option_unsupported', 'temperature'],
    ['a temperature at OpenAI', { apiKey: 'k', temperature: 0.8 }, 'option_unsupported', 'temperature'],
    ['a temperature too high', { ...preview, temperature: 2 }, 'option_invalid', 'temperature'],
    ['reasoning in preview', { ...preview, reasoning: { effort: 'low' } }, 'option_unsupported', 'reasoning'],
    ['truncation in preview', { ...preview, truncation: 'disabled' }, 'option_unsupported', 'truncation'],
    ['a custom voice in preview', { ...preview, voice: { id: 'voice_1' } }, 'option_unsupported', 'voice'],
    [
      'tool servers in preview',
      { ...preview, mcpTools: [{ serverLabel: 's', serverUrl: 'https://s.example' }] },
      'option_unsupported',
      'mcpTools',
    ],
    [
      'an idle timeout in preview',
      { ...preview, turnDetection: { type: 'server_vad', idleTimeoutMs: 6000 } },
      'option_unsupported',
      'turnDetection.idleTimeoutMs',
    ],
    [
      'reasoning of a model that has none',
      { ...azure, model: 'gpt-realtime-1.5', reasoning: { effort: 'low' } },
      'option_unsupported',
      'reasoning',
    ],
  ])('%s', (_name, options, code, param) => {
    expect(() => new RealtimeModel(options)).toThrow(expect.objectContaining({ code, param }));
  });

  it('a change that the dialect cannot say, before anything has changed', () => {
    const { model } = dialled(preview);
    expect(() => model.updateOptions({ truncation: 'disabled' })).toThrow(
      expect.objectContaining({ code: 'option_unsupported', param: 'truncation' }),
    );
    expect(model.defaults.vendor).toEqual({});
  });
});

describe('what it is set to', () => {
  it('Azure’s own defaults', () => {
    const model = RealtimeModel.withAzure(azure);
    expect(model.model).toBe('dep');
    expect(model.capabilities).toMatchObject({ maxSessionMs: 30 * 60 * 1000, video: true });
    expect(model.defaults).toMatchObject({
      voice: 'marin',
      transcription: { model: 'whisper-1' },
      turns: { owner: 'wire', kind: 'server_vad', threshold: 0.5, prefixMs: 300, silenceMs: 200 },
    });
    const preview = RealtimeModel.withAzure({ ...azure, apiVersion: '2025-04-01-preview' });
    expect(preview.defaults.voice).toBe('alloy');
    expect(preview.capabilities).toMatchObject({ maxSessionMs: 30 * 60 * 1000, video: false });
  });

  it.each(['v1', '2025-04-01-preview'])('what is given wins; null is really off: %s', (apiVersion) => {
    const model = RealtimeModel.withAzure({
      ...azure,
      apiVersion,
      voice: 'sage',
      inputAudioTranscription: null,
      turnDetection: null,
    });
    expect(model.defaults).toMatchObject({
      voice: 'sage',
      transcription: null,
      turns: { owner: 'caller' },
    });
    model.updateOptions({ inputAudioTranscription: { language: 'no' } });
    expect(model.defaults.transcription).toEqual({ model: 'whisper-1', language: 'no' });
    model.updateOptions({ inputAudioTranscription: { model: 'gpt-4o-transcribe' } });
    expect(model.defaults.transcription).toEqual({ model: 'gpt-4o-transcribe' });
    model.updateOptions({ inputAudioTranscription: null });
    expect(model.defaults.transcription).toBeNull();
  });
});
