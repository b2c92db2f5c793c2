import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlaybackCore, type PlaybackEvent } from '../../src/client/playback-core.js';

const sampleRateHz = 24_000;
const make = (over: { maxSamples?: number; prebufferSamples?: number } = {}) =>
  createPlaybackCore({ sampleRateHz, maxSamples: 1e9, prebufferSamples: 480, ...over });

/** Samples that tell their own place: 1, 2, 3 … never 0, as the loudspeaker would play them. */
const ramp = (from: number, length: number) =>
  Int16Array.from({ length }, (_, i) => ((from + i) % 30_000) + 1);
const asPlayed = (pcm: Int16Array) => Array.from(pcm, (v) => v / 32768);

function pull(core: ReturnType<typeof make>, quanta = 1, length = 128): number[] {
  const heard: number[] = [];
  for (let i = 0; i < quanta; i++) {
    const out = new Float32Array(length).fill(9);
    core.pull(out);
    heard.push(...out);
  }
  return heard;
}

const names = (events: PlaybackEvent[]) => events.map((event) => event.t);

describe('playback', () => {
  it('silence -> silence', () => {
    const core = make();
    expect(pull(core, 3)).toEqual(new Array(384).fill(0));
    expect(core.take()).toEqual([]);
  });

  it('too little to begin -> waits; enough -> begins with the first sample', () => {
    const core = make();
    core.write(ramp(0, 400));
    expect(pull(core, 2).every((v) => v === 0)).toBe(true);
    core.write(ramp(400, 200));
    expect(pull(core)).toEqual(asPlayed(ramp(0, 128)));
    expect(core.take()).toEqual([{ t: 'started', playedSamples: 0 }]);
  });

  it('too little, but the utterance is over -> begins', () => {
    const core = make();
    core.write(ramp(0, 100));
    core.flush(5);
    expect(pull(core).slice(0, 100)).toEqual(asPlayed(ramp(0, 100)));
    expect(core.take()).toEqual([
      { t: 'started', playedSamples: 0 },
      { t: 'finished', flush: 5, playedSamples: 100 },
      { t: 'stopped', why: 'finished', playedSamples: 100 },
    ]);
  });

  it('too little, and nothing more comes -> begins after as long a wait', () => {
    const core = make();
    core.write(ramp(0, 100));
    pull(core, 4);
    expect(names(core.take())).toEqual(['started', 'stopped']);
    expect(core.playedSamples).toBe(100);
  });

  it('a flush of nothing -> finished at once', () => {
    const core = make();
    core.flush(1);
    pull(core);
    expect(core.take()).toEqual([{ t: 'finished', flush: 1, playedSamples: 0 }]);
  });

  it('two utterances on end -> finished of the first at its place, no silence between', () => {
    const core = make();
    core.write(ramp(0, 500));
    core.flush(1);
    core.write(ramp(500, 500));
    core.flush(2);
    expect(pull(core, 8).slice(0, 1000)).toEqual(asPlayed(ramp(0, 1000)));
    expect(core.take().filter((event) => event.t === 'finished')).toEqual([
      { t: 'finished', flush: 1, playedSamples: 500 },
      { t: 'finished', flush: 2, playedSamples: 1000 },
    ]);
  });

  it('the network is late -> underrun, and the next beginning waits for more', () => {
    const core = make();
    core.write(ramp(0, 500));
    pull(core, 4);
    expect(core.take().at(-1)).toEqual({ t: 'stopped', why: 'underrun', playedSamples: 500 });
    expect(core.underruns).toBe(1);
    core.write(ramp(500, 600));
    expect(pull(core).at(-1)).toBe(0);
    core.write(ramp(1100, 400));
    expect(pull(core)).toEqual(asPlayed(ramp(500, 128)));
  });

  it('positions come at least every 50 ms, with the level of what was played', () => {
    const core = make();
    core.write(new Int16Array(24_000).fill(16_384));
    pull(core, 188);
    const positions = core.take().filter((event) => event.t === 'position');
    expect(positions.length).toBeGreaterThanOrEqual(18);
    for (const event of positions) expect(event).toMatchObject({ level: 0.5 });
  });

  it('more than can be kept -> the rest is dropped and said', () => {
    const core = make({ maxSamples: 1000 });
    core.write(ramp(0, 900));
    core.write(ramp(900, 300));
    core.write(ramp(1200, 10));
    expect(core.take()).toEqual([
      { t: 'overflow', droppedSamples: 200 },
      { t: 'overflow', droppedSamples: 10 },
    ]);
    expect(core.queuedSamples).toBe(1000);
  });

  it('clear -> silent within one quantum, without a jump', () => {
    const core = make();
    core.write(new Int16Array(24_000).fill(20_000));
    pull(core, 10);
    expect(core.clear()).toBe(1280);
    const tail = pull(core);
    expect(tail.at(-1)).toBe(0);
    expect(tail.slice(64).every((v) => v === 0)).toBe(true);
    let before = 20_000 / 32768;
    for (const v of tail) {
      expect(Math.abs(before - v)).toBeLessThan(0.1);
      before = v;
    }
    expect(pull(core, 5).every((v) => v === 0)).toBe(true);
    expect(core.playedSamples).toBe(1280);
  });
});

