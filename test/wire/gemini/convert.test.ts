import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/realtime/index.js';
import { configFromSetup } from '../../../src/wire/gemini/convert/config.js';
import { contentToItems, itemsToContents } from '../../../src/wire/gemini/convert/content.js';
import { durationToMs, msToDuration } from '../../../src/wire/gemini/convert/duration.js';
import { normaliseKeys } from '../../../src/wire/gemini/convert/keys.js';
import { blobToPcm, pcmRateHz, pcmToBlob } from '../../../src/wire/gemini/convert/pcm.js';
import { fromOpenApi, toOpenApi } from '../../../src/wire/gemini/convert/schema.js';
import { setupFromConfig } from '../../../src/wire/gemini/convert/setup.js';
import { usageFromMetadata, usageToMetadata } from '../../../src/wire/gemini/convert/usage.js';
import { traitsOf } from '../../../src/wire/gemini/index.js';
import { config } from './harness.js';

const schema = {
  $schema: 'x',
  type: 'object',
  title: 'Seats',
  additionalProperties: false,
  required: ['seats'],
  properties: {
    seats: { type: ['integer', 'null'], minimum: 1 },
    day: { anyOf: [{ type: 'string', const: 'today' }, { type: 'null' }] },
    guest: { $ref: '#/$defs/guest' },
    any_of: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
  },
  $defs: { guest: { type: 'object', properties: { friend: { $ref: '#/$defs/guest' } } } },
};
const book = { name: 'book', description: 'Books.', parameters: schema };

const setupOf = (over: Partial<Config>, model = 'gemini-3.8-live', resume?: string) =>
  setupFromConfig({
    config: { ...config, ...over },
    model,
    traits: traitsOf(model),
    hasHistory: false,
    resume,
  });

describe('Config -> setup', () => {
  it('everything, and nothing empty or null', () => {
    const setup = setupOf({ tools: [book], vendor: { contextWindowCompression: { slidingWindow: {} } } });
    expect(setup).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
      systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
      tools: [
        {
          functionDeclarations: [
            { name: 'book', description: 'Books.', parametersJsonSchema: schema, behavior: 'BLOCKING' },
          ],
        },
      ],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: {},
      contextWindowCompression: { slidingWindow: {} },
    });
  });

  it.each<[string, Partial<Config>, string, unknown]>([
    ['no instructions', { instructions: '' }, 'systemInstruction', undefined],
    ['tool choice none', { tools: [book], toolChoice: 'none' }, 'tools', undefined],
    ['no transcription', { transcription: null }, 'inputAudioTranscription', undefined],
    [
      'a language',
      { transcription: { language: 'de-DE' } },
      'inputAudioTranscription',
      { languageCodes: ['de-DE'] },
    ],
    [
      'manual turns',
      { turns: { owner: 'caller' } },
      'realtimeInputConfig',
      { automaticActivityDetection: { disabled: true } },
    ],
    [
      'turns that do not cut',
      { turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: false, silenceMs: 300.4 } },
      'realtimeInputConfig',
      { automaticActivityDetection: { silenceDurationMs: 300 }, activityHandling: 'NO_INTERRUPTION' },
    ],
    ['a vendor field over ours', { vendor: { sessionResumption: null } }, 'sessionResumption', undefined],
    [
      'vendor fields within ours',
      { vendor: { generationConfig: { temperature: 0.4 } } },
      'generationConfig',
      {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        temperature: 0.4,
      },
    ],
    ['vendor tools', { vendor: { tools: [{ googleSearch: {} }] } }, 'tools', [{ googleSearch: {} }]],
  ])('%s', (_, over, field, value) => {
    expect(setupOf(over)[field as 'tools']).toEqual(value);
  });

  it('a handle, a long name', () => {
    const setup = setupOf({}, 'projects/p/locations/l/publishers/google/models/gemini-3.8-live', 'h');
    expect(setup.sessionResumption).toEqual({ handle: 'h' });
    expect(setup.model).toBe('projects/p/locations/l/publishers/google/models/gemini-3.8-live');
  });

  it('and back: the same config, but for what is only the vendor’s', () => {
    const turns = {
      owner: 'wire',
      kind: 'server_vad',
      autoReply: true,
      autoCut: false,
      silenceMs: 300,
      prefixMs: 20,
    } as const;
    const wanted = { ...config, tools: [book], transcription: { language: 'de-DE' }, turns };
    expect(configFromSetup(setupOf(wanted))).toEqual(wanted);
  });
});

describe('tools', () => {
  it('JSON Schema -> the OpenAPI subset: references in line, endless ones ended, foreign words left out', () => {
    const { properties, ...rest } = toOpenApi(schema) as { properties: Record<string, unknown> };
    expect(rest).toEqual({ type: 'OBJECT', required: ['seats'] });
    expect(properties.seats).toEqual({ type: 'INTEGER', nullable: true, minimum: 1 });
    expect(properties.day).toEqual({ type: 'STRING', enum: ['today'], nullable: true });
    expect(properties.any_of).toEqual({ type: 'ARRAY', items: { type: 'STRING', enum: ['a', 'b'] } });
    expect(JSON.stringify(properties.guest)).not.toContain('$ref');
  });

  it('the OpenAPI subset -> JSON Schema', () => {
    expect(
      fromOpenApi({
        type: 'OBJECT',
        propertyOrdering: ['a'],
        properties: {
          a: { type: 'STRING', nullable: true, maxLength: '5' },
          b: { type: 'ARRAY', items: { anyOf: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }] }, minItems: '1' },
        },
      }),
    ).toEqual({
      type: 'object',
      properties: {
        a: { type: ['string', 'null'], maxLength: 5 },
        b: { type: 'array', items: { anyOf: [{ type: 'number' }, { type: 'boolean' }] }, minItems: 1 },
      },
    });
  });

  it.each([
    ['gemini-3.8-live', { parametersJsonSchema: true, behavior: 'BLOCKING' }],
    ['gemini-3.8-live-extended-thinking', { parameters: true, behavior: 'NON_BLOCKING' }],
    ['gemini-3.1-flash-live-preview', { parametersJsonSchema: true }],
  ])('%s: where the schema goes', (model, wanted) => {
    const declaration = setupOf({ tools: [book] }, model).tools?.[0]?.functionDeclarations?.[0];
    const { name, description, parameters, parametersJsonSchema, behavior } = declaration ?? {};
    expect({ name, description }).toEqual({ name: 'book', description: 'Books.' });
    expect({
      ...(parameters && { parameters: true }),
      ...(parametersJsonSchema ? { parametersJsonSchema: true } : {}),
      ...(behavior && { behavior }),
    }).toEqual(wanted);
  });
});

