import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  browserLimits,
  parsePageMessage,
  parsePcmFrame,
  parseServerMessage,
  ReparteeError,
} from '../../../src/core/index.js';

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof ReparteeError) return thrown.code;
    throw thrown;
  }
  return 'none';
};

describe('messages of a page', () => {
  it.each([
    { type: 'hello', version: 1, inputSampleRateHz: 24_000, outputSampleRateHz: 48_000 },
    { type: 'played', phase: 'started', playedSamples: 0 },
    { type: 'played', phase: 'position', playedSamples: 12_000 },
    { type: 'played', phase: 'finished', playedSamples: 9, flush: 3 },
    { type: 'cleared', id: 1, playedSamples: 4_800 },
    { type: 'data', message: { type: 'text', text: 'hi', deep: { a: [1, null] } } },
    { type: 'ping', id: 0 },
  ])('$type survives the way', (message) => {
    expect(parsePageMessage(JSON.stringify({ ...message, extra: 1 }))).toEqual(message);
  });

  it.each([
    ['', 'frame_malformed'],
    ['{', 'frame_malformed'],
    ['null', 'frame_malformed'],
    ['[]', 'frame_malformed'],
    ['"hello"', 'frame_malformed'],
    ['{}', 'event_unknown'],
    ['{"type":1}', 'event_unknown'],
    ['{"type":"welcome","version":1}', 'event_unknown'],
    [
      '{"type":"hello","version":1,"inputSampleRateHz":"24000","outputSampleRateHz":24000}',
      'frame_malformed',
    ],
    ['{"type":"hello","version":1,"inputSampleRateHz":24000}', 'frame_malformed'],
    ['{"type":"hello","version":1,"inputSampleRateHz":7999,"outputSampleRateHz":24000}', 'frame_malformed'],
    ['{"type":"hello","version":1,"inputSampleRateHz":24000,"outputSampleRateHz":96000}', 'frame_malformed'],
    ['{"type":"played","phase":"later","playedSamples":1}', 'frame_malformed'],
    ['{"type":"played","phase":"position","playedSamples":-1}', 'frame_malformed'],
    ['{"type":"played","phase":"position","playedSamples":1.5}', 'frame_malformed'],
    ['{"type":"played","phase":"finished","playedSamples":1}', 'frame_malformed'],
    ['{"type":"cleared","id":1e99,"playedSamples":1}', 'frame_malformed'],
    ['{"type":"data","message":[]}', 'frame_malformed'],
    ['{"type":"data"}', 'frame_malformed'],
    [`{"type":"data","message":{"a":"${'x'.repeat(browserLimits.pageText)}"}}`, 'frame_too_large'],
  ])('%.60s -> %s', (text, expected) => {
    expect(code(() => parsePageMessage(text))).toBe(expected);
  });
});

describe('messages of a server', () => {
  it.each([
    { type: 'welcome', version: 1 },
    { type: 'clear', id: 7 },
    { type: 'flush', id: 8 },
    { type: 'pong', id: 9 },
    { type: 'data', message: {} },
    { type: 'error', code: 'frame_malformed', message: 'No.' },
  ])('$type survives the way', (message) => {
    expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ['{"type":"clear"}', 'frame_malformed'],
    ['{"type":"error","code":1,"message":""}', 'frame_malformed'],
    ['{"type":"hello"}', 'event_unknown'],
  ])('%s -> %s', (text, expected) => {
    expect(code(() => parseServerMessage(text))).toBe(expected);
  });
});

describe('garbage', () => {
  const known = ['none', 'frame_malformed', 'frame_too_large', 'event_unknown', 'audio_malformed'];
  const nearly = fc.record(
    {
      type: fc.constantFrom(
        'hello',
        'played',
        'cleared',
        'data',
        'ping',
        'clear',
        'flush',
        'welcome',
        'error',
      ),
      version: fc.jsonValue(),
      phase: fc.oneof(fc.constantFrom('started', 'finished'), fc.jsonValue()),
      playedSamples: fc.jsonValue(),
      id: fc.jsonValue(),
      flush: fc.jsonValue(),
      message: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );

  it('any text gives a message or a typed error', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      nearly.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (sample) => {
        expect(known).toContain(code(() => parsePageMessage(sample)));
        expect(known).toContain(code(() => parseServerMessage(sample)));
      }),
    );
  });

  it('any bytes give samples or a typed error, whatever their place in a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(5), (bytes, offset) => {
        const larger = new Uint8Array(bytes.length + offset + 3);
        larger.set(bytes, offset);
        const view = larger.subarray(offset, offset + bytes.length);
        if (bytes.length === 0 || bytes.length % 2 === 1) {
          expect(code(() => parsePcmFrame(view))).toBe('audio_malformed');
          return;
        }
        const pcm = parsePcmFrame(view);
        const data = new DataView(bytes.slice().buffer);
        expect([...pcm]).toEqual(Array.from(pcm, (_, i) => data.getInt16(2 * i, true)));
        larger.fill(0);
        expect(pcm.byteLength).toBe(pcm.buffer.byteLength);
      }),
    );
  });

  it('more than a second at 48 kHz is too large', () => {
    expect(parsePcmFrame(new Uint8Array(browserLimits.audioBytes)).length).toBe(48_000);
    expect(code(() => parsePcmFrame(new Uint8Array(browserLimits.audioBytes + 2)))).toBe('frame_too_large');
  });
});
