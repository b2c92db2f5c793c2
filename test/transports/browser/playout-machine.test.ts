import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pure } from '../../../src/core/index.js';
import { playoutStep } from '../../../src/transports/browser/playout-machine.js';
import {
  type PlayoutEffect,
  type PlayoutInput,
  type PlayoutState,
  playoutState,
} from '../../../src/transports/browser/playout-state.js';

/** At 1000 Hz a sample is a millisecond. */
const fresh = (over: { leadMs?: number; maxQueuedMs?: number } = {}): PlayoutState =>
  playoutState({ sampleRateHz: 1000, leadMs: 500, maxQueuedMs: 5000, clearTimeoutMs: 300, ...over });

const step = pure<PlayoutState, PlayoutInput, PlayoutEffect>(playoutStep);

/** Runs inputs, gives the state and the effects of the last one. */
function run(inputs: PlayoutInput[], start = fresh()): [PlayoutState, PlayoutEffect[]] {
  let state = start;
  let effects: PlayoutEffect[] = [];
  for (const input of inputs) [state, effects] = step(state, input);
  return [state, effects];
}

const write = (samples: number, atMs = 0): PlayoutInput => ({ t: 'write', samples, atMs });
const flush = (id: number, atMs = 0): PlayoutInput => ({ t: 'flush', id, atMs });
const clear = (id: number, atMs = 0): PlayoutInput => ({ t: 'clear', id, atMs });
const tick = (atMs: number): PlayoutInput => ({ t: 'tick', atMs });
const position = (pageSamples: number, atMs = 0): PlayoutInput => ({
  t: 'played',
  phase: 'position',
  pageSamples,
  atMs,
});
const cleared = (id: number, pageSamples: number, atMs = 0): PlayoutInput => ({
  t: 'cleared',
  id,
  pageSamples,
  atMs,
});