describe('items <-> contents', () => {
  it('messages, calls, results; and back', () => {
    const items = [
      { kind: 'message', id: '', role: 'user', parts: [{ kind: 'text', text: 'Hi' }], status: 'completed' },
      { kind: 'call', id: '', call: 'c', name: 'f', args: '{"a_b":1}', status: 'completed' },
      { kind: 'result', id: '', call: 'c', name: 'f', output: 'yes', isError: false },
      { kind: 'result', id: '', call: 'd', name: 'g', output: 'no', isError: true },
    ] as const;
    const contents = itemsToContents(items.map((item) => ({ ...item }) as never));
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [{ functionCall: { id: 'c', name: 'f', args: { a_b: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'f', response: { output: 'yes' } } }] },
      { role: 'user', parts: [{ functionResponse: { id: 'd', name: 'g', response: { error: 'no' } } }] },
    ]);
    expect(contents.flatMap(contentToItems)).toEqual(items);
  });

  it('speech as its words; what has none is left out; a system message as the user’s', () => {
    const message = (role: 'user' | 'assistant' | 'system', transcript: string | null) => ({
      kind: 'message' as const,
      id: 'x',
      role,
      parts: [{ kind: 'audio' as const, transcript }],
    });
    expect(
      itemsToContents([
        message('user', 'Hi'),
        message('assistant', null),
        message('system', 'Be kind'),
        { kind: 'provider', id: 'p', type: 'x' },
      ]),
    ).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'user', parts: [{ text: 'Be kind' }] },
    ]);
  });

  it('a result takes the name of its call; arguments that are no object are {}', () => {
    expect(
      itemsToContents([
        { kind: 'call', id: 'a', call: 'c', name: 'f', args: 'oops' },
        { kind: 'result', id: 'b', call: 'c', output: 'x' },
      ]).map(({ parts }) => parts?.[0]),
    ).toEqual([
      { functionCall: { id: 'c', name: 'f', args: {} } },
      { functionResponse: { id: 'c', name: 'f', response: { output: 'x' } } },
    ]);
  });
});

describe('small ones', () => {
  it('snake_case -> camelCase, but never within what is the application’s; null = absent', () => {
    expect(
      normaliseKeys({
        realtime_input: { audio: { mime_type: 'x', data: null } },
        tool_call: { function_calls: [{ args: { deep_key: { in_side: null } } }] },
        setup: { tools: [{ function_declarations: [{ parameters_json_schema: { my_key: 1 } }] }] },
      }),
    ).toEqual({
      realtimeInput: { audio: { mimeType: 'x' } },
      toolCall: { functionCalls: [{ args: { deep_key: { in_side: null } } }] },
      setup: { tools: [{ functionDeclarations: [{ parametersJsonSchema: { my_key: 1 } }] }] },
    });
  });

  it('a key that is called __proto__ makes nothing but a field', () => {
    const value = normaliseKeys(JSON.parse('{"__proto__":{"polluted":true},"a":1}')) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in value).toBe(false);
  });

  it.each([
    ['50s', 50_000],
    ['11.600s', 11_600],
    ['0.440s', 440],
    ['soon', undefined],
    [undefined, undefined],
  ])('duration %s', (text, ms) => expect(durationToMs(text)).toBe(ms));

  it.each([
    [50_000, '50s'],
    [440, '0.440s'],
    [-1, '0s'],
  ])('%d ms', (ms, text) => expect(msToDuration(ms)).toBe(text));

  it.each([
    ['audio/pcm;rate=8000', 8000],
    ['audio/pcm; rate=24000', 24_000],
    ['AUDIO/PCM', 16_000],
    ['audio/opus', undefined],
    [undefined, undefined],
  ])('rate of %s', (mime, rate) => expect(pcmRateHz(mime, 16_000)).toBe(rate));

  it('samples there and back; half a sample is dropped', () => {
    const pcm = Int16Array.of(1, -2, 32_767, -32_768);
    expect(blobToPcm(pcmToBlob(pcm.subarray(1), 16_000).data ?? '')).toEqual(pcm.subarray(1));
    expect(blobToPcm(Buffer.from([1, 0, 2]).toString('base64'))).toEqual(Int16Array.of(1));
  });

  it('usage there and back', () => {
    const usage = {
      inputTokens: 548,
      inputTextTokens: 306,
      inputAudioTokens: 222,
      outputTokens: 61,
      outputAudioTokens: 61,
      thoughtTokens: 100,
      totalTokens: 609,
      cachedTokens: 0,
    };
    expect(usageFromMetadata(usageToMetadata(usage) ?? {})).toEqual(usage);
    expect(usageToMetadata({})).toBeUndefined();
  });
});
