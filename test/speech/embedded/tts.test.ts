import { afterAll, describe, expect, it } from 'vitest';
import type { TtsEvent } from '../../../src/speech/contracts.js';
import { embeddedTts, speak } from '../../../src/speech/embedded/index.js';
import { collect, ended, level, utter } from './audio.js';

const tts = embeddedTts();
afterAll(() => tts.close());

const pcmOf = (events: TtsEvent[]) => {
  const pieces = events.flatMap((event) => (event.t === 'audio' ? [...event.pcm] : []));
  return Int16Array.from(pieces);
};
const wordsOf = (events: TtsEvent[]) => events.flatMap((event) => (event.t === 'clause' ? event.words : []));

const text =
  'Good morning! Dr. Smith is free on 3/4/2025 at 10:30, or at half past two. It costs $12.50; shall I book it?';

describe('speech with word times', () => {
  it.each(['slt', 'rms', 'awb', 'kal16'])(
    '%s: words as written, in order, inside the audio, loud where they are',
    async (voice) => {
      const { pcm, sampleRateHz, words } = await speak(text, { voice });
      expect(sampleRateHz).toBe(16_000);
      expect(words.map((word) => word.text)).toEqual(text.split(' '));
      let before = 0;
      for (const { text: word, fromMs, toMs } of words) {
        expect(fromMs, word).toBeGreaterThanOrEqual(before);
        expect(toMs - fromMs, word).toBeGreaterThan(20);
        before = toMs;
        expect(level(pcm, fromMs, toMs), word).toBeGreaterThan(150);
      }
      expect(before).toBeLessThanOrEqual(pcm.length / 16);
    },
  );

  it('starts and ends within a few hundredths of a second of the voice, and pauses between sentences', async () => {
    const { pcm, words } = await speak('Good morning. Who is there?');
    expect(words[0]!.fromMs).toBeLessThanOrEqual(20);
    expect(pcm.length / 16 - words.at(-1)!.toMs).toBeLessThanOrEqual(20);
    const gap = words[2]!.fromMs - words[1]!.toMs;
    expect(gap).toBeGreaterThan(300);
    expect(gap).toBeLessThan(450);
    expect(level(pcm, words[1]!.toMs + 40, words[2]!.fromMs - 40)).toBe(0);
  });

  it('gives a number that is several words when spoken the time of all of them', async () => {
    const { words } = await speak('call 555-0142 now');
    expect(words.map((word) => word.text)).toEqual(['call', '555-0142', 'now']);
    expect(words[1]!.toMs - words[1]!.fromMs).toBeGreaterThan(1_500);
  });

  it('speaks faster and slower', async () => {
    const [fast, normal, slow] = await Promise.all(
      [2, 1, 0.5].map((speed) => speak('Good morning to you', { speed })),
    );
    expect(fast!.pcm.length / normal!.pcm.length).toBeCloseTo(0.5, 1);
    expect(slow!.pcm.length / normal!.pcm.length).toBeCloseTo(2, 0);
    expect(slow!.words.at(-1)!.toMs).toBeLessThanOrEqual(slow!.pcm.length / 16);
  });
});

