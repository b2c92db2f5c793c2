import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { SttEvent } from '../../../src/speech/contracts.js';
import { embeddedStt, speak } from '../../../src/speech/embedded/index.js';
import { appointmentStt, errorsOfCrowd, errorsOfVoice, hear, said } from './appointments.js';
import { answered, collect, padded, pushFrames } from './audio.js';

const stt = appointmentStt();
afterAll(() => stt.close());

describe('recognition of our own voices', () => {
  it.each(['rms', 'slt'])('%s: at most one word in twenty is wrong', async (voice) => {
    const { words, rate } = await errorsOfVoice(stt, said.slice(1, 4), voice);
    expect(words).toBeGreaterThan(25);
    expect(rate).toBeLessThanOrEqual(0.05);
  });

  it('says when each word was spoken, from the start of the utterance, however long the silence before', async () => {
    const { pcm, words: spoken } = await speak('What are your opening hours', { voice: 'rms' });
    const { result } = await hear(stt, padded(pcm, 1_500, 300));
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
    expect((await hear(stt, padded(pcm, 200, 300))).result).toMatchObject({
      text: 'restart the kubernetes cluster',
    });
    const name = await speak('my name is Anna Novak', { voice: 'rms' });
    expect((await hear(stt, padded(name.pcm, 200, 300))).result).toMatchObject({
      text: 'my name is anna novák',
    });
  });

  it('hears quiet and loud callers alike', async () => {
    const { pcm } = await speak(said[0]!, { voice: 'rms' });
    for (const gain of [0.03, 1.2])
      expect((await hear(stt, padded(pcm, 200, 300, gain))).result).toMatchObject({
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
    expect((await hear(stt, new Int16Array(32_000))).result).toEqual(nothing);
    expect((await hear(stt, noise)).result).toEqual(nothing);
    expect((await hear(stt, new Int16Array(0))).result).toEqual(nothing);
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
    expect((await errorsOfCrowd(stt, said.slice(0, 3))).rate).toBeLessThanOrEqual(0.05);
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
    await hear(stt, padded(pcm, 200, 300));
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
    await hear(stt, new Int16Array(320));
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

  it('leaves no files, wherever its start was when it was closed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'repartee-stt-'));
    vi.stubEnv('TMPDIR', folder);
    const engine = embeddedStt();
    try {
      const made = new Promise<void>((resolve) => {
        const watcher = watch(folder, () => {
          watcher.close();
          resolve();
        });
      });
      const started = engine.warmUp();
      await made;
      await Promise.all([engine.close(), expect(started).rejects.toMatchObject({ code: 'closed' })]);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await engine.close();
      await rm(folder, { recursive: true });
    }
  });

  it('refuses options out of range', () => {
    const refused = expect.objectContaining({ code: 'option_invalid' });
    expect(() => embeddedStt({ grammar: { sentences: [], weight: 1 } })).toThrowError(refused);
    expect(() => embeddedStt({ workers: 1.5 })).toThrowError(refused);
    expect(() => embeddedStt({ decoders: 17 })).toThrowError(refused);
  });
});
