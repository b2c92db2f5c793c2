import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioRing } from '../../src/cascade/audio-ring.js';
import { Chunker } from '../../src/cascade/chunker.js';
import { heardPart } from '../../src/cascade/heard-text.js';
import { anyVoice, Clauses, energyVad, loadScript, scriptStt, toneTts } from '../../src/cascade/index.js';
import { ConfigError } from '../../src/core/index.js';
import type { SttEvent, TtsEvent, VadEvent } from '../../src/speech/index.js';
import { drain, FakeClock } from '../../src/testing/index.js';

const cut = (pcm: Int16Array, sizes: readonly number[]): Int16Array[] => {
  const pieces: Int16Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(pcm.subarray(at, at + size));
    at += size;
  }
  return [...pieces, pcm.subarray(at)].filter((piece) => piece.length > 0);
};

describe('heardPart', () => {
  const text = 'At nine, ten (or so). Fine?';
  const words = ['At', 'nine', 'ten', 'or', 'so', 'Fine'].map((word, index) => ({
    text: word,
    fromMs: index * 200,
    toMs: index * 200 + 200,
  }));
  const by = (heardMs: number) => heardPart(text, words, heardMs, { heardText: 'x', spokenMs: 1200 });

  it.each([
    [0, ''],
    [99, ''],
    [100, 'At'],
    [320, 'At nine,'],
    [900, 'At nine, ten (or so).'],
    [5000, text],
  ])('%d ms -> %s', (heardMs, heard) => expect(by(heardMs)).toBe(heard));

  it('passes over words that were spoken otherwise than written', () => {
    const spoken = [
      { text: 'twelve', fromMs: 0, toMs: 100 },
      { text: 'cats', fromMs: 100, toMs: 200 },
    ];
    expect(heardPart('12 cats.', spoken, 200, { heardText: '', spokenMs: 200 })).toBe('12 cats.');
  });

  it('without word times believes the caller, else measures', () => {
    expect(heardPart(text, [], 500, { heardText: 'At', spokenMs: 1200 })).toBe('At');
    expect(heardPart('one two three four', [], 500, { heardText: '', spokenMs: 1000 })).toBe('one two');
    expect(heardPart('one two', [], 1000, { heardText: '', spokenMs: 1000 })).toBe('one two');
    expect(heardPart('one two', [], 0, { heardText: '', spokenMs: 0 })).toBe('');
  });
});

describe('AudioRing', () => {
  it('has the last samples of what was written, however it was cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.nat(250),
        (capacity, sizes, from) => {
          const line = Int16Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, i) => i);
          const ring = new AudioRing(capacity);
          for (const piece of cut(line, sizes)) ring.write(piece);
          expect(ring.end).toBe(line.length);
          expect([...ring.readFrom(from)]).toEqual([
            ...line.subarray(Math.max(from, line.length - capacity, 0)),
          ]);
        },
      ),
    );
  });
});

describe('Chunker', () => {
  it('loses nothing and makes no chunk longer than wanted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(50), { maxLength: 8 }), (size, sizes) => {
        const line = Int16Array.from({ length: sizes.reduce((sum, one) => sum + one, 0) }, (_, i) => i);
        const out: Int16Array[] = [];
        const chunker = new Chunker(size, (chunk) => out.push(chunk));
        for (const piece of cut(line, sizes)) chunker.push(piece);
        chunker.flush();
        expect(out.flatMap((chunk) => [...chunk])).toEqual([...line]);
        expect(out.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
      }),
    );
  });

  it('gathers small pieces, and holds back nothing of a large one', () => {
    const lengths: number[] = [];
    const chunker = new Chunker(10, (chunk) => lengths.push(chunk.length));
    for (let i = 0; i < 3; i++) chunker.push(new Int16Array(4));
    chunker.push(new Int16Array(25));
    expect(lengths).toEqual([10, 2, 10, 10, 5]);
  });
});

