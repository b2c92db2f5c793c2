import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countedIds } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import { modelFacts, RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/gemini/index.js';
import { FakeClock } from '../../../src/testing/index.js';

beforeEach(() => {
  for (const name of ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION']) {
    vi.stubEnv(name, '');
  }
});
afterEach(() => vi.unstubAllEnvs());

/** Where it connects, and the first frame. */
async function opened(options: RealtimeModelOptions, resume?: string) {
  let url = '';
  let headers: Record<string, string> = {};
  const frames: string[] = [];
  const model = new RealtimeModel({
    ...options,
    async connect(target, { headers: given = {} }) {
      url = target;
      headers = given;
      const [near, far] = linkedPair();
      far.onFrame((frame) => frames.push(String(frame)));
      return near;
    },
  });
  const signal = new AbortController().signal;
  const clock = new FakeClock();
  const link = await model.dial({ clock, ids: countedIds(), signal });
  link.onEvent(() => {});
  link.send({
    t: 'open',
    config: model.defaults,
    history: [],
    ...(resume === undefined ? {} : { resume }),
  });
  await clock.advance(0);
  return { url, headers, setup: JSON.parse(frames[0]!).setup };
}

const native = 'gemini-2.5-flash-native-audio-latest';
const extended = 'gemini-3.8-live-extended-thinking';
const live31 = 'gemini-3.1-flash-live-preview';

describe('options that become fields of the setup', () => {
  it('no option: nothing empty, nothing null', async () => {
    const { setup } = await opened({ apiKey: 'k' });
    expect(setup).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { responseModalities: ['AUDIO'] },
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: {},
      contextWindowCompression: { slidingWindow: {} },
    });
  });

  it('all of them', async () => {
    const { setup } = await opened({
      apiKey: 'k',
      model: native,
      voice: 'Kore',
      temperature: 0.5,
      topP: 0.9,
      topK: 20,
      maxOutputTokens: 500,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      mediaResolution: 'low',
      thinking: { budget: 0, includeThoughts: true },
      affectiveDialog: true,
      proactivity: true,
      googleSearch: true,
      serverTools: [{ urlContext: {} }],
      turnDetection: {
        startOfSpeechSensitivity: 'high',
        endOfSpeechSensitivity: 'low',
        prefixPaddingMs: 20,
        silenceDurationMs: 400,
      },
      realtimeInput: { activityHandling: 'NO_INTERRUPTION', turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
      inputAudioTranscription: {
        language: 'de-DE',
        customVocabulary: ['Repartee'],
        wordTimestamps: true,
      },
      outputAudioTranscription: { languages: ['de-DE', 'en-US'] },
      contextWindowCompression: { triggerTokens: 1000, targetTokens: 500 },
      safetySettings: [{ category: 'C', threshold: 'T' }],
      labels: { team: 'voice' },
    });
    expect(setup).toEqual({
      model: `models/${native}`,
      generationConfig: {
        responseModalities: ['AUDIO'],
        temperature: 0.5,
        topP: 0.9,
        topK: 20,
        maxOutputTokens: 500,
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        thinkingConfig: { thinkingBudget: 0, includeThoughts: true },
        enableAffectiveDialog: true,
      },
      proactivity: { proactiveAudio: true },
      tools: [{ googleSearch: {} }, { urlContext: {} }],
      realtimeInputConfig: {
        automaticActivityDetection: {
          startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH',
          endOfSpeechSensitivity: 'END_SENSITIVITY_LOW',
          prefixPaddingMs: 20,
          silenceDurationMs: 400,
        },
        activityHandling: 'NO_INTERRUPTION',
        turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
      },
      inputAudioTranscription: {
        languageCodes: ['de-DE'],
        customVocabulary: ['Repartee'],
        wordTimestamp: true,
      },
      outputAudioTranscription: { languageCodes: ['de-DE', 'en-US'] },
      sessionResumption: {},
      contextWindowCompression: { triggerTokens: 1000, slidingWindow: { targetTokens: 500 } },
      safetySettings: [{ category: 'C', threshold: 'T' }],
      labels: { team: 'voice' },
    });
  });

  it('null and false are really off', async () => {
    const { setup } = await opened({
      apiKey: 'k',
      inputAudioTranscription: null,
      outputAudioTranscription: null,
      contextWindowCompression: null,
      sessionResumption: false,
      turnDetection: null,
    });
    expect(setup).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { responseModalities: ['AUDIO'] },
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
    });
  });

  it('extended thinking has its level though none is given', async () => {
    const { setup } = await opened({ apiKey: 'k', model: extended, thinking: { includeThoughts: true } });
    expect(setup.generationConfig.thinkingConfig).toEqual({ thinkingLevel: 'LOW', includeThoughts: true });
  });

  it('a handle', async () => {
    const vertex = { project: 'p', accessToken: 't' };
    const options = { vertex, sessionResumption: { transparent: true } };
    const { setup } = await opened(options, 'h');
    expect(setup.sessionResumption).toEqual({ handle: 'h', transparent: true });
  });
});

