import { describe, expect, it } from 'vitest';
import type { Word } from '../../../src/chat/item.js';
import { speak } from '../../../src/speech/embedded/index.js';
import { OpeningReader } from '../../../src/speech/embedded/openings/openings.js';
import { DecoderPool } from '../../../src/speech/embedded/stt/decoder-pool.js';
import { Recognizer } from '../../../src/speech/embedded/stt/recognizer.js';
import { sileroWeights } from '../../../src/speech/embedded/vad/silero-weights.js';
import type { FromStt } from '../../../src/speech/embedded/worker/protocol.js';

/** Understands how many samples it heard; says in `log` what was done with it. */
class Counter {
  samples = 0;
  broken = false;
  constructor(
    readonly name: string,
    readonly log: string[],
  ) {}
  async forget() {
    this.log.push(`${this.name} forgets`);
  }
  start() {
    this.samples = 0;
    this.log.push(`${this.name} starts`);
  }
  hear(samples: Float32Array) {
    if (this.broken) throw new Error('out of memory');
    this.samples += samples.length;
  }
  text() {
    return String(this.samples);
  }
  end(): { text: string; words: Word[] } {
    const word = { text: String(this.samples), fromMs: 0, toMs: this.samples / 16 };
    this.log.push(`${this.name} ends`);
    return { text: word.text, words: [word] };
  }
}