describe('Clauses', () => {
  it.each([
    ['One. Two, three! Four', ['One. ', 'Two, ', 'three! ', 'Four']],
    ['At 9:30, 1,000 or 3.5.', ['At 9:30, ', '1,000 or 3.5.']],
    ['He said "no." Then?', ['He said "no." ', 'Then?']],
    ['a\nb', ['a\n', 'b']],
    ['', []],
  ])('%s', (text, clauses) => {
    const cutter = new Clauses();
    expect([...cutter.push(text), ...cutter.flush()]).toEqual(clauses);
  });

  it('give the same text back, however it came', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c ,.\n]*$/)), (pieces) => {
        const cutter = new Clauses();
        const whole = new Clauses();
        const streamed = [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.flush()];
        expect(streamed).toEqual([...whole.push(pieces.join('')), ...whole.flush()]);
        expect(streamed.join('')).toBe(pieces.join(''));
      }),
    );
  });
});

describe('energyVad', () => {
  const rate = 16_000;
  const line = Int16Array.from({ length: rate * 3 }, (_, i) => {
    const ms = i / 16;
    const loud = (ms >= 300 && ms < 800) || (ms >= 1000 && ms < 1100) || (ms >= 2500 && ms < 2530);
    return loud ? Math.round(8000 * Math.sin(i / 3)) : 0;
  });

  function edges(pieces: readonly Int16Array[]): string[] {
    const told: string[] = [];
    const stream = energyVad().stream({ silenceMs: 300, minSpeechMs: 50 });
    stream.onEvent((event: VadEvent) => {
      if (event.t !== 'probability') told.push(`${event.t} ${event.atMs}`);
    });
    for (const piece of pieces) stream.push(piece);
    stream.close();
    return told;
  }

  it('speech -> pause -> speech -> silence is one turn; a click is none', () => {
    expect(edges([line])).toEqual(['speech_started 300', 'speech_stopped 1100']);
  });

  it('finds the same edges however the audio is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9000)), (sizes) => {
        expect(edges(cut(line, sizes))).toEqual(edges([line]));
      }),
      { numRuns: 20 },
    );
  });

  it('forgets on reset, keeps its position, and is silent when closed', () => {
    const told: VadEvent[] = [];
    const stream = energyVad().stream({ silenceMs: 300 });
    stream.onEvent((event) => {
      if (event.t !== 'probability') told.push(event);
    });
    stream.push(line.subarray(0, rate / 2));
    stream.reset();
    stream.push(line.subarray(rate / 2, rate));
    expect(told).toEqual([
      { t: 'speech_started', atMs: 300 },
      { t: 'speech_started', atMs: 500 },
    ]);
    stream.close();
    stream.push(line);
    expect(told).toHaveLength(2);
  });
});

describe('toneTts', () => {
  async function speak(pieces: readonly string[], close = false): Promise<TtsEvent[]> {
    const events: TtsEvent[] = [];
    const stream = toneTts({ msPerWord: 50, sampleRateHz: 8000 }).stream();
    stream.onEvent((event) => events.push(event));
    for (const piece of pieces) stream.push(piece);
    stream.finish();
    expect(events).toEqual([]);
    if (close) stream.close();
    await drain();
    return events;
  }

  it('tells each clause before its audio, on one line of time', async () => {
    const events = await speak(['One t', 'wo. Thr', 'ee']);
    expect(events.map((event) => event.t)).toEqual(['clause', 'audio', 'clause', 'audio', 'done']);
    const clauses = events.flatMap((event) => (event.t === 'clause' ? [event] : []));
    expect(clauses.map(({ text }) => text)).toEqual(['One two. ', 'Three']);
    expect(clauses[1]?.words).toEqual([{ text: 'Three', fromMs: 100, toMs: 150 }]);
    const audio = events.flatMap((event) => (event.t === 'audio' ? [event.pcm] : []));
    expect(audio.map((pcm) => pcm.length)).toEqual([800, 400]);
    expect(Math.max(...audio[0]!)).toBeGreaterThan(5000);
  });

  it('sounds the same again, and is silent when closed', async () => {
    expect(await speak(['One two.'])).toEqual(await speak(['One', ' two.']));
    expect(await speak(['One two.'], true)).toEqual([]);
  });
});

