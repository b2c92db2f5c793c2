import { describe, expect, test } from 'vitest';
import {
  AgentSession,
  type GuardrailOptions,
  type GuardrailVerdict,
  type OutputGuardrail,
} from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { ConfigError } from '../../../src/core/index.js';
import type { Dialler, Event } from '../../../src/realtime/index.js';
import { overLink } from '../../../src/testing/over-link.js';
import { call, tones, voice } from './call.js';

const says = 'We open at nine. The code of the door is four seven one. Goodbye.';
const script = {
  turns: [
    { hears: 'when do you open', says },
    { hears: 'thanks', says: 'You are welcome.' },
  ],
};
const secret: OutputGuardrail = (text) => (text.includes('code') ? 'stop' : 'ok');

/** A model that says nothing of its words before all of its speech is out. */
function mumbling(model: Dialler): Dialler {
  return {
    ...model,
    async dial(context) {
      const link = await model.dial(context);
      const late: Event[] = [];
      return overLink(link, {
        send: (command) => link.send(command),
        onEvent: (listener) =>
          link.onEvent((event) => {
            if (event.t === 'said') late.push(event);
            else {
              const isEnd = event.t === 'part' && event.phase === 'done';
              if (isEnd) for (const words of late.splice(0)) listener(words);
              listener(event);
            }
          }),
      });
    },
  };
}

const ways = {
  'a model that speaks': {},
  'a model whose words come after its speech': { llm: mumbling(scriptedModel(script)) },
  'a model that writes, and a voice': { session: { tts: tones() } },
};

async function guarded(way: object, outputGuardrail: OutputGuardrail | GuardrailOptions) {
  const { session = {}, ...more } = way as { session?: object };
  const made = await call({ script, ...more, session: { ...session, outputGuardrail } });
  void made.transport.say(voice(600));
  await made.clock.advance(1_100);
  return made;
}