type Act = { a: 'write'; n: number } | { a: 'pull'; n: number } | { a: 'flush' } | { a: 'clear' };
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ a: fc.constant('write' as const), n: fc.nat(700) }),
  fc.record({ a: fc.constant('pull' as const), n: fc.integer({ min: 1, max: 300 }) }),
  fc.constantFrom<Act>({ a: 'flush' }, { a: 'clear' }),
);

describe('playback, under any chunking and any clears', () => {
  it('plays each sample once, in order, counts exactly, and nothing from before a clear after it', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), fc.nat(1000), (acts, prebufferSamples) => {
        const core = make({ prebufferSamples });
        let written = 0;
        /** Ramp values that are still to be heard, oldest first. */
        let due: number[] = [];
        let heard = 0;
        let lastReported = 0;
        const finished: number[] = [];
        let flushes: { id: number; at: number }[] = [];
        const expectFinished: number[] = [];
        let id = 0;

        const listen = (out: number[]) => {
          // Sound is a prefix of what is due; the tail behind it only falls towards zero.
          const playedNow = core.playedSamples - heard;
          const sound = due.splice(0, playedNow);
          // Sound begins after the waiting silence and, if it ends, is followed by the tail.
          const start = out.findIndex((v, i) => sound.length > 0 && v === sound[0] && same(out, i, sound));
          if (sound.length > 0) expect(start).toBeGreaterThanOrEqual(0);
          heard = core.playedSamples;
          for (const event of core.take()) {
            if (event.t === 'finished') finished.push(event.flush);
            if ('playedSamples' in event) {
              expect(event.playedSamples).toBeGreaterThanOrEqual(lastReported);
              expect(event.playedSamples).toBeLessThanOrEqual(heard);
              lastReported = event.playedSamples;
            }
          }
          expectFinished.push(...flushes.filter((f) => f.at <= heard).map((f) => f.id));
          flushes = flushes.filter((f) => f.at > heard);
          expect(finished).toEqual(expectFinished);
        };

        for (const a of acts) {
          if (a.a === 'write') {
            const pcm = ramp(written, a.n);
            written += a.n;
            due.push(...asPlayed(pcm));
            core.write(pcm);
          } else if (a.a === 'flush') {
            id += 1;
            flushes.push({ id, at: heard + due.length });
            core.flush(id);
          } else if (a.a === 'clear') {
            expect(core.clear()).toBe(heard);
            due = [];
            flushes = [];
            core.take();
          } else listen(pull(core, 1, a.n));
          expect(core.playedSamples + core.queuedSamples).toBe(heard + due.length);
        }
        for (let i = 0; i < 1000 && due.length > 0; i++) listen(pull(core));
        expect(due).toEqual([]);
      }),
    );
  });
});

function same(out: number[], at: number, sound: number[]): boolean {
  return sound.every((v, i) => out[at + i] === v);
}
