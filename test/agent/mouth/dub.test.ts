import { describe, expect, test } from 'vitest';
import { AgentSession } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { ConfigError } from '../../../src/core/index.js';
import type { Config, Dialler } from '../../../src/realtime/index.js';
import { overLink } from '../../../src/testing/over-link.js';
import { call, lesser, tones, voice } from './call.js';

const script = {
  turns: [
    { hears: 'when do you open', says: 'We open at nine, and we close at five on every day of the week.' },
    { hears: 'thanks', says: 'You are welcome.' },
  ],
};
const answer = script.turns[0]!.says;

/** A model that does not care what it is asked for: `times` replies come as `output`. */
function stubborn(model: Dialler, output: Config['output'], times = Number.POSITIVE_INFINITY): Dialler {
  return {
    ...model,
    async dial(context) {
      const link = await model.dial(context);
      return overLink(link, {
        send(command) {
          if (command.t === 'open') link.send({ ...command, config: { ...command.config, output } });
          else if (command.t === 'reply' && times-- > 1) {
            link.send({ ...command, overrides: { ...command.overrides, output } });
          } else link.send(command);
        },
        onEvent: (listener) => link.onEvent(listener),
      });
    },
  };
}

describe('a model that writes, and a voice that speaks', () => {
  test('tts given -> the model is asked for text, its words are spoken, in the history as heard', async () => {
    const { clock, session, transport, commands, lines, heardMs, told, end } = await call({
      script,
      session: { tts: tones({ sampleRateHz: 16_000 }) },
    });
    expect(commands()).toMatchObject([{ t: 'open', config: { output: 'text' } }]);
    void transport.say(voice(600));
    await clock.advance(600 + 500 + 200);
    expect(session.agentState).toBe('speaking');
    await clock.advance(4_000);
    expect(lines()).toEqual(['user: when do you open (said)', `assistant: ${answer} (heard)`]);
    expect(heardMs()).toBeCloseTo(15 * 200, 0);
    expect(told('error')).toEqual([]);
    expect(told('agent_output_transcribed').at(-1)).toMatchObject({ heard: answer, rest: '', isFinal: true });
    await end();
  });

  test('the first clause is heard while the rest is being written', async () => {
    const { clock, session, heardMs, lines, end } = await call({
      session: (clock) => ({
        tts: tones(),
        llm: lesser(scriptedModel({ turns: [], greeting: 'Hello there. And how are you on this day?' }), {}),
        clock,
      }),
    });
    const speech = session.generateReply();
    await clock.advance(300);
    expect(heardMs()).toBeGreaterThan(250);
    await clock.advance(3_000);
    expect(speech).toMatchObject({ done: true, interrupted: false });
    expect(lines()).toEqual(['assistant: Hello there. And how are you on this day? (heard)']);
    await end();
  });

  test('barge-in -> cut at a word, by its times, and the model has what was heard', async () => {
    const { clock, session, transport, lines, told, end } = await call({ script, session: { tts: tones() } });
    void transport.say(voice(600));
    await clock.advance(600 + 500 + 1_100);
    void transport.say(voice(400));
    await clock.advance(300);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    await clock.advance(3_000);
    expect(lines()).toEqual([
      'user: when do you open (said)',
      expect.stringMatching(/\(heard: We open at nine, and we\)$/),
      'user: thanks (said)',
      'assistant: You are welcome. (heard)',
    ]);
    expect(
      session.realtime.remoteItems.map((item) => (item.kind === 'message' ? item.parts : [])),
    ).toMatchObject([
      [{}],
      [{ kind: 'text', text: 'We open at nine, and we' }],
      [{}],
      [{ kind: 'text', text: 'You are welcome.' }],
    ]);
    expect(told('error')).toEqual([]);
    await end();
  });

  test('interrupted before a word was heard -> the model forgets the answer', async () => {
    const { clock, session, transport, lines, end } = await call({
      script,
      session: (clock) => ({ tts: tones({ pauseMs: 50, clock }) }),
      transport: { clearAfterMs: 0 },
    });
    void transport.say(voice(600));
    session.once('agent_state_changed', () => {});
    session.on('speech_created', () => session.interrupt());
    await clock.advance(3_000);
    expect(session.agentState).toBe('listening');
    expect(
      session.realtime.remoteItems.filter((item) => item.kind === 'message' && item.role === 'assistant'),
    ).toEqual([]);
    expect(lines().filter((line) => line.endsWith('(heard)'))).toEqual([]);
    await end();
  });

  test('a wire that cannot remove -> the server is said to differ', async () => {
    const { clock, session, transport, end } = await call({
      script,
      lacks: { remove: false },
      session: { tts: tones() },
    });
    const cuts: unknown[] = [];
    session.realtime.on('remote_item_truncated', (event) => cuts.push(event));
    void transport.say(voice(600));
    await clock.advance(2_000);
    session.interrupt();
    await clock.advance(100);
    expect(cuts).toMatchObject([{ basis: 'sent' }]);
    await end();
  });

  test('the voice fails -> a typed error, the reply ends, the next turn is answered', async () => {
    const flaky = tones();
    const stream = flaky.stream;
    let times = 0;
    flaky.stream = (options) => {
      times += 1;
      if (times === 1) throw new Error('No voice today.');
      return stream(options);
    };
    const { clock, session, transport, told, lines, end } = await call({ script, session: { tts: flaky } });
    void transport.say(voice(600));
    await clock.advance(3_000);
    expect(told('error')).toMatchObject([{ code: 'tts_failed' }]);
    expect(session.agentState).toBe('listening');
    expect(told('speech_created')[0]?.speech).toMatchObject({
      done: true,
      interrupted: true,
      error: { code: 'tts_failed' },
    });
    void transport.say(voice(600));
    await clock.advance(4_000);
    expect(lines().at(-1)).toBe('assistant: You are welcome. (heard)');
    await end();
  });

  test('a voice that cannot start -> the session cannot', async () => {
    const dead = tones();
    dead.warmUp = async () => {
      throw new Error('No such voice.');
    };
    await expect(call({ session: { tts: dead } })).rejects.toMatchObject({ code: 'tts_failed' });
  });

  test('an output of audio, by option -> the model keeps its voice, the tts is for say', async () => {
    const { clock, session, transport, commands, lines, end } = await call({
      script,
      lacks: { say: false },
      session: { tts: tones(), session: { config: { output: 'audio' } } },
    });
    void transport.say(voice(600));
    await clock.advance(5_000);
    expect(commands()).toMatchObject([{ t: 'open', config: { output: 'audio' } }]);
    const speech = session.say('Goodbye.');
    await clock.advance(1_000);
    expect(speech).toMatchObject({ verbatim: true, done: true });
    expect(lines()).toHaveLength(3);
    await end();
  });

  test('a model that cannot write -> options_conflict', () => {
    const llm: Dialler = {
      ...scriptedModel(script),
      checkConfig({ output }) {
        if (output === 'text')
          throw new ConfigError('option_unsupported', 'speech only', { param: 'modalities' });
      },
    };
    expect(() => new AgentSession({ llm, tts: tones() })).toThrow(/cannot write/);
    expect(
      () => new AgentSession({ llm, tts: tones(), session: { config: { output: 'audio' } } }),
    ).not.toThrow();
  });
});