describe.each(Object.entries(ways))('%s', (name, way) => {
  const tellsEarly = !name.includes('after');

  test('ok -> all is heard, and told as without a guardrail', async () => {
    const seen: [string, boolean][] = [];
    const { clock, lines, heardMs, told, end } = await guarded(way, (text, { final }) => {
      seen.push([text, final]);
      return 'ok';
    });
    await clock.advance(6_000);
    expect(lines()).toEqual(['user: when do you open (said)', `assistant: ${says} (heard)`]);
    expect(heardMs()).toBeCloseTo(14 * 200, 0);
    expect(seen.at(-1)).toEqual([says, true]);
    if (tellsEarly) expect(seen[0]).toEqual(['We open at nine.', false]);
    expect(told('guardrail_tripped')).toEqual([]);
    expect(told('error')).toEqual([]);
    await end();
  });

  test('stop -> the words are neither heard nor told, the reply is over, the next one is heard', async () => {
    const { clock, session, transport, lines, heardMs, told, end } = await guarded(way, secret);
    await clock.advance(4_000);
    expect(told('guardrail_tripped')).toMatchObject([
      { action: 'stopped', text: expect.stringContaining('code') },
    ]);
    expect(heardMs()).toBeLessThanOrEqual(tellsEarly ? 4 * 200 : 0);
    expect(JSON.stringify(told('agent_output_transcribed'))).not.toContain('code');
    expect(lines().join()).not.toContain('code');
    expect(told('speech_created')[0]?.speech).toMatchObject({ done: true, interrupted: true });
    expect(session.agentState).toBe('listening');
    void transport.say(voice(600));
    await clock.advance(4_000);
    expect(lines().at(-1)).toBe('assistant: You are welcome. (heard)');
    await end();
  });

  test('replace -> other words are heard in their place', async () => {
    const verdict = (text: string): GuardrailVerdict =>
      text.includes('code') ? { replace: 'Ask at the desk.' } : 'ok';
    const { clock, lines, told, end } = await guarded(way, verdict);
    await clock.advance(5_000);
    expect(told('guardrail_tripped')).toMatchObject([{ action: 'replaced' }]);
    expect(lines().at(-1)).toBe('assistant: Ask at the desk. (heard)');
    expect(lines().join()).not.toContain('code');
    expect(told('error')).toEqual([]);
    await end();
  });

  test('interrupted while it is judged -> the verdict is of no interest', async () => {
    let decide: (verdict: GuardrailVerdict) => void = () => {};
    const { clock, session, heardMs, told, end } = await guarded(
      way,
      () => new Promise((resolve) => (decide = resolve)),
    );
    await clock.advance(500);
    expect(heardMs()).toBe(0);
    session.interrupt();
    await clock.advance(100);
    decide('stop');
    await clock.advance(1_000);
    expect(told('guardrail_tripped')).toEqual([]);
    expect(session.agentState).toBe('listening');
    await end();
  });

  test('it throws -> the reply is stopped, and the error told', async () => {
    const { clock, heardMs, told, end } = await guarded(way, () => {
      throw new Error('No judge today.');
    });
    await clock.advance(4_000);
    expect(heardMs()).toBe(0);
    expect(told('error')).toMatchObject([{ code: 'listener_threw' }]);
    expect(told('guardrail_tripped')).toMatchObject([{ action: 'stopped' }]);
    await end();
  });

  test.each([
    ['play', 14 * 200, 'played_late'],
    ['stop', 0, 'stopped'],
  ] as const)('it takes too long, %s', async (whenLate, ms, action) => {
    const check = () => new Promise<GuardrailVerdict>(() => {});
    const { clock, heardMs, told, session, end } = await guarded(way, { check, maxDelayMs: 1_000, whenLate });
    await clock.advance(500);
    expect(heardMs()).toBe(0);
    await clock.advance(6_000);
    expect(heardMs()).toBeCloseTo(ms, 0);
    expect(told('guardrail_tripped')).toMatchObject([{ action }]);
    expect(session.agentState).toBe('listening');
    await end();
  });
});

test('a judge that takes its time -> what passed is heard meanwhile', async () => {
  const { clock, heardMs, end } = await call({
    script: { ...script, clausePauseMs: 100 },
    session: (clock) => ({
      clock,
      outputGuardrail: (text) =>
        new Promise((resolve) =>
          clock.at(clock.now() + (text.includes('code') ? 700 : 50), () => resolve('ok')),
        ),
    }),
  }).then(async (made) => {
    void made.transport.say(voice(600));
    await made.clock.advance(1_100);
    return made;
  });
  await clock.advance(900);
  expect(heardMs()).toBeGreaterThan(0);
  expect(heardMs()).toBeLessThanOrEqual(800);
  await clock.advance(5_000);
  expect(heardMs()).toBeCloseTo(14 * 200, 0);
  await end();
});

test('words that were given are not judged', async () => {
  for (const options of [{}, { lacks: { say: false }, session: { tts: tones() } }]) {
    const { clock, session, lines, told, end } = await call({
      ...options,
      session: { ...('session' in options ? options.session : {}), outputGuardrail: secret },
    });
    session.say('The code is four.');
    await clock.advance(2_000);
    expect(lines()).toEqual(['assistant: The code is four. (heard)']);
    expect(told('guardrail_tripped')).toEqual([]);
    await end();
  }
});

test.each([
  [{ check: 'no' as never }, /function/],
  [{ check: secret, maxDelayMs: 0 }, /maxDelayMs/],
  [{ check: secret, whenLate: 'never' as never }, /whenLate/],
])('options %#', (outputGuardrail, message) => {
  expect(() => new AgentSession({ llm: scriptedModel(script), outputGuardrail })).toThrow(ConfigError);
  expect(() => new AgentSession({ llm: scriptedModel(script), outputGuardrail })).toThrow(message);
});
