import { expect } from 'vitest';
import type { AgentEvents, AgentSessionOptions, InterruptionOptions } from '../../../src/agent/index.js';
import { type Script, type ScriptTurn, scriptStt } from '../../../src/cascade/index.js';
import type { Opening, STT, SttEvent } from '../../../src/speech/index.js';
import { call } from '../ears/bench.js';
import { speechLike } from './sounds.js';

export const long =
  'We open at nine and close at five on every day of the week but Sunday, when nobody is here at all.';

/** Of that, where each word takes 200 ms. */
export const longMs = long.split(' ').length * 200;

export interface LongAnswerOptions {
  interruption?: InterruptionOptions;
  /** After the first, which is answered at length. */
  turns?: ScriptTurn[];
  script?: Partial<Script>;
  hearing?: (stt: STT) => STT;
  session?: Partial<AgentSessionOptions>;
}

/** The recogniser, but it says nothing before it has heard all. */
export function slow(stt: STT): STT {
  return {
    ...stt,
    stream(options) {
      const stream = stt.stream(options);
      return {
        push: (pcm) => stream.push(pcm),
        flush: () => stream.flush(),
        discard: () => stream.discard(),
        close: () => stream.close(),
        onEvent: (listener) => stream.onEvent((event) => event.t !== 'interim' && listener(event)),
      };
    },
  };
}

/** The same, but with everything it hears it tells that this is how the utterance begins. */
export function opening(is: Opening['is']): (stt: STT) => STT {
  return (stt) => ({
    ...stt,
    stream(options) {
      const stream = slow(stt).stream(options);
      let tell: (event: SttEvent) => void = () => {};
      return {
        push(pcm) {
          stream.push(pcm);
          tell({ t: 'opening', is, isWhole: true, count: 1 });
        },
        flush: () => stream.flush(),
        discard: () => stream.discard(),
        close: () => stream.close(),
        onEvent(listener) {
          tell = listener;
          stream.onEvent(listener);
        },
      };
    },
  });
}

/** A call in which the agent gives a long answer to the first turn; `heard` is what a recogniser beside the model understands. */
export async function longAnswer(heard: readonly string[], options: LongAnswerOptions = {}) {
  const { interruption = {}, turns = [], script = {}, hearing = (stt: STT) => stt, session = {} } = options;
  const lines = ['when do you open', ...heard].map((hears) => ({ hears }));
  const bench = await call(
    { turns: [{ hears: 'when do you open', says: long }, ...turns], otherwise: 'Something else.', ...script },
    {
      defaults: { transcription: null },
      session: (clock) => ({ interruption, stt: hearing(scriptStt(lines, clock)), ...session }),
    },
  );
  const decided: AgentEvents['interruption_decided'][] = [];
  bench.session.on('interruption_decided', (event) => decided.push(event));
  const { clock, transport } = bench;
  const hear = async (pcm: Int16Array, thenMs = 0) => {
    void transport.say(pcm);
    await clock.advance(pcm.length / 24 + thenMs);
  };
  await hear(speechLike(600), 500);
  await clock.advance(100);
  expect(bench.session.agentState).toBe('speaking');
  const isSilent = async () => {
    const before = transport.heard().length;
    await clock.advance(100);
    return transport.heard().length === before;
  };
  const named = () => decided.map(({ decision, reason }) => `${decision} for ${reason}`);
  const heardMs = () => transport.heard().length / 24;
  return { ...bench, decided, named, hear, isSilent, heardMs };
}