/** Has heard an order as soon as it has heard anything. */
class Opener extends Counter {
  tokens() {
    return this.samples > 0 ? ['command:stop'] : [];
  }
  endTokens(): Word[] {
    this.log.push(`${this.name} ends`);
    return [{ text: 'command:stop', fromMs: 0, toMs: 100 }];
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function setUp(limit: number, openers = 0) {
  const log: string[] = [];
  const made: Counter[] = [];
  const posted: FromStt[] = [];
  const pool = new DecoderPool(
    async () => {
      const counter = new Counter(`d${made.length}`, log);
      made.push(counter);
      return counter;
    },
    limit,
    () => {},
  );
  await pool.grow();
  let ids = 0;
  const openings = new DecoderPool(
    async () => new Opener(`o${ids++}`, log),
    openers,
    () => {},
  );
  if (openers > 0) await openings.grow();
  const reader = new OpeningReader({ backchannels: [], commands: ['stop'] });
  const ears = openers > 0 ? { pool: openings, reader } : undefined;
  const post = (message: FromStt) => posted.push(message);
  const recognizer = new Recognizer(sileroWeights(), pool, post, undefined, ears);
  /** Runs until there is nothing to do, decoders that were wanted included. */
  const run = async () => {
    for (let i = 0; i < 10_000; i++) {
      if (recognizer.step()) continue;
      await settled();
      if (!recognizer.step()) return;
    }
    throw new Error('it never rests');
  };
  const say = (stream: number) => {
    for (let at = 0; at < clip.length; at += 1_600)
      recognizer.take({ t: 'audio', stream, pcm: clip.slice(at, at + 1_600) });
  };
  const results = () => posted.filter((message) => message.t === 'final' || message.t === 'failed');
  return { recognizer, pool, made, posted, log, run, say, results };
}

const clip = (await speak('Good morning, this is one whole second of speech.', { voice: 'kal16' })).pcm;

describe('recognition of many streams', () => {
  it('decodes every sample of a clip that starts with speech', async () => {
    const { recognizer, run, say, results } = await setUp(1);
    say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    expect(results()).toMatchObject([{ t: 'final', stream: 1, utterance: 0, text: String(clip.length) }]);
  });

  it('skips the silence before speech and says where the words are all the same', async () => {
    const { recognizer, run, say, results } = await setUp(1);
    for (let i = 0; i < 20; i++) recognizer.take({ t: 'audio', stream: 1, pcm: new Int16Array(1_600) });
    say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    const [final] = results();
    if (final?.t !== 'final') throw new Error('no final');
    const { fromMs, toMs } = final.words[0]!;
    expect(fromMs).toBeGreaterThan(1_400);
    expect(fromMs).toBeLessThan(2_000);
    expect(toMs).toBeCloseTo(2_000 + clip.length / 16, 0);
  });

  it('takes a flushed utterance before those that go on, and finals in the order of the flushes', async () => {
    const { recognizer, run, say, results, posted } = await setUp(4);
    for (const stream of [1, 2, 3, 4]) say(stream);
    recognizer.take({ t: 'flush', stream: 3 });
    recognizer.take({ t: 'flush', stream: 2 });
    await run();
    expect(results().map((message) => message.stream)).toEqual([3, 2]);
    const third = posted.findIndex((message) => message.t === 'final' && message.stream === 3);
    // Nobody else got as far as an interim text before.
    expect(posted.slice(0, third).filter((message) => message.t === 'interim')).toEqual([]);
  });

  it('gives streams that go on their turns alike', async () => {
    const { recognizer, pool, say, made } = await setUp(2);
    await pool.grow();
    say(1);
    say(2);
    for (let i = 0; i < 10; i++) recognizer.step();
    expect(made.map((decoder) => decoder.samples)).toEqual([8_000, 8_000]);
  });

  it('makes more decoders up to the limit, and lets the others wait', async () => {
    const { recognizer, run, say, results, made } = await setUp(2);
    for (const stream of [1, 2, 3]) say(stream);
    await run();
    expect(made.length).toBe(2);
    for (const stream of [1, 2, 3]) recognizer.take({ t: 'flush', stream });
    await run();
    expect(results().map((message) => message.stream)).toEqual([1, 2, 3]);
    expect(made.length).toBe(2);
  });

  it('gives a stream the decoder that knows it, and makes one forget before another stream gets it', async () => {
    const { recognizer, run, say, log } = await setUp(1);
    for (const stream of [1, 1, 2]) {
      say(stream);
      recognizer.take({ t: 'flush', stream });
      await run();
    }
    expect(log).toEqual([
      'd0 starts',
      'd0 ends',
      'd0 starts',
      'd0 ends',
      'd0 forgets',
      'd0 starts',
      'd0 ends',
    ]);
  });

  it('gives decoders back on discard and on close', async () => {
    const { recognizer, run, say, results } = await setUp(1);
    say(1);
    await run();
    recognizer.take({ t: 'discard', stream: 1 });
    say(2);
    await run();
    recognizer.take({ t: 'close', stream: 2 });
    say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    expect(results()).toMatchObject([{ t: 'final', stream: 1, utterance: 1 }]);
  });

  it('reports a decoder that broke, throws it away, and goes on with another', async () => {
    const { recognizer, run, say, results, made } = await setUp(1);
    made[0]!.broken = true;
    say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    expect(results()).toMatchObject([
      { t: 'failed', stream: 1, utterance: 0, message: 'soundswallower: out of memory' },
    ]);
    say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    expect(results()[1]).toMatchObject({ t: 'final', stream: 1, utterance: 1, text: String(clip.length) });
    expect(made.length).toBe(2);
  });

  it('tells the sender of all audio that it may forget', async () => {
    const { recognizer, run, say, posted } = await setUp(1);
    const sent = clip.length * 8;
    for (let i = 0; i < 4; i++) say(1);
    await run();
    for (let i = 0; i < 2; i++) say(1);
    recognizer.take({ t: 'discard', stream: 1 });
    for (let i = 0; i < 2; i++) say(1);
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    const told = posted.reduce((sum, message) => sum + (message.t === 'consumed' ? message.samples : 0), 0);
    expect(sent - told).toBeLessThan(8_000);
    expect(told).toBeLessThanOrEqual(sent);
  });

  it('hears with a decoder of its own how an utterance begins, and understands what was nothing else', async () => {
    const { recognizer, run, posted, log, results } = await setUp(1, 1);
    recognizer.take({ t: 'audio', stream: 1, pcm: clip.slice(0, 16_000) });
    await run();
    const told = posted.filter((message) => message.t === 'opening');
    expect(told.length).toBeGreaterThan(5);
    expect(told[0]).toMatchObject({ stream: 1, utterance: 0, opening: { is: 'command', isWhole: true } });
    recognizer.take({ t: 'flush', stream: 1 });
    await run();
    expect(results()).toMatchObject([{ t: 'final', text: 'stop', words: [{ text: 'stop' }] }]);
    expect(log).toEqual(['d0 starts', 'o0 starts', 'd0 ends', 'o0 ends']);
  });

  it('goes without where no such decoder is free, and gives them back however an utterance ends', async () => {
    const { recognizer, run, say, log } = await setUp(3, 1);
    const stop = (stream: number) => {
      for (let i = 0; i < 4; i++) say(stream);
      recognizer.take({ t: 'flush', stream });
    };
    // Too long for an opening, discarded, closed.
    for (const end of [stop, discard, close]) {
      say(1);
      say(2);
      await run();
      end(1);
      discard(2);
      await run();
    }
    function discard(stream: number) {
      recognizer.take({ t: 'discard', stream });
    }
    function close(stream: number) {
      recognizer.take({ t: 'close', stream });
    }
    const used = log.filter((line) => /^o0 (starts|ends)/.test(line));
    expect(used.length).toBeGreaterThanOrEqual(6);
    expect(used).toEqual(used.map((_, i) => (i % 2 === 0 ? 'o0 starts' : 'o0 ends')));
    expect(used.at(-1)).toBe('o0 ends');
    expect(log).not.toContain('o1 starts');
  });
});
