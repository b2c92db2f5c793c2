import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause, Event, ItemPart } from '../../../src/realtime/contract.js';
import { InputLine } from '../../../src/wire/openai/server/input-line.js';
import { ByteLog, KeptAudio } from '../../../src/wire/openai/server/kept-audio.js';
import { audio, ServerBench } from './server-bench.js';

/** What a client may say, much of it about things that are not there. */
const client = fc.oneof(
  fc.constantFrom(
    { type: 'input_audio_buffer.append', audio: audio(60) },
    { type: 'input_audio_buffer.append', audio: 'AAA=' },
    { type: 'input_audio_buffer.commit' },
    { type: 'input_audio_buffer.clear' },
    { type: 'response.create' },
    { type: 'response.create', response: { conversation: 'none', output_modalities: ['text'] } },
    { type: 'response.cancel' },
    { type: 'response.cancel', response_id: 'resp_1' },
    { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } },
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: { type: 'semantic_vad' } } } },
    },
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { voice: 'cedar', format: { type: 'audio/pcmu' } } } },
    },
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { format: { type: 'audio/pcma' } } } },
    },
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output: 'x' },
    },
  ),
  fc.record({
    type: fc.constant('conversation.item.retrieve'),
    item_id: fc.constantFrom('i1', 'i2', 'item_1'),
  }),
  fc.record({
    type: fc.constant('conversation.item.delete'),
    item_id: fc.constantFrom('i1', 'i2', 'item_1'),
  }),
  fc.record({
    type: fc.constant('conversation.item.truncate'),
    item_id: fc.constantFrom('i1', 'i2'),
    content_index: fc.constantFrom(0, 1),
    audio_end_ms: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({
    type: fc.constant('conversation.item.create'),
    previous_item_id: fc.constantFrom('i1', 'root', 'nobody'),
    item: fc.record({
      id: fc.constantFrom('i1', 'i2', 'i3'),
      type: fc.constant('message'),
      role: fc.constant('user'),
      content: fc.constant([{ type: 'input_text', text: 'x' }]),
    }),
  }),
);

const response = fc.constantFrom('resp_1', 'resp_2');
const item = fc.constantFrom('i1', 'i2', 'i9');
const turn = fc.constantFrom('t1', 't2');

/** What a link may say, in no order at all: worse than any real one. */
const link: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    t: fc.constant('response' as const),
    phase: fc.constant('started' as const),
    response,
    cause: fc.constantFrom<Cause>(
      { by: 'wire' },
      { by: 'turn', turn: 't1' },
      { by: 'command', cmd: 'cmd_1' },
    ),
    outOfBand: fc.boolean(),
  }),
  fc.record({
    t: fc.constant('response' as const),
    phase: fc.constant('ended' as const),
    response,
    status: fc.constantFrom(
      'completed' as const,
      'cancelled' as const,
      'incomplete' as const,
      'failed' as const,
    ),
    basis: fc.constant('wire' as const),
  }),
  fc.record({
    t: fc.constant('part' as const),
    phase: fc.constantFrom('started' as const, 'done' as const),
    response,
    item,
    index: fc.nat(2),
    part: fc.nat(1),
    kind: fc.constantFrom('audio' as const, 'text' as const),
  }),
  fc.record({
    t: fc.constant('audio' as const),
    response: fc.option(response),
    item: fc.option(item),
    part: fc.nat(1),
    pcm: fc.constant(new Int16Array(480)),
  }),
  fc.record({
    t: fc.constant('said' as const),
    response: fc.option(response),
    item: fc.option(item),
    part: fc.nat(1),
    text: fc.constantFrom('', 'a', 'ab', 'b'),
    how: fc.constantFrom('append' as const, 'replace' as const, 'final' as const),
    stage: fc.constantFrom('planned' as const, 'spoken' as const, 'thought' as const),
  }),
  fc.record({
    t: fc.constant('call' as const),
    phase: fc.constantFrom('args' as const, 'ready' as const, 'withdrawn' as const),
    response: fc.option(response),
    item,
    call: fc.constantFrom('call_1', 'call_2'),
    name: fc.constant('f'),
    args: fc.constantFrom('', '{', '{}'),
    owner: fc.constantFrom('us' as const, 'provider' as const),
  }),
  fc.record({
    t: fc.constant('speech' as const),
    edge: fc.constantFrom('start' as const, 'stop' as const, 'discarded' as const),
    turn,
    atMs: fc.double({ min: 0, max: 1000, noNaN: true }),
    basis: fc.constant('wire' as const),
  }),
  fc.record({ t: fc.constant('committed' as const), turn, item, basis: fc.constant('wire' as const) }),
  fc.record({
    t: fc.constant('heard' as const),
    turn,
    text: fc.constantFrom('', 'a', 'ab'),
    how: fc.constantFrom('append' as const, 'replace' as const, 'final' as const, 'failed' as const),
  }),
  fc.record({
    t: fc.constant('item' as const),
    phase: fc.constantFrom(
      'added' as const,
      'done' as const,
      'removed' as const,
      'cut' as const,
      'fetched' as const,
    ),
    item: fc.record({
      kind: fc.constant('message' as const),
      id: item,
      role: fc.constant('assistant' as const),
      parts: fc.constant<ItemPart[]>([]),
    }),
    basis: fc.constant('wire' as const),
  }),
);