describe('a TTS stream', () => {
  it('speaks clause by clause: each is announced before its audio and placed on the output line', async () => {
    const events = await utter(tts.stream(), ...text.match(/.{1,7}/gs)!);
    expect(events.at(-1)).toEqual({ t: 'done' });
    const clauses = events.flatMap((event) => (event.t === 'clause' ? [event.text] : []));
    expect(clauses.length).toBe(3);
    expect(clauses.join('')).toBe(text);
    let outMs = 0;
    for (const event of events) {
      if (event.t === 'audio') outMs += event.pcm.length / 16;
      if (event.t === 'clause' && event.words.length > 0) {
        expect(event.words[0]!.fromMs).toBeGreaterThanOrEqual(outMs);
        expect(event.words[0]!.fromMs).toBeLessThan(outMs + 40);
      }
    }
    expect(wordsOf(events).at(-1)!.toMs).toBeLessThanOrEqual(pcmOf(events).length / 16);
  });

  it('hands audio over in small pieces', async () => {
    const events = await utter(tts.stream(), 'This is a rather long sentence without a single stop in it');
    const lengths = events.flatMap((event) => (event.t === 'audio' ? [event.pcm.length] : []));
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(3_200);
  });

  it('emits nothing inside push and finish', async () => {
    const stream = tts.stream();
    const { events, next } = collect<TtsEvent>(stream);
    const over = next(ended);
    stream.push('One. ');
    stream.finish();
    expect(events).toEqual([]);
    await over;
    expect(events.length).toBeGreaterThan(2);
  });

  it('with nothing to say is done', async () => {
    expect(await utter(tts.stream())).toEqual([{ t: 'done' }]);
    expect(await utter(tts.stream(), '😀 ...')).toEqual([
      { t: 'clause', text: '😀 ...', words: [] },
      { t: 'done' },
    ]);
  });

  it('says nothing after close, and others go on', async () => {
    const stream = tts.stream();
    const other = tts.stream();
    const { events, next } = collect<TtsEvent>(stream);
    const first = next((event) => event.t === 'audio');
    stream.push(`${text} ${text}`);
    stream.finish();
    await first;
    stream.close();
    stream.close();
    stream.push('more');
    const before = events.length;
    const heard = await utter(other, text);
    expect(heard.at(-1)).toEqual({ t: 'done' });
    expect(events.length).toBe(before);
  });

  it('speaks the first clause of a new stream before the rest of a long one', async () => {
    const long = tts.stream();
    const short = tts.stream();
    const heard: string[] = [];
    long.onEvent((event) => event.t === 'clause' && heard.push(`long: ${event.text}`));
    const { next } = collect<TtsEvent>(short);
    const over = next(ended);
    for (let i = 0; i < 20; i++) long.push(`This is sentence number ${i}. `);
    short.push('Hello.');
    short.finish();
    await over;
    long.close();
    expect(heard.length).toBeLessThanOrEqual(3);
  });

  it('takes the same text to the same audio', async () => {
    const [one, two] = await Promise.all([utter(tts.stream(), text), utter(tts.stream(), text)]);
    expect(pcmOf(one)).toEqual(pcmOf(two));
  });

  it('refuses text after finish, unknown voices and impossible speeds', () => {
    const stream = tts.stream();
    stream.push('one');
    stream.finish();
    expect(() => stream.push('two')).toThrowError(expect.objectContaining({ code: 'illegal_command' }));
    stream.close();
    expect(() => tts.stream({ voice: 'nobody' })).toThrowError(
      expect.objectContaining({ code: 'option_invalid' }),
    );
    expect(() => tts.stream({ speed: 0 })).toThrowError(expect.objectContaining({ code: 'option_invalid' }));
    expect(() => embeddedTts({ workers: 0 })).toThrowError(
      expect.objectContaining({ code: 'option_invalid' }),
    );
  });

  it('fails when far too much text waits', async () => {
    const stream = tts.stream();
    const { next } = collect<TtsEvent>(stream);
    const failed = next((event) => event.t === 'failed');
    for (let i = 0; i < 60; i++) stream.push('a word or two and so on. '.repeat(50));
    expect(await failed).toMatchObject({ t: 'failed', error: { code: 'tts_failed' } });
  });

  it('is closed with its engine', async () => {
    const engine = embeddedTts();
    const stream = engine.stream();
    const { events } = collect<TtsEvent>(stream);
    stream.push('Good morning, everybody. ');
    await engine.close();
    await engine.close();
    expect(events.filter((event) => event.t === 'done')).toEqual([]);
    expect(() => engine.stream()).toThrowError(expect.objectContaining({ code: 'closed' }));
    await expect(engine.warmUp()).rejects.toMatchObject({ code: 'closed' });
  });
});
