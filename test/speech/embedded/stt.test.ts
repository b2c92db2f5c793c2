import { afterAll, describe, expect, it } from 'vitest';
import type { STT, SttEvent } from '../../../src/speech/contracts.js';
import { embeddedStt, speak } from '../../../src/speech/embedded/index.js';
import { totalErrors, wordErrors } from '../wer.js';
import { answered, collect, padded, pushFrames } from './audio.js';

const days = ['monday', 'tuesday', 'thursday', 'saturday', 'tomorrow'];
const hours = ['nine', 'ten', 'two', 'half past ten', 'quarter past three', 'two thirty p m'];
const sentences = [
  ...days.flatMap((day) => [`are you open on ${day}`, `do you have anything on ${day}`]),
  ...days.flatMap((day) => hours.map((hour) => `i would like to book an appointment on ${day} at ${hour}`)),
  ...days.flatMap((day) => hours.map((hour) => `can i come in on ${day} at ${hour}`)),
  'what are your opening hours',
  'i need to cancel my appointment',
  'my phone number is five five five zero one four two',
  'my name is anna novák',
  'restart the kubernetes cluster',
];
const stt: STT = embeddedStt({ grammar: { sentences } });
afterAll(() => stt.close());

async function hear(pcm: Int16Array): Promise<{ result: SttEvent; events: SttEvent[] }> {
  const stream = stt.stream();
  const { events, next } = collect<SttEvent>(stream);
  const over = next(answered);
  pushFrames(stream, pcm);
  stream.flush();
  const result = await over;
  stream.close();
  return { result, events };
}

const said = [
  'What are your opening hours?',
  'I would like to book an appointment on Thursday at half past ten.',
  'Can I come in on Monday at 2:30 p.m.?',
  'Are you open on Saturday?',
  'I need to cancel my appointment.',
  'My phone number is five five five, zero one four two.',
];
const asSpoken = (text: string) => text.replace('2:30 p.m.', 'two thirty p m');

describe('recognition of our own voices', () => {
  it.each(['rms', 'slt'])('%s: at most one word in twenty is wrong', async (voice) => {
    const errors = [];
    for (const text of said) {
      const { pcm } = await speak(text, { voice });
      const { result } = await hear(padded(pcm, 200, 300));
      errors.push(wordErrors(asSpoken(text), result.t === 'final' ? result.text : ''));
    }
    expect(totalErrors(errors).words).toBeGreaterThan(40);
    expect(totalErrors(errors).rate).toBeLessThanOrEqual(0.05);
  });

  it('says when each word was spoken, from the start of the utterance, however long the silence before', async () => {
    const { pcm, words: spoken } = await speak('What are your opening hours', { voice: 'rms' });
    const { result } = await hear(padded(pcm, 1_500, 300));
    if (result.t !== 'final') throw new Error(result.t);
    expect(result.words.map((word) => word.text)).toEqual(['what', 'are', 'your', 'opening', 'hours']);
    result.words.forEach((word, i) => {
      expect(Math.abs(word.fromMs - 1_500 - spoken[i]!.fromMs)).toBeLessThan(150);
      expect(Math.abs(word.toMs - 1_500 - spoken[i]!.toMs)).toBeLessThan(150);
    });
  });

  it('gives interim texts before the final one', async () => {
    const { pcm } = await speak(said[1]!, { voice: 'rms' });
    const stream = stt.stream();
    const { events, next } = collect<SttEvent>(stream);
    const over = next(answered);
    const interim = next((event) => event.t === 'interim' && event.text.split(' ').length >= 4);
    pushFrames(stream, padded(pcm, 100, 300));
    await interim;
    stream.flush();
    expect(await over).toMatchObject({
      text: 'i would like to book an appointment on thursday at half past ten',
    });
    const texts = events.flatMap((event) => (event.t === 'interim' ? [event.text] : []));
    texts.forEach((text, i) => {
      expect(text).not.toBe(texts[i - 1] ?? '');
    });
    stream.close();
  });

  it('knows words that are in no dictionary by their spelling', async () => {
    const { pcm } = await speak('restart the Kubernetes cluster', { voice: 'rms' });
    expect((await hear(padded(pcm, 200, 300))).result).toMatchObject({
      text: 'restart the kubernetes cluster',
    });
    const name = await speak('my name is Anna Novak', { voice: 'rms' });
    expect((await hear(padded(name.pcm, 200, 300))).result).toMatchObject({ text: 'my name is anna novák' });
  });

  it('hears quiet and loud callers alike', async () => {
    const { pcm } = await speak(said[0]!, { voice: 'rms' });
    for (const gain of [0.03, 1.2])
      expect((await hear(padded(pcm, 200, 300, gain))).result).toMatchObject({
        text: 'what are your opening hours',
      });
  });
});