describe('where it connects', () => {
  const path = 'ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent';

  it.each([
    ['global', 'aiplatform.googleapis.com'],
    ['europe-west4', 'europe-west4-aiplatform.googleapis.com'],
    ['eu', 'aiplatform.eu.rep.googleapis.com'],
  ])('Vertex in %s', async (location, host) => {
    const seen = await opened({ vertex: { project: 'p', location, accessToken: () => 'token' } });
    expect(seen.url).toBe(`wss://${host}/${path}`);
    expect(seen.headers).toEqual({ Authorization: 'Bearer token' });
    const name = `projects/p/locations/${location}/publishers/google/models/gemini-3.8-live`;
    expect(seen.setup.model).toBe(name);
  });

  it('Vertex, project and location from the environment', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'p');
    vi.stubEnv('GOOGLE_CLOUD_LOCATION', 'us-central1');
    const seen = await opened({ vertex: { accessToken: 't' }, apiVersion: 'v1' });
    expect(seen.url).toBe(
      'wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent',
    );
  });

  it('Vertex express', async () => {
    const seen = await opened({ vertex: {}, apiKey: 'k' });
    expect(seen.url).toBe(`wss://aiplatform.googleapis.com/${path}`);
    expect(seen.headers).toEqual({ 'x-goog-api-key': 'k' });
    expect(seen.setup.model).toBe('publishers/google/models/gemini-3.8-live');
  });

  it('the token is asked for at each connection', async () => {
    let asked = 0;
    const model = new RealtimeModel({
      vertex: { project: 'p', accessToken: async () => `t${++asked}` },
      connect: async () => linkedPair()[0],
    });
    const context = { clock: new FakeClock(), ids: countedIds(), signal: new AbortController().signal };
    await model.dial(context);
    await model.dial(context);
    expect(asked).toBe(2);
  });

  it.each<[string, RealtimeModelOptions]>([
    ['affective dialog', { affectiveDialog: true }],
    ['proactivity', { proactivity: true }],
  ])('%s: v1alpha by itself', async (_, options) => {
    const { url } = await opened({ apiKey: 'k', model: native, ...options });
    expect(url).toContain('.v1alpha.');
  });
});