describe('whatever the client and the link say, in any order', () => {
  it('every event is as the official types have it, and the chains are whole', () => {
    const step = fc.oneof(
      { weight: 1, arbitrary: client.map((event) => ({ client: event })) },
      { weight: 3, arbitrary: link.map((event) => ({ link: event })) },
    );
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 40, maxLength: 200, size: 'max' }),
        fc.boolean(),
        (steps, acks) => {
          const bench = new ServerBench().opened();
          bench.acks = acks;
          for (const one of steps) {
            if ('client' in one) bench.text(JSON.stringify(one.client));
            else bench.link(one.link);
          }
          expect(bench.closes).toEqual([]);
          // The bench holds every event against the types; here: what was opened is closed once, and nothing else is.
          const open = new Set<string>();
          for (const event of bench.events) {
            if (event.type === 'response.created') {
              open.add(event.response.id);
            } else if (event.type === 'response.done') {
              expect(open.delete(event.response.id)).toBe(true);
            } else if (event.type === 'response.output_item.added') {
              open.add(`${event.response_id} ${event.output_index}`);
            } else if (event.type === 'response.output_item.done') {
              expect(open.delete(`${event.response_id} ${event.output_index}`)).toBe(true);
            } else if (event.type === 'response.content_part.added') {
              open.add(`${event.response_id} ${event.output_index} ${event.content_index}`);
            } else if (event.type === 'response.content_part.done') {
              expect(open.delete(`${event.response_id} ${event.output_index} ${event.content_index}`)).toBe(
                true,
              );
            } else if (event.type === 'response.output_audio.delta') {
              expect(open.has(`${event.response_id} ${event.output_index} ${event.content_index}`)).toBe(
                true,
              );
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what is kept', () => {
  it('a log of bytes is what a plain array would be', () => {
    const step = fc.oneof(
      fc.uint8Array({ maxLength: 700 }).map((bytes) => ({ append: bytes })),
      fc.nat(1500).map((count) => ({ drop: count })),
      fc.nat(1500).map((count) => ({ cut: count })),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const log = new ByteLog();
        let plain: number[] = [];
        for (const one of steps) {
          if ('append' in one) {
            log.append(one.append);
            plain.push(...one.append);
          } else if ('drop' in one) {
            log.dropFront(one.drop);
            plain = plain.slice(one.drop);
          } else {
            log.cut(one.cut);
            plain = plain.slice(0, one.cut);
          }
          expect(log.length).toBe(plain.length);
        }
        expect([...log.slice(0, log.length)]).toEqual(plain);
        expect([...log.slice(3, 9)]).toEqual(plain.slice(3, 9));
      }),
    );
  });

  it('hours of input leave no more than the limit, and silence without a turn far less', () => {
    const format = { type: 'audio/pcmu' } as const;
    const line = new InputLine(8000, format, 100_000);
    const second = new Uint8Array(8000);
    for (let s = 0; s < 3600; s++) line.write(second, format);
    expect(line.writtenMs).toBe(3_600_000);
    expect(line.slice(0, line.writtenMs)).toHaveLength(100_000);
    line.forgetBefore(line.writtenMs);
    expect(line.slice(0, line.writtenMs)).toHaveLength(16_000);
  });

  it('the audio of all items together stays within the limit', () => {
    const kept = new KeptAudio(1000);
    for (let item = 0; item < 500; item++) {
      kept.append(`item_${item}`, new Uint8Array(90), { type: 'audio/pcmu' });
      expect(kept.totalBytes).toBeLessThanOrEqual(1000);
    }
    expect(kept.get('item_499')).toHaveLength(90);
    expect(kept.get('item_0')).toBeUndefined();
    kept.append('item_0', new Uint8Array(10), { type: 'audio/pcmu' });
    expect(kept.get('item_0')).toBeUndefined();
  });
});
