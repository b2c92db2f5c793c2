import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/cascade/index.js';
import { ConfigError, StateError, UnsupportedError } from '../../../src/core/index.js';
import type { Dialler, Event } from '../../../src/realtime/index.js';
import { overLink } from '../../../src/testing/over-link.js';
import { call, tones, voice } from './call.js';

const noSay = { say: false };

async function* slowly(pieces: readonly string[], wait: () => Promise<void>) {
  for (const piece of pieces) {
    await wait();
    yield piece;
  }
}

describe('the way to say given words', () => {
  test('model with a voice for them -> the model says them, and nothing is added twice', async () => {
    const { session, clock, lines, commands, told, end } = await call();
    const speech = session.say('We open at nine.');
    expect(speech).toMatchObject({ verbatim: true, done: false });
    await clock.advance(3_000);
    expect(speech).toMatchObject({ done: true, interrupted: false });
    expect(commands().map(({ t }) => t)).toContain('say');
    expect(commands().map(({ t }) => t)).not.toContain('item.add');
    expect(lines()).toEqual(['assistant: We open at nine. (heard)']);
    expect(speech.itemIds).toEqual(session.history.ids());
    expect(told('speech_created')).toMatchObject([{ source: 'say' }]);
    await end();
  });

  test('model without, tts -> spoken by the tts, and the model is told', async () => {
    const { session, clock, lines, commands, heardMs, told, end } = await call({
      lacks: noSay,
      session: { tts: tones({ sampleRateHz: 16_000 }) },
    });
    const speech = session.say('We open at nine.');
    await clock.advance(1);
    expect(session.agentState).toBe('speaking');
    await clock.advance(3_000);
    expect(speech).toMatchObject({ verbatim: true, done: true, interrupted: false });
    expect(lines()).toEqual(['assistant: We open at nine. (heard)']);
    expect(heardMs()).toBeCloseTo(800, 0);
    expect(commands()).toMatchObject([
      { t: 'open' },
      { t: 'item.add', item: { role: 'assistant', parts: [{ kind: 'text', text: 'We open at nine.' }] } },
    ]);
    expect(
      told('agent_state_changed')
        .map(({ to }) => to)
        .slice(-3),
    ).toEqual(['thinking', 'speaking', 'listening']);
    expect(session.realtime.chatCtx.ids()).toEqual(session.history.ids());
    await end();
  });

  test('neither -> the model is asked for them, and the handle says so', async () => {
    const { session, clock, lines, commands, end } = await call({
      lacks: noSay,
      script: { turns: [], greeting: 'We do open at nine.' },
    });
    const speech = session.say('We open at nine.');
    expect(speech.verbatim).toBe(false);
    await clock.advance(3_000);
    expect(speech.done).toBe(true);
    expect(lines()).toEqual(['assistant: We do open at nine. (heard)']);
    const [reply] = commands().flatMap((command) => (command.t === 'reply' ? [command] : []));
    expect(reply?.overrides?.toolChoice).toBe('none');
    expect(reply?.overrides?.instructions).toMatch(
      /^Be brief\.[\s\S]*word for word[\s\S]*We open at nine\.$/,
    );
    await end();
  });

  test('neither, strict -> unsupported', async () => {
    const { session, told, end } = await call({ lacks: noSay });
    expect(() => session.say('We open at nine.', { strict: true })).toThrow(UnsupportedError);
    expect(told('speech_created')).toEqual([]);
    await end();
  });

  test('recorded speech -> played as it is, on any model', async () => {
    const { session, clock, transport, lines, end } = await call({ lacks: noSay });
    const speech = session.say('A jingle.', {
      strict: true,
      audio: { pcm: voice(500), sampleRateHz: 24_000, channels: 1 },
    });
    await clock.advance(2_000);
    expect(speech).toMatchObject({ done: true, verbatim: true });
    expect(transport.heard()).toEqual(voice(500));
    expect(lines()).toEqual(['assistant: A jingle. (heard)']);
    await end();
  });

  test('recorded speech in frames -> taken little ahead of the ear, and let go when interrupted', async () => {
    const { session, clock, heardMs, end } = await call();
    let taken = 0;
    let released = false;
    async function* frames() {
      try {
        for (;;) {
          taken += 1;
          yield { pcm: voice(100, 8_000), sampleRateHz: 8_000, channels: 1 };
        }
      } finally {
        released = true;
      }
    }
    const speech = session.say('', { audio: frames() });
    await clock.advance(3_000);
    expect(taken).toBeGreaterThan(50);
    expect(taken).toBeLessThan(90);
    speech.interrupt();
    await clock.advance(1_000);
    expect(released).toBe(true);
    expect(speech).toMatchObject({ done: true, interrupted: true });
    expect(heardMs()).toBeLessThan(3_100);
    await end();
  });

  test.each([
    ['an iterable', (parts: string[]) => parts],
    ['an async iterable', (parts: string[]) => slowly(parts, async () => {})],
    ['a stream', (parts: string[]) => new Blob(parts).stream().pipeThrough(new TextDecoderStream())],
  ])('text as %s', async (_, make) => {
    const { session, clock, lines, end } = await call({ lacks: noSay, session: { tts: tones() } });
    const speech = session.say(make(['We open ', 'at nine. ', 'And we close at five.']));
    for (let i = 0; i < 20 && !speech.done; i++) {
      await clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines()).toEqual(['assistant: We open at nine. And we close at five. (heard)']);
    await end();
  });

  test('text that comes slowly -> its first clause is heard before the rest is there', async () => {
    const { session, clock, heardMs, end } = await call({ lacks: noSay, session: { tts: tones() } });
    const wait = () => new Promise<void>((resolve) => clock.at(clock.now() + 1_000, resolve));
    session.say(slowly(['Of course. I', ' look it up.', ''], wait));
    await clock.advance(1_500);
    expect(heardMs()).toBeCloseTo(400, 0);
    await clock.advance(3_000);
    expect(heardMs()).toBeCloseTo(1_200, 0);
    await end();
  });

  test('addToChatCtx: false -> heard, and in no history', async () => {
    for (const options of [{}, { lacks: noSay, session: { tts: tones() } }]) {
      const { session, clock, lines, heardMs, told, end } = await call(options);
      const speech = session.say('One moment.', { addToChatCtx: false });
      await clock.advance(3_000);
      expect(speech.done).toBe(true);
      expect(heardMs()).toBeCloseTo(400, 0);
      expect(lines()).toEqual([]);
      expect(session.realtime.chatCtx.ids()).toEqual([]);
      expect(told('agent_output_transcribed').at(-1)).toMatchObject({ heard: 'One moment.', isFinal: true });
      await end();
    }
  });

  test('what is no text -> option_invalid', async () => {
    const { session, end } = await call();
    expect(() => session.say(' ')).toThrow(ConfigError);
    expect(() => session.say('Hello', { priority: 'urgent' as 'high' })).toThrow(/priority/);
    await end();
    expect(() => session.say('Hello')).toThrow(StateError);
  });
});