describe('what does not go together, or not with the model: said before any I/O', () => {
  it.each<[string, RealtimeModelOptions, string, string]>([
    ['3.8, thinking', { thinking: { budget: 0 } }, 'option_unsupported', 'thinking'],
    ['3.8, affective dialog', { affectiveDialog: true }, 'option_unsupported', 'affectiveDialog'],
    ['3.8, not proactive', { proactivity: false }, 'option_unsupported', 'proactivity'],
    [
      '3.8, code execution',
      { serverTools: [{ codeExecution: {} }] },
      'option_unsupported',
      'serverTools.codeExecution',
    ],
    ['3.8, text', { modalities: ['text'] }, 'option_unsupported', 'modalities'],
    ['3.8, language', { languageCode: 'de-DE' }, 'option_unsupported', 'languageCode'],
    ['3.8, translation', { translation: { targetLanguage: 'de' } }, 'option_unsupported', 'translation'],
    [
      'raw fields are judged alike',
      { setup: { generationConfig: { thinkingConfig: {} } } },
      'option_unsupported',
      'thinking',
    ],
    ['3.1, budget', { model: live31, thinking: { budget: 1 } }, 'option_unsupported', 'thinking.budget'],
    ['3.1, proactivity', { model: live31, proactivity: true }, 'option_unsupported', 'proactivity'],
    [
      '3.1, async tools',
      { model: live31, toolBehavior: 'NON_BLOCKING' },
      'option_unsupported',
      'toolBehavior',
    ],
    [
      '3.1 on Vertex',
      { model: live31, vertex: { project: 'p', accessToken: 't' } },
      'option_unsupported',
      'model',
    ],
    ['2.5, level', { model: native, thinking: { level: 'low' } }, 'option_unsupported', 'thinking.level'],
    [
      'extended, minimal',
      { model: extended, thinking: { level: 'minimal' } },
      'option_unsupported',
      'thinking.level',
    ],
    [
      'extended, blocking',
      { model: extended, toolBehavior: { book: 'BLOCKING' } },
      'option_unsupported',
      'toolBehavior',
    ],
    [
      'extended, scheduling',
      { model: extended, toolScheduling: 'INTERRUPT' },
      'option_unsupported',
      'toolScheduling',
    ],
    ['a model that is gone', { model: 'gemini-2.0-flash-live-001' }, 'option_unsupported', 'model'],
    ['edges on the Gemini API', { explicitVadSignal: true }, 'option_unsupported', 'explicitVadSignal'],
    [
      'transparent on the Gemini API',
      { sessionResumption: { transparent: true } },
      'option_unsupported',
      'sessionResumption.transparent',
    ],
    [
      'affective dialog on v1beta',
      { model: native, affectiveDialog: true, apiVersion: 'v1beta' },
      'options_conflict',
      'apiVersion',
    ],
    ['v1beta1 on the Gemini API', { apiVersion: 'v1beta1' }, 'options_conflict', 'apiVersion'],
    ['v1alpha on Vertex', { vertex: {}, apiVersion: 'v1alpha' }, 'options_conflict', 'apiVersion'],
    ['a key and a project', { vertex: { project: 'p' } }, 'options_conflict', 'apiKey'],
    [
      'two words on interruption',
      { turnDetection: { interruptResponse: true }, realtimeInput: { activityHandling: 'NO_INTERRUPTION' } },
      'options_conflict',
      'realtimeInput.activityHandling',
    ],
    [
      'a location that is a host',
      { vertex: { project: 'p', location: 'evil.example/' } },
      'option_invalid',
      'vertex.location',
    ],
    ['half a seed', { seed: 0.5 }, 'option_invalid', 'seed'],
  ])('%s', (_, options, code, param) => {
    const apiKey = options.vertex?.accessToken === undefined ? { apiKey: 'k' } : {};
    expect(() => new RealtimeModel({ ...apiKey, ...options })).toThrow(
      expect.objectContaining({ code, param }),
    );
  });

  it('a project without a token: what to give', () => {
    expect(() => new RealtimeModel({ vertex: { project: 'p' } })).toThrow(
      expect.objectContaining({ code: 'api_key_missing', param: 'vertex.accessToken' }),
    );
  });

  it('a name that is not in the table: no option is refused', () => {
    expect(modelFacts('gemini-9-live').known).toBe(false);
    const options = {
      apiKey: 'k',
      model: 'gemini-9-live',
      thinking: { budget: 1 },
      modalities: ['text'],
    } as const;
    expect(() => new RealtimeModel(options)).not.toThrow();
  });

  it('what a session changes is judged alike', () => {
    const model = new RealtimeModel({ apiKey: 'k' });
    const thinks = { generationConfig: { thinkingConfig: { thinkingBudget: 1 } } };
    expect(() => model.updateOptions({ vendor: thinks })).toThrow(
      expect.objectContaining({ code: 'option_unsupported', param: 'thinking' }),
    );
    expect(model.defaults.vendor).not.toHaveProperty('generationConfig');
  });
});

describe('capabilities', () => {
  const of = (options: RealtimeModelOptions) => new RealtimeModel({ apiKey: 'k', ...options }).capabilities;

  it.each([
    ['gemini-3.8-live', 'append', 'live', 'delta'],
    [extended, 'append', 'live', 'delta'],
    [live31, 'opening', 'reopen', 'whole'],
    [native, 'append', 'reopen', 'delta'],
  ])('%s: history %s, instructions %s, transcripts %s', (model, history, instructions, transcript) => {
    const { configure, ...can } = of({ model });
    expect(can).toMatchObject({ history, transcript, resume: true });
    expect(configure).toMatchObject({ instructions, tools: instructions, voice: 'reopen' });
  });

  it('no handles, no resumption; edges where Vertex gives them; uncut where nothing cuts', () => {
    expect(of({ sessionResumption: false }).resume).toBe(false);
    expect(of({ vertex: {}, explicitVadSignal: true }).speech).toBe('edges');
    const realtimeInput = { activityHandling: 'NO_INTERRUPTION' } as const;
    expect(of({ turnDetection: null, realtimeInput }).autoCut).toBe('never');
    expect(of({ turnDetection: null }).autoCut).toBe('always');
  });
});