describe('what was not asked for', () => {
  test('speech instead of text -> played as it is, and told', async () => {
    const { clock, transport, lines, heardMs, told, end } = await call({
      llm: stubborn(scriptedModel(script), 'audio'),
      session: { tts: tones() },
    });
    void transport.say(voice(600));
    await clock.advance(6_000);
    expect(told('modality_mismatch')).toMatchObject([{ asked: 'text', got: 'audio', then: 'played' }]);
    expect(lines().at(-1)).toBe(`assistant: ${answer} (heard)`);
    expect(heardMs()).toBeCloseTo(15 * 200, 0);
    await end();
  });

  test('text instead of speech, with a voice for it -> spoken, and told', async () => {
    const { clock, transport, lines, heardMs, told, end } = await call({
      llm: stubborn(scriptedModel(script), 'text'),
      session: { tts: tones(), session: { config: { output: 'audio' } } },
    });
    void transport.say(voice(600));
    await clock.advance(6_000);
    expect(told('modality_mismatch')).toMatchObject([{ asked: 'audio', got: 'text', then: 'spoken' }]);
    expect(lines().at(-1)).toBe(`assistant: ${answer} (heard)`);
    expect(heardMs()).toBeCloseTo(15 * 200, 0);
    await end();
  });

  test('text instead of speech, without -> asked for once more, in speech; the text is forgotten', async () => {
    const greeting = 'Hello there.';
    const { clock, session, lines, heardMs, told, commands, end } = await call({
      llm: stubborn(scriptedModel({ turns: [{ says: 'Hello in speech.' }], greeting }), 'text', 2),
    });
    const speech = session.generateReply();
    await clock.advance(4_000);
    expect(told('modality_mismatch')).toMatchObject([{ asked: 'audio', got: 'text', then: 'asked_again' }]);
    expect(speech).toMatchObject({ done: true, interrupted: false });
    expect(commands().filter(({ t }) => t === 'reply')).toHaveLength(2);
    expect(lines()).toHaveLength(1);
    expect(heardMs()).toBeGreaterThan(0);
    expect(session.realtime.remoteItems).toHaveLength(1);
    await end();
  });

  test('text again -> kept as it is', async () => {
    const { clock, session, lines, told, heardMs, end } = await call({
      llm: stubborn(scriptedModel({ turns: [], greeting: 'Hello there.' }), 'text'),
    });
    const speech = session.generateReply();
    await clock.advance(4_000);
    expect(told('modality_mismatch').map(({ then }) => then)).toEqual(['asked_again', 'kept']);
    expect(speech.done).toBe(true);
    expect(lines()).toHaveLength(1);
    expect(heardMs()).toBe(0);
    expect(session.agentState).toBe('listening');
    await end();
  });

  test('an agent of text -> nothing is amiss', async () => {
    const { clock, session, lines, told, end } = await call({
      script: { turns: [], greeting: 'Hello there.' },
      session: { session: { config: { output: 'text' } } },
    });
    session.generateReply();
    await clock.advance(1_000);
    expect(told('modality_mismatch')).toEqual([]);
    expect(lines()).toEqual(['assistant: Hello there. (heard)']);
    await end();
  });
});
