import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geminiClientMachine } from '../../../src/wire/gemini/index.js';
import { ClientBench, config, frames, manual } from './harness.js';

type Step = (b: ClientBench) => void;

const server: Record<string, unknown> = {
  speech: frames.speech(240, ' word'),
  said: frames.said(' word'),
  heard: frames.heard('word '),
  thought: { serverContent: { modelTurn: { parts: [{ text: 'hm', thought: true }] } } },
  empty: frames.empty,
  nothing: {},
  prompt: frames.prompt(10),
  counts: { usageMetadata: { responseTokenCount: 3 } },
  generationComplete: frames.generationComplete,
  turnComplete: frames.turnComplete,
  interrupted: frames.interrupted,
  all: {
    serverContent: {
      ...frames.speech().serverContent,
      interrupted: true,
      generationComplete: true,
      turnComplete: true,
    },
  },
  waiting: { serverContent: { turnComplete: true, waitingForInput: true } },
  rejected: { serverContent: { turnComplete: true, turnCompleteReason: 'RESPONSE_REJECTED' } },
  call: frames.call('a'),
  calls: frames.call('b', 'c'),
  cancel: frames.cancel('a', 'b'),
  idle: { serverContent: { interactionStatus: 'IDLE' } },
  busy: { serverContent: { interactionStatus: 'IN_PROGRESS' } },
  junk: { serverContent: { modelTurn: { parts: 5 } } },
  voice: { voiceActivity: { type: 'ACTIVITY_START' } },
  silence: { voiceActivity: { type: 'ACTIVITY_END' } },
};

const answer =
  (call: string): Step =>
  (b) =>
    b.command({
      t: 'answer',
      cmd: b.nextCmd(),
      call,
      name: 'book',
      output: 'x',
      isError: false,
      more: false,
      then: 'auto',
    });

const ours: Record<string, Step> = {
  audio: (b) => b.audio(),
  reply: (b) => b.command({ t: 'reply', cmd: b.nextCmd() }),
  add: (b) =>
    b.command({
      t: 'item.add',
      cmd: b.nextCmd(),
      item: { kind: 'message', id: '', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
    }),
  start: (b) => b.command({ t: 'activity', cmd: b.nextCmd(), edge: 'start' }),
  end: (b) => b.command({ t: 'activity', cmd: b.nextCmd(), edge: 'end' }),
  discard: (b) => b.command({ t: 'activity', cmd: b.nextCmd(), edge: 'discard' }),
  configure: (b) => b.command({ t: 'configure', cmd: b.nextCmd(), patch: { instructions: 'x' } }),
  image: (b) =>
    b.command({ t: 'image', cmd: b.nextCmd(), data: new Uint8Array(1), mime: 'image/png', atMs: 0 }),
  flush: (b) => b.command({ t: 'activity', cmd: b.nextCmd(), edge: 'flush' }),
  wait: (b) =>
    b.command({
      t: 'answer',
      cmd: b.nextCmd(),
      call: 'c',
      name: 'book',
      output: 'x',
      isError: true,
      more: false,
      then: 'wait',
    }),
  muchLater: (b) => b.to(b.nowMs + 3000),
  stop: (b) => b.command({ t: 'stop', cmd: b.nextCmd() }),
  answerA: answer('a'),
  answerB: answer('b'),
  later: (b) => {
    b.nowMs += 300;
  },
};

const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(server).map((name) => `S ${name}`)) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(ours).map((name) => `C ${name}`)) },
  ),
  { maxLength: 40 },
);

function run(b: ClientBench, names: readonly string[]): void {
  for (const name of names) {
    const key = name.slice(2);
    if (name.startsWith('S')) b.server(server[key]);
    else ours[key]!(b);
  }
}

const settings = { automatic: config, manual, edges: { ...config, vendor: { explicitVadSignal: true } } };
const models = ['gemini-3.8-live', 'gemini-3.1-flash-live-preview', 'gemini-3.8-live-extended-thinking'];

describe.each(Object.keys(settings) as (keyof typeof settings)[])(
  '%s turns, any order of frames and commands',
  (mode) => {
    const opened = (model: string) => new ClientBench(geminiClientMachine({ model })).open(settings[mode]);

    it('every order of events is legal, and every command is answered', () => {
      fc.assert(
        fc.property(steps, fc.constantFrom(...models), (names, model) => {
          const b = opened(model);
          run(b, names);
          b.closed(1011);
          b.checker.finish();
          expect(b.checker.unanswered).toEqual([]);
        }),
        { numRuns: 200 },
      );
    });

    it('however a talk went, the next reply is heard from its first sample', () => {
      fc.assert(
        fc.property(steps, (names) => {
          const b = opened('gemini-3.8-live');
          run(b, names);
          // The last turn's end may be lost; the next reply comes later than anything late.
          b.nowMs += 500;
          b.take();
          b.server(frames.speech(77));
          expect(b.take().filter((line) => line.startsWith('audio'))).toHaveLength(1);
        }),
        { numRuns: 200 },
      );
    });

    it('at rest, a reply that is asked for is the cause of what comes next', () => {
      fc.assert(
        fc.property(steps, (names) => {
          const b = opened('gemini-3.8-live');
          run(b, names);
          b.nowMs += 500;
          // Ends whatever is open: calls, the turn, and, one by one, what is owed.
          b.server(frames.cancel('a', 'b', 'c'));
          b.server({ serverContent: { interactionStatus: 'IDLE' } });
          b.server(frames.interrupted);
          for (let owed = 0; owed <= names.length; owed++) b.server(frames.turnComplete);
          b.take();
          b.command({ t: 'reply', cmd: 'last' });
          b.server(frames.speech());
          expect(b.take().filter((line) => line.includes('started by'))).toEqual([
            expect.stringMatching(/^resp_\d+ started by last$/),
          ]);
        }),
        { numRuns: 200 },
      );
    });
  },
);