describe('words of our own are interrupted as the model is', () => {
  const script = { turns: [{ hears: 'stop', says: 'Fine.' }] };
  const talk = 'We open at nine and we close at five on every day of the whole long week.';

  test('barge-in -> silent, cut at a word, the model knows what was heard, the answer follows', async () => {
    const { session, clock, transport, lines, told, end } = await call({
      script,
      lacks: noSay,
      session: { tts: tones() },
    });
    const speech = session.say(talk);
    await clock.advance(1_000);
    void transport.say(voice(400));
    await clock.advance(300);
    expect(speech).toMatchObject({ done: true, interrupted: true });
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    await clock.advance(3_000);
    expect(lines()).toEqual([
      `assistant: ${talk} (heard: We open at nine and)`,
      'user: stop (said)',
      'assistant: Fine. (heard)',
    ]);
    const [ours] = session.realtime.remoteItems;
    expect(ours).toMatchObject({ parts: [{ kind: 'text', text: 'We open at nine and' }] });
    expect(told('error')).toEqual([]);
    await end();
  });

  test('barge-in while the text still comes -> the source is let go, the model is told what was heard', async () => {
    const { session, clock, transport, lines, end } = await call({
      script,
      lacks: noSay,
      session: { tts: tones() },
    });
    let released = false;
    const wait = () => new Promise<void>((resolve) => clock.at(clock.now() + 300, resolve));
    async function* endless() {
      try {
        for (;;) {
          await wait();
          yield 'blah blah. ';
        }
      } finally {
        released = true;
      }
    }
    const speech = session.say(endless());
    await clock.advance(2_000);
    void transport.say(voice(400));
    await clock.advance(4_000);
    expect(speech.done).toBe(true);
    expect(released).toBe(true);
    expect(lines()[0]).toMatch(/\(heard: (blah blah\. ?)+/);
    const [ours] = session.realtime.remoteItems;
    expect(ours).toMatchObject({
      role: 'assistant',
      parts: [{ text: expect.stringMatching(/^(blah blah\. ?)+/) }],
    });
    await end();
  });

  test('a wire that cannot remove -> the item is there whole, and said to differ', async () => {
    const { session, clock, end } = await call({
      lacks: { ...noSay, remove: false },
      session: { tts: tones() },
    });
    const cuts: unknown[] = [];
    session.realtime.on('remote_item_truncated', (event) => cuts.push(event));
    session.say(talk);
    await clock.advance(1_000);
    session.interrupt();
    await clock.advance(100);
    expect(cuts).toMatchObject([{ basis: 'sent' }]);
    await end();
  });

  test('session closed in the middle -> all is let go, and what was heard is in the history', async () => {
    const { session, clock, lines, end } = await call({
      lacks: noSay,
      session: (clock) => ({ tts: tones({ pauseMs: 200, clock }) }),
    });
    const speech = session.say(talk);
    await clock.advance(1_000);
    await end();
    expect(speech).toMatchObject({ done: true, interrupted: true });
    expect(lines()).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  test('the synthesiser fails -> a typed error, the speech ends, the next one is heard', async () => {
    const broken = tones();
    const stream = broken.stream;
    let times = 0;
    broken.stream = (options) => {
      times += 1;
      if (times === 1) throw new Error('No voice today.');
      return stream(options);
    };
    const { session, clock, told, lines, end } = await call({ lacks: noSay, session: { tts: broken } });
    const first = session.say('One.');
    const second = session.say('Two.');
    await clock.advance(2_000);
    expect(first).toMatchObject({ done: true, interrupted: true, error: { code: 'tts_failed' } });
    expect(second).toMatchObject({ done: true, interrupted: false, error: undefined });
    expect(told('error')).toMatchObject([{ code: 'tts_failed' }]);
    expect(lines()).toEqual(['assistant: One. (unheard)', 'assistant: Two. (heard)']);
    await end();
  });

  test('the synthesiser falls silent -> it fails after its time', async () => {
    const mute = tones();
    mute.stream = () => ({ push() {}, finish() {}, onEvent() {}, close() {} });
    const { session, clock, told, end } = await call({ lacks: noSay, session: { tts: mute } });
    const speech = session.say('One.');
    await clock.advance(16_000);
    expect(speech.error?.code).toBe('tts_failed');
    expect(told('error')).toMatchObject([{ code: 'tts_failed' }]);
    expect(session.agentState).toBe('listening');
    await end();
  });

  test('the text never comes -> it fails after its time', async () => {
    for (const tts of [tones(), undefined]) {
      const { session, clock, end } = await call({
        lacks: noSay,
        session: tts === undefined ? {} : { tts },
      });
      const stuck = {
        [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<string>>(() => {}) }),
      };
      const speech = session.say(stuck);
      const next = session.say('Then this.');
      await clock.advance(70_000);
      expect(speech.error?.code).toBe('tts_failed');
      expect(next.done).toBe(true);
      expect(session.agentState).toBe('listening');
      await end();
    }
  });

  test('the text throws -> a typed error', async () => {
    const { session, clock, told, end } = await call({ lacks: noSay, session: { tts: tones() } });
    async function* broken() {
      yield 'We open ';
      throw new Error('The writer died.');
    }
    const speech = session.say(broken());
    await clock.advance(1_000);
    expect(speech.error).toMatchObject({ code: 'tts_failed', message: expect.stringMatching(/writer died/) });
    expect(told('error')).toHaveLength(1);
    await end();
  });
});

describe('one order', () => {
  test('says and replies come in the order of asking; higher priorities first among those that wait', async () => {
    const { session, clock, lines, end } = await call({
      lacks: noSay,
      script: { turns: [{ says: 'A reply.' }], greeting: 'A greeting.' },
      session: { tts: tones() },
    });
    session.say('One.');
    session.generateReply();
    session.say('Low.', { priority: 'low' });
    session.say('Two.');
    session.say('First of all.', { priority: 'high' });
    await clock.advance(10_000);
    expect(lines().map((line) => line.slice('assistant: '.length))).toEqual([
      'One. (heard)',
      'First of all. (heard)',
      expect.stringMatching(/^A .*\(heard\)$/),
      'Two. (heard)',
      'Low. (heard)',
    ]);
    await end();
  });

  test('one that waits can be taken out; the others go on', async () => {
    const { session, clock, lines, end } = await call({
      lacks: noSay,
      session: (clock) => ({ tts: tones({ pauseMs: 500, clock }) }),
    });
    session.say('One. One. One.');
    const second = session.say('Two.');
    session.say('Three.');
    await clock.advance(100);
    second.interrupt();
    expect(second).toMatchObject({ done: true, interrupted: true });
    await clock.advance(10_000);
    expect(lines()).toEqual(['assistant: One. One. One. (heard)', 'assistant: Three. (heard)']);
    await end();
  });

  test('the answer of the model waits until what is being said was said', async () => {
    const { session, clock, transport, lines, told, heardMs, end } = await call({
      lacks: noSay,
      script: { turns: [{ hears: 'hello', says: 'The answer.' }] },
      session: { tts: tones() },
    });
    void transport.say(voice(400));
    await clock.advance(850);
    // The turn is about to end: the model answers in the middle of it.
    const wait = () => new Promise<void>((resolve) => clock.at(clock.now() + 400, resolve));
    session.say(slowly(['One moment. ', 'I look. ', 'It up.'], wait));
    await clock.advance(8_000);
    expect(lines()).toEqual([
      'user: hello (said)',
      'assistant: One moment. I look. It up. (heard)',
      'assistant: The answer. (heard)',
    ]);
    const heard = told('agent_output_transcribed').filter((words) => words.heard !== '');
    expect(heard.findIndex((words) => words.heard.startsWith('The'))).toBeGreaterThan(
      heard.findIndex((words) => words.isFinal && words.heard.startsWith('One')),
    );
    expect(heardMs()).toBeCloseTo((6 + 2) * 200, 0);
    await end();
  });
});

test('more speeches than anybody can wait for -> refused; those that wait are heard of', async () => {
  const { session, clock, end } = await call({ lacks: noSay, session: { tts: tones() } });
  const speeches = Array.from({ length: 65 }, () => session.say('Word.', { addToChatCtx: false }));
  expect(() => session.say('One too many.')).toThrow(/64/);
  expect(() => session.generateReply()).toThrow(StateError);
  await clock.advance(20_000);
  expect(speeches.every(({ done, interrupted }) => done && !interrupted)).toBe(true);
  await end();
});

test('a reply that fails -> its handle knows why', async () => {
  const { session, clock, told, end } = await call({
    // The wire says that it can, and refuses.
    llm: { ...scriptedModel({ turns: [] }), dial: refusing(scriptedModel({ turns: [] })) },
  });
  const speeches = [session.generateReply(), session.say('Hello.')];
  await clock.advance(2_000);
  for (const speech of speeches) {
    expect(speech).toMatchObject({ done: true, interrupted: true, error: { code: 'provider_refused' } });
  }
  expect(told('error').map(({ code }) => code)).toEqual(['provider_refused', 'provider_refused']);
  await end();
});

/** Every reply is refused. */
function refusing(model: Dialler): Dialler['dial'] {
  return async (context) => {
    const link = await model.dial(context);
    let listener: (event: Event) => void = () => {};
    return overLink(link, {
      send(command) {
        if (command.t !== 'reply' && command.t !== 'say') link.send(command);
        else listener({ t: 'refused', cmd: command.cmd, code: 'no', message: 'Not now.', benign: false });
      },
      onEvent(next) {
        listener = next;
        link.onEvent(next);
      },
    });
  };
}