describe('an STT stream', () => {
  it('understands nothing in silence and in noise', async () => {
    const noise = Int16Array.from(
      { length: 32_000 },
      (_, i) => ((Math.imul(i + 1, 2_654_435_761) >>> 16) % 3_000) - 1_500,
    );
    const nothing = { t: 'final', text: '', words: [] };
    expect((await hear(new Int16Array(32_000))).result).toEqual(nothing);
    expect((await hear(noise)).result).toEqual(nothing);
    expect((await hear(new Int16Array(0))).result).toEqual(nothing);
  });

  it('answers flushes in their order, and drops what is discarded', async () => {
    const [one, two] = await Promise.all([
      speak(said[0]!, { voice: 'rms' }),
      speak(said[3]!, { voice: 'rms' }),
    ]);
    const stream = stt.stream();
    const { events, next } = collect<SttEvent>(stream);
    pushFrames(stream, padded(one.pcm, 200, 300));
    stream.flush();
    pushFrames(stream, padded(two.pcm, 200, 300));
    stream.discard();
    pushFrames(stream, padded(two.pcm, 200, 300));
    stream.flush();
    stream.flush();
    expect(events).toEqual([]);
    for (let finals = 0; finals < 3; finals++) await next(answered);
    const texts = events.flatMap((event) => (event.t === 'final' ? [event.text] : []));
    expect(texts).toEqual(['what are your opening hours', 'are you open on saturday', '']);
    stream.close();
  });

  it('keeps callers who speak at the same time apart', async () => {
    const clips = await Promise.all(said.slice(0, 5).map((text) => speak(text, { voice: 'rms' })));
    const streams = clips.map(() => stt.stream());
    const results = streams.map((stream) => collect<SttEvent>(stream).next(answered));
    const audio = clips.map(({ pcm }) => padded(pcm, 200, 300));
    for (let at = 0; at < Math.max(...audio.map((pcm) => pcm.length)); at += 320)
      streams.forEach((stream, i) => {
        stream.push(audio[i]!.subarray(at, at + 320));
      });
    for (const stream of streams) stream.flush();
    const texts = (await Promise.all(results)).map((event) => (event.t === 'final' ? event.text : event.t));
    const errors = texts.map((text, i) => wordErrors(asSpoken(said[i]!), text));
    expect(totalErrors(errors).rate).toBeLessThanOrEqual(0.05);
    for (const stream of streams) stream.close();
  });

  it('says nothing after close', async () => {
    const { pcm } = await speak(said[0]!, { voice: 'rms' });
    const stream = stt.stream();
    const { events } = collect<SttEvent>(stream);
    pushFrames(stream, padded(pcm, 200, 300));
    stream.flush();
    stream.close();
    stream.close();
    stream.push(pcm);
    stream.flush();
    await hear(padded(pcm, 200, 300));
    expect(events).toEqual([]);
  });

  it('fails an utterance when the recogniser cannot keep up, and hears the next', async () => {
    const { pcm } = await speak(said[0]!, { voice: 'rms' });
    const stream = stt.stream();
    const { next } = collect<SttEvent>(stream);
    const failed = next(answered);
    // More at once than may wait.
    for (let i = 0; i < 16; i++) stream.push(new Int16Array(32_000).fill(100));
    stream.flush();
    expect(await failed).toMatchObject({ t: 'failed', error: { code: 'stt_failed' } });
    // Another stream's answer shows that the thread has read what waited.
    await hear(new Int16Array(320));
    const heard = next(answered);
    pushFrames(stream, padded(pcm, 200, 300));
    stream.flush();
    expect(await heard).toMatchObject({ t: 'final', text: 'what are your opening hours' });
    stream.close();
  });

  it('is closed with its engine', async () => {
    const engine = embeddedStt();
    const stream = engine.stream();
    const { events } = collect<SttEvent>(stream);
    stream.push(new Int16Array(320));
    stream.flush();
    await engine.close();
    await engine.close();
    stream.push(new Int16Array(320));
    stream.flush();
    expect(() => engine.stream()).toThrowError(expect.objectContaining({ code: 'closed' }));
    await expect(engine.warmUp()).rejects.toMatchObject({ code: 'closed' });
    expect(events).toEqual([]);
  });

  it('refuses options out of range', () => {
    const refused = expect.objectContaining({ code: 'option_invalid' });
    expect(() => embeddedStt({ grammar: { sentences: [], weight: 1 } })).toThrowError(refused);
    expect(() => embeddedStt({ workers: 1.5 })).toThrowError(refused);
    expect(() => embeddedStt({ decoders: 17 })).toThrowError(refused);
  });
});
