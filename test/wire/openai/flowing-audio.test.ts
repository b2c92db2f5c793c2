import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FlowingAudio } from '../../../src/wire/openai/client/flowing-audio.js';
import type { Part } from '../../../src/wire/openai/client/items.js';
import { pcm24k } from '../../../src/wire/openai/convert/index.js';
import { ClientBench } from './client-harness.js';

const ids = { response_id: 'r1', item_id: 'a1', output_index: 0, content_index: 0 };
const fields = { type: 'response.output_audio.delta', event_id: 'e1', ...ids };

const frameOf = (more: object): string => JSON.stringify({ ...fields, ...more });

describe('audio without a parser', () => {
  let part: Part;
  let flowing: FlowingAudio;

  const learn = (frame: string): void => {
    const { event_id: eventId, delta } = JSON.parse(frame) as { event_id: unknown; delta: string };
    flowing.saw({ flow: { response: 'r1', item: 'a1', part }, eventId, delta });
    flowing.learn(frame);
  };

  beforeEach(() => {
    part = { index: 0, kind: 'audio', done: false, final: false, samples: 0 };
    flowing = new FlowingAudio(pcm24k);
  });

  it('reads the next frame by its likeness to the first', () => {
    learn(frameOf({ delta: 'AQA=' }));
    expect(flowing.read(frameOf({ event_id: 'another', delta: 'AgADAA==' }))).toEqual({
      t: 'audio',
      response: 'r1',
      item: 'a1',
      part: 0,
      pcm: Int16Array.of(2, 3),
    });
    expect(part.samples).toBe(2);
  });

  it('reads JSON with spaces, and an id at another place', () => {
    const spaced = (id: string, delta: string) =>
      `{"type": "response.output_audio.delta", "response_id": "r1", "item_id": "a1", "event_id": "${id}", "delta": "${delta}"}`;
    learn(spaced('e1', 'AQA='));
    expect(flowing.read(spaced('e22', 'AgA='))?.pcm).toEqual(Int16Array.of(2));
  });

  const left: [name: string, frame: string][] = [
    ['another item', frameOf({ item_id: 'a2', delta: 'AQA=' })],
    ['another response', frameOf({ response_id: 'r2', delta: 'AQA=' })],
    ['another type', frameOf({ type: 'response.output_text.delta', delta: 'AQA=' })],
    ['another part', frameOf({ content_index: 1, delta: 'AQA=' })],
    ['no audio', frameOf({ delta: '' })],
    ['what is no base64', frameOf({ delta: 'AQ?=' })],
    ['half a sample', frameOf({ delta: 'AQ==' })],
    ['an escape in the audio', frameOf({ delta: 'x' }).replace('"x"', '"AQ\\u0041="')],
    ['a quote in the id', frameOf({ event_id: '"', delta: 'AQA=' })],
    ['an id that is none', frameOf({ event_id: null, delta: 'AQA=' })],
    ['more behind the audio', frameOf({ delta: 'AQA=', more: 1 })],
    ['more before the audio', frameOf({ more: 1, delta: 'AQA=' })],
    ['a frame that is cut', frameOf({ delta: 'AQA=' }).slice(0, -1)],
    ['a frame that is cut in its audio', frameOf({ delta: 'AQABAQ' }).slice(0, -4)],
    ['nothing', ''],
  ];
  it.each(left)('leaves %s to the parser', (_, frame) => {
    learn(frameOf({ delta: 'AQA=' }));
    expect(flowing.read(frame)).toBeUndefined();
    expect(part.samples).toBe(0);
  });

  it('reads nothing before it has seen one, when the part is done, and when the response is over', () => {
    const frame = frameOf({ delta: 'AQA=' });
    expect(flowing.read(frame)).toBeUndefined();
    learn(frame);
    part.done = true;
    expect(flowing.read(frame)).toBeUndefined();
    part.done = false;
    expect(flowing.read(frame)).toBeDefined();
    flowing.forget();
    expect(flowing.read(frame)).toBeUndefined();
  });

  const strange: [name: string, frame: string][] = [
    ['does not end with its audio', frameOf({ delta: 'AQA=', more: 1 })],
    ['has a quote in its id', frameOf({ event_id: 'a"b', delta: 'AQA=' })],
    ['has no id', frameOf({ event_id: undefined, delta: 'AQA=' })],
    ['escapes its audio', frameOf({ delta: 'x' }).replace('"x"', '"AQ\\u0041="')],
    ['has its audio deeper', `{"event_id":"e1","more":{"delta":"AQA="}}`],
  ];
  it.each(strange)('learns nothing of a frame that %s', (_, frame) => {
    flowing.saw({ flow: { response: 'r1', item: 'a1', part }, eventId: 'e1', delta: 'AQA=' });
    flowing.learn(frame);
    expect(flowing.read(frame)).toBeUndefined();
  });
});

const pair = fc.constantFrom('AQA=', 'AgADAA==', '', '!!', 'AQ==', 'AAAAAA==');
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ delta: pair, item_id: fc.constantFrom('a1', 'a1', 'a2') }) },
  fc.constant({ type: 'response.output_audio.done' }),
  fc.constantFrom('a1', 'a2').map((item_id) => ({
    type: 'response.content_part.done',
    item_id,
    part: { type: 'audio', transcript: 'Well' },
  })),
  fc.constantFrom('completed', 'cancelled').map((status) => ({
    type: 'response.done',
    response: { id: 'r1', object: 'realtime.response', status, output: [] },
  })),
  fc
    .constantFrom('r1', 'r2')
    .map((id) => ({ type: 'response.created', response: { id, object: 'realtime.response' } })),
  fc.record({ delta: pair, response_id: fc.constantFrom('r1', 'r2') }),
);

it('tells the same as the parser would', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const fast = new ClientBench().opened();
      const slow = new ClientBench().opened();
      events.forEach((more, index) => {
        const frame = frameOf({ event_id: `e${index}`, ...more });
        fast.machine.frame(frame, 0);
        // No two of these begin alike.
        slow.machine.frame(' '.repeat(events.length - index) + frame, 0);
      });
      expect(fast.events).toEqual(slow.events);
    }),
    { seed: 11, numRuns: 300 },
  );
});