describe('scriptStt', () => {
  it('answers in the order of the flushes, also when the first is late', async () => {
    const clock = new FakeClock();
    const stt = scriptStt(
      [{ hears: 'one', faults: { transcriptionLateMs: 300 } }, { says: 'unheard' }, { hears: 'two words' }],
      clock,
    );
    const events: SttEvent[] = [];
    const stream = stt.stream();
    stream.onEvent((event) => {
      if (event.t !== 'interim') events.push(event);
    });
    for (let i = 0; i < 3; i++) {
      stream.push(new Int16Array(16_000));
      stream.flush();
    }
    await clock.advance(299);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(events.map((event) => (event.t === 'final' ? event.text : event.t))).toEqual([
      'one',
      'two words',
      '',
    ]);
    expect(events[1]).toMatchObject({
      words: [
        { text: 'two', fromMs: 0, toMs: 500 },
        { text: 'words', fromMs: 500, toMs: 1000 },
      ],
    });
  });
});

describe('loadScript', () => {
  const good = {
    name: 's',
    turns: [
      {
        hears: 'a',
        says: 'b',
        calls: [{ name: 'f', args: { x: 1 } }],
        thenSays: '{result.y}',
        faults: { response: 'mute' },
      },
    ],
    audioMsPerWord: 100,
  };
  it('takes a right one', () => expect(loadScript(good)).toBe(good));

  const turn = (more: object) => ({ turns: [{}, more] });
  it.each([
    ['', 'a script', 'must be an object'],
    ['turns', {}, 'must be a list'],
    ['turn', { turns: [], turn: 1 }, 'is not a field'],
    ['audioMsPerWord', { turns: [], audioMsPerWord: -1 }, 'milliseconds'],
    ['voices', { turns: [], voices: [] }, 'must not be empty'],
    ['turns[0]', { turns: ['x'] }, 'must be an object'],
    ['turns[1].says', turn({ says: 7 }), 'must be a text'],
    ['turns[1].say', turn({ say: 'x' }), 'is not a field'],
    ['turns[1].thenSays', turn({ thenSays: '{reslt.x}' }), "names 'reslt'"],
    ['turns[1].calls[0].name', turn({ calls: [{}] }), 'must be a text'],
    ['turns[1].calls[0].args', turn({ calls: [{ name: 'f', args: [] }] }), 'must be an object'],
    ['turns[1].faults.response', turn({ faults: { response: 'late' } }), 'must be one of'],
    ['turns[1].faults.responseLateMs', turn({ faults: { responseLateMs: 'x' } }), 'milliseconds'],
  ])('%s', (path, json, problem) => {
    expect(() => loadScript(json)).toThrow(ConfigError);
    expect(() => loadScript(json)).toThrow(path === '' ? problem : `${path} `);
    expect(() => loadScript(json)).toThrow(problem);
  });
});

describe('anyVoice', () => {
  it('a voice that the synthesiser has is kept, another means its default', () => {
    const asked: unknown[] = [];
    const tts = toneTts({ voices: ['low', 'high'] });
    const any = anyVoice({
      ...tts,
      stream: (options) => {
        asked.push(options);
        return tts.stream(options);
      },
    });
    any.stream({ voice: 'high', speed: 2 });
    any.stream({ voice: 'marin', speed: 2 });
    any.stream();
    expect(asked).toEqual([{ voice: 'high', speed: 2 }, { speed: 2 }, {}]);
    expect(any.voices).toEqual([]);
  });
});
