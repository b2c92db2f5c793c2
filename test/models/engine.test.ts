import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  energyVad,
  type Script,
  scriptedModel,
  scriptLlm,
  scriptStt,
  toneTts,
} from '../../src/cascade/index.js';
import { type EngineParts, engineOf } from '../../src/models/index.js';
import { FakeClock } from '../../src/testing/index.js';

const script: Script = { turns: [{ hears: 'when do you open', says: 'At nine.' }] };
const clock = new FakeClock();
const stt = scriptStt(script.turns, clock);
const llm = scriptLlm(script, clock);
const tts = toneTts({ msPerWord: () => 200, pauseMs: 0, clock, voices: [], muted: [] });
const vad = energyVad();

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
  vi.stubEnv('GEMINI_API_KEY', 'test');
  vi.stubEnv('AZURE_OPENAI_ENDPOINT', 'https://here.openai.azure.com');
  vi.stubEnv('AZURE_OPENAI_API_KEY', 'test');
});
afterEach(() => vi.unstubAllEnvs());

describe('which engine parts make', () => {
  test.each<[string, EngineParts, string, string]>([
    ['a realtime model by name', { llm: 'openai/gpt-realtime-2.1' }, 'openai', 'gpt-realtime-2.1'],
    ['a deployment', { llm: 'azure/my-realtime' }, 'azure', 'my-realtime'],
    ['a vendor alone: its default', { llm: 'openai' }, 'openai', 'gpt-realtime-2.1'],
    [
      'a model of Google',
      { llm: 'gemini/gemini-3.1-flash-live-preview' },
      'gemini',
      'gemini-3.1-flash-live-preview',
    ],
    [
      'a language model with ears and voice',
      { llm, stt, tts, vad },
      'cascade',
      `${stt.name}+${llm.name}+${tts.name}`,
    ],
    ['the same, by name', { llm: 'openai/gpt-5', stt, tts, vad }, 'cascade', `${stt.name}+gpt-5+${tts.name}`],
    [
      'one on this machine',
      { llm: 'ollama/llama3.2', stt, tts, vad },
      'cascade',
      `${stt.name}+llama3.2+${tts.name}`,
    ],
    ['a model that is there', { llm: scriptedModel(script) }, 'scripted', 'script'],
  ])('%s', async (_, parts, provider, model) => {
    const engine = await engineOf(parts);
    expect([engine.model.provider, engine.model.model]).toEqual([provider, model]);
    await engine.close();
  });

  test('parts beside a model that hears by itself stand beside it', async () => {
    const model = scriptedModel(script);
    const { close: _, ...engine } = await engineOf({ llm: model, stt, tts, vad });
    expect(engine).toEqual({ model, stt, tts, vad });
  });

  test('a name of a model that reports no speech brings the embedded ears', async () => {
    const { vad: ears, model, close } = await engineOf({ llm: 'gemini' });
    expect([model.capabilities.speech, ears?.sampleRateHz]).toEqual(['none', 16_000]);
    await close();
  });

  test('the embedded parts by name; close lets them go', async () => {
    const { model, close } = await engineOf({ llm, stt: 'embedded', tts: 'embedded/slt' });
    expect(model.model).toBe(`soundswallower+${llm.name}+flite`);
    await close();
    await close();
  });
});

describe('what cannot be made', () => {
  test.each<[string, EngineParts, object]>([
    [
      'an unknown vendor: those that exist',
      { llm: 'acme/best' },
      {
        code: 'option_invalid',
        param: 'llm',
        message: expect.stringContaining("'openai/…', 'azure/…', 'gemini/…', 'ollama/…'"),
      },
    ],
    [
      'an unknown recogniser',
      { llm, stt: 'acme', tts, vad },
      { code: 'option_invalid', param: 'stt', message: expect.stringContaining("'embedded/…'") },
    ],
    [
      'a name that every object has',
      { llm, stt: 'constructor/x', tts, vad },
      { code: 'option_invalid', param: 'stt' },
    ],
    ['a language model without ears', { llm, tts, vad }, { code: 'option_invalid', param: 'stt' }],
    ['a language model without a voice', { llm, stt, vad }, { code: 'option_invalid', param: 'tts' }],
    [
      'a vendor of many models without a name',
      { llm: 'ollama', stt, tts, vad },
      { code: 'option_invalid', param: 'llm' },
    ],
  ])('%s', async (_, parts, error) => {
    await expect(engineOf(parts)).rejects.toMatchObject(error);
  });

  test('no key', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    await expect(engineOf({ llm: 'openai/gpt-5', stt, tts, vad })).rejects.toMatchObject({
      code: 'api_key_missing',
    });
    await expect(engineOf({ llm: 'openai' })).rejects.toMatchObject({ code: 'api_key_missing' });
  });
});