const rows: [arrow: string, inputs: PlayoutInput[], effects: PlayoutEffect[]][] = [
  ['idle -> write -> sent at once', [write(200)], [{ t: 'send', samples: 200 }]],
  ['idle -> write over the lead -> the lead is sent', [write(800)], [{ t: 'send', samples: 500 }]],
  [
    'lead used up -> position -> as much more',
    [write(800), position(100, 100)],
    [
      { t: 'report', phase: 'position', playedMs: 100 },
      { t: 'send', samples: 100 },
    ],
  ],
  [
    'flush inside the lead -> in its place',
    [write(600), flush(1), write(10), position(200, 200)],
    [
      { t: 'report', phase: 'position', playedMs: 200 },
      { t: 'send', samples: 100 },
      { t: 'send_flush', id: 1 },
      { t: 'send', samples: 10 },
    ],
  ],
  [
    'all played -> finished',
    [write(200), flush(1), position(200, 250)],
    [
      { t: 'report', phase: 'position', playedMs: 200 },
      { t: 'report', phase: 'finished', playedMs: 200 },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'nothing unplayed -> flush -> finished at once',
    [write(200), position(200, 200), flush(1, 300)],
    [
      { t: 'send_flush', id: 1 },
      { t: 'report', phase: 'finished', playedMs: 200 },
    ],
  ],
  [
    'playing -> clear -> asks the page',
    [write(800), position(100, 100), clear(1, 120)],
    [{ t: 'discard' }, { t: 'send_clear', id: 1 }, { t: 'wake', atMs: 420 }],
  ],
  [
    'nothing unplayed -> clear -> settled without asking',
    [write(200), position(200, 200), clear(1, 300)],
    [{ t: 'discard' }, { t: 'settled', id: 1, playedMs: 200, estimated: false }],
  ],
  [
    'clear open -> cleared -> exact',
    [write(800), position(100, 100), clear(1, 120), cleared(1, 131, 140)],
    [
      { t: 'settled', id: 1, playedMs: 131, estimated: false },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'clear open -> deadline -> estimate by the clock',
    [write(800), position(100, 100), clear(1, 120), tick(420)],
    [
      { t: 'settled', id: 1, playedMs: 120, estimated: true },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'clear open -> a report from before it -> a better estimate',
    [write(800), position(100, 100), clear(1, 120), position(140, 150), tick(420)],
    [
      { t: 'settled', id: 1, playedMs: 140, estimated: true },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'clear open -> write -> sent behind it, the line goes on where the clear ended',
    [write(800), position(100, 100), clear(1, 120), write(50, 121), cleared(1, 131, 140), position(141, 160)],
    [{ t: 'report', phase: 'position', playedMs: 141 }],
  ],
  [
    'estimated -> late answer -> later reports stay on the line that was told',
    [
      write(800),
      position(100, 100),
      clear(1, 120),
      tick(420),
      write(50, 430),
      cleared(1, 150, 440),
      position(160, 460),
    ],
    [{ t: 'report', phase: 'position', playedMs: 130 }],
  ],
  [
    'two clears open -> answers in order -> each with its own position',
    [
      write(400),
      position(50, 50),
      clear(1, 60),
      write(100, 61),
      clear(2, 70),
      cleared(1, 62, 80),
      cleared(2, 65, 90),
    ],
    [
      { t: 'settled', id: 2, playedMs: 65, estimated: false },
      { t: 'wake', atMs: null },
    ],
  ],
  ['answer to no clear -> nothing', [write(100), cleared(9, 3)], []],
  [
    'position over what was sent -> clamped',
    [write(200), position(9999, 10)],
    [{ t: 'report', phase: 'position', playedMs: 200 }],
  ],
  ['position going back -> nothing', [write(200), position(100, 10), position(50, 20)], []],
  ['too much queued -> refused', [write(5501)], [{ t: 'refuse', samples: 5501 }]],
  [
    'page silent for 2 s over its time -> gone by, and what it holds is dropped',
    [write(800), flush(1), tick(2800)],
    [
      { t: 'report', phase: 'finished', playedMs: 800 },
      { t: 'discard' },
      { t: 'send_clear', id: 0 },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'gone by -> the page wakes -> reports stay on the line',
    [write(800), flush(1), tick(2800), write(100, 2900), cleared(0, 20, 3000), position(50, 3010)],
    [{ t: 'report', phase: 'position', playedMs: 830 }],
  ],
  [
    'gone by -> clear -> the page is asked all the same',
    [write(800), flush(1), tick(2800), clear(1, 2900)],
    [{ t: 'discard' }, { t: 'send_clear', id: 1 }, { t: 'wake', atMs: 3200 }],
  ],
  [
    'clear open -> end -> settled by estimate',
    [write(400), position(100, 100), clear(1, 150), { t: 'end', atMs: 160 }],
    [
      { t: 'settled', id: 1, playedMs: 150, estimated: true },
      { t: 'wake', atMs: null },
    ],
  ],
  // Here 500 are sent, 5000 queued, 60 refused: a hole at 5500.
  [
    'a hole -> its place on the line is gone by with what was before it',
    [write(500), write(5000), write(60), flush(1), ...playOn(5500)],
    [
      { t: 'report', phase: 'position', playedMs: 5560 },
      { t: 'report', phase: 'finished', playedMs: 5560 },
      { t: 'wake', atMs: null },
    ],
  ],
  [
    'a hole -> cleared before it -> as if it had not been',
    [write(500), write(5000), write(60), position(100), clear(1), cleared(1, 120), write(50), position(130)],
    [{ t: 'report', phase: 'position', playedMs: 130 }],
  ],
  [
    'behind a hole -> clear -> the position counts it',
    [
      write(500),
      write(5000),
      write(60),
      ...playOn(5500),
      write(100),
      position(5510),
      clear(1),
      cleared(1, 5520),
    ],
    [
      { t: 'settled', id: 1, playedMs: 5580, estimated: false },
      { t: 'wake', atMs: null },
    ],
  ],
];

/** The page plays on, reporting often enough that the lead never runs out. */
function playOn(until: number): PlayoutInput[] {
  const inputs: PlayoutInput[] = [];
  for (let at = 500; at <= until; at += 500) inputs.push(position(at));
  return inputs;
}

describe('playout machine', () => {
  it.each(rows)('%s', (_, inputs, effects) => {
    expect(run(inputs)[1]).toEqual(effects);
  });

  it('opens at most 32 clears on a page that never answers', () => {
    const inputs: PlayoutInput[] = [];
    for (let id = 1; id <= 200; id++) inputs.push(write(100), clear(id));
    expect(run(inputs)[0].clears.length).toBe(32);
  });
});

/**
 * A page as the protocol describes it: takes what was sent in order, plays it at its own pace, answers after a delay.
 * The properties compare what the machine says with what this page did.
 */
type Act =
  | { a: 'write'; samples: number }
  | { a: 'flush' }
  | { a: 'clear' }
  | { a: 'deliver' } // one message of the server reaches the page
  | { a: 'play'; samples: number }
  | { a: 'answer' }; // one message of the page reaches the server

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ a: fc.constant('write' as const), samples: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ a: fc.constant('play' as const), samples: fc.integer({ min: 1, max: 300 }) }),
  fc.constantFrom<Act>({ a: 'flush' }, { a: 'clear' }, { a: 'deliver' }, { a: 'answer' }),
);

type Sent = { audio: number } | { clear: number } | { flush: number };

describe('playout machine with any page that keeps to the protocol', () => {
  it('tells the exact position after each clear, never sends more than the lead, loses nothing', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 150 }), (acts) => {
        const state = fresh({ maxQueuedMs: 1e9 });
        const wire: Sent[] = [];
        const back: PlayoutInput[] = [];
        let [queued, played, nextId, queuedHere] = [0, 0, 1, 0];
        const truth = new Map<number, number>();
        const told = new Map<number, number>();
        let finished = 0;
        let flushes = 0;

        const feed = (input: PlayoutInput) => {
          const fx: PlayoutEffect[] = [];
          playoutStep(state, input, fx);
          for (const effect of fx) {
            if (effect.t === 'send') {
              queuedHere -= effect.samples;
              wire.push({ audio: effect.samples });
            }
            if (effect.t === 'send_clear') wire.push({ clear: effect.id });
            if (effect.t === 'send_flush') wire.push({ flush: effect.id });
            if (effect.t === 'discard') queuedHere = 0;
            if (effect.t === 'report' && effect.phase === 'finished') finished += 1;
            if (effect.t === 'settled') {
              expect(effect.estimated).toBe(false);
              told.set(effect.id, effect.playedMs);
              if (!truth.has(effect.id)) truth.set(effect.id, played);
            }
          }
          expect(queuedHere).toBe(state.written - state.sent);
          expect(state.sent - state.played).toBeLessThanOrEqual(500);
        };
        const deliver = () => {
          const message = wire.shift();
          if (message === undefined) return;
          if ('audio' in message) queued += message.audio;
          if ('clear' in message) {
            queued = 0;
            truth.set(message.clear, played);
            back.push(cleared(message.clear, played));
          }
        };
        const play = (samples: number) => {
          const n = Math.min(samples, queued);
          if (n === 0) return;
          queued -= n;
          played += n;
          back.push(position(played));
        };
        const answer = () => {
          const input = back.shift();
          if (input !== undefined) feed(input);
        };

        for (const a of acts) {
          if (a.a === 'write') {
            queuedHere += a.samples;
            feed(write(a.samples));
          } else if (a.a === 'flush') {
            flushes += 1;
            feed(flush(nextId++));
          } else if (a.a === 'clear') {
            finished += state.flushes.length;
            feed(clear(nextId++));
          } else if (a.a === 'deliver') deliver();
          else if (a.a === 'play') play(a.samples);
          else answer();
        }
        // Everything still under way arrives and is played.
        for (let i = 0; i < 2000 && wire.length + back.length + queued > 0; i++) {
          deliver();
          play(1000);
          answer();
        }
        expect(told).toEqual(truth);
        expect(state.clears).toEqual([]);
        expect(state.written).toBe(state.played);
        expect(state.cutAt + state.played).toBe(played);
        expect(finished).toBe(flushes);
      }),
      { numRuns: 300 },
    );
  });
});
