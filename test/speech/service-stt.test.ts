import { expect, test } from 'vitest';
import { ProviderError } from '../../src/core/index.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../../src/speech/service-stt.js';
import { wholeUtterances } from '../../src/speech/whole-utterances.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { mark, Told } from './services/marks.js';

const sampleRateHz = 16_000;

/** A service whose connections are made at once; `recognisers` makes one after the other. */
function started(recognisers: ((events: RecogniserEvents) => Recogniser)[]) {
  const clock = new FakeClock();
  let connections = 0;
  const stt = serviceStt({
    name: 'hand-made',
    sampleRateHz,
    clock,
    connect: async (events) => recognisers[connections++]!(events),
  });
  const stream = stt.stream();
  return { clock, stt, stream, told: new Told(stream), connections: () => connections };
}

const hears = (text: string) => (events: RecogniserEvents) => ({
  audio() {},
  finish() {
    queueMicrotask(() => {
      events.part({ text });
      events.ended();
    });
  },
  close() {},
});

const deadAt = (call: 'audio' | 'finish') => () => ({
  audio() {
    if (call === 'audio') throw new Error('Socket is not open.');
  },
  finish() {
    if (call === 'finish') throw new Error('Socket is not open.');
  },
  close() {},
});

test.each(['audio', 'finish'] as const)(
  'a socket that cannot send any more (%s): another connection hears the utterance, and nobody is thrown at',
  async (call) => {
    const { clock, stt, stream, told, connections } = started([deadAt(call), hears('hello')]);
    stream.push(mark(1, 20, sampleRateHz));
    await clock.advance(0);
    stream.push(mark(1, 20, sampleRateHz));
    stream.flush();
    expect(told.events).toEqual([]);
    await clock.advance(0);
    expect(told.outcomes).toEqual(['hello']);
    expect(connections()).toBe(2);
    expect(clock.pending).toBe(0);
    await stt.close();
  },
);

test('a second one that cannot send either: the utterance has failed, in words that name the service', async () => {
  const { clock, stt, stream, told } = started([deadAt('audio'), deadAt('audio'), hears('later')]);
  stream.push(mark(1, 20, sampleRateHz));
  stream.flush();
  await clock.advance(0);
  expect(told.ends).toMatchObject([
    { t: 'failed', error: { code: 'stt_failed', message: 'hand-made: Socket is not open.' } },
  ]);
  stream.push(mark(1, 20, sampleRateHz));
  stream.flush();
  await clock.advance(0);
  expect(told.outcomes).toEqual(['stt_failed', 'later']);
  await stt.close();
});

test('of an utterance that nobody ends the last minute is heard, where it was said', async () => {
  const heard: { lengthMs: number; startMs: number }[] = [];
  const { clock, stt, stream, told } = started([
    (events) =>
      wholeUtterances(events, {
        sampleRateHz,
        async hear(pcm, startMs) {
          heard.push({ lengthMs: pcm.length / 16, startMs });
          return { text: 'late', words: [{ text: 'late', fromMs: startMs, toMs: startMs + 1_000 }] };
        },
      }),
  ]);
  await clock.advance(0);
  for (let second = 0; second < 90; second++) {
    stream.push(mark(1, 1_000, sampleRateHz));
    await clock.advance(0);
  }
  stream.flush();
  await clock.advance(0);
  expect(heard).toEqual([{ lengthMs: 60_000, startMs: 30_000 }]);
  expect(told.ends).toMatchObject([{ t: 'final', words: [{ fromMs: 30_000, toMs: 31_000 }] }]);
  await stt.close();
});

test('a flush that is not answered ends in time; a request that is refused for good is not made again', async () => {
  const silent = () => ({ audio() {}, finish() {}, close() {} });
  const refused = (events: RecogniserEvents) => ({
    audio() {},
    finish: () =>
      queueMicrotask(() =>
        events.closed(new ProviderError('stt_failed', 'no such model', { retryable: false })),
      ),
    close() {},
  });
  const { clock, stt, stream, told, connections } = started([silent, refused]);
  for (let utterance = 0; utterance < 2; utterance++) {
    stream.push(mark(1, 20, sampleRateHz));
    stream.flush();
  }
  await clock.advance(7_999);
  expect(told.ends).toEqual([]);
  await clock.advance(1);
  await clock.advance(0);
  expect(told.ends).toMatchObject([
    { error: { message: 'hand-made did not say within 8000 ms what it had understood' } },
    { error: { message: 'no such model' } },
  ]);
  expect(connections()).toBe(2);
  expect(clock.pending).toBe(0);
  await stt.close();
});
