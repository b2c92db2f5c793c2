import { describe, expect, it } from 'vitest';
import {
  type CascadeModelOptions,
  cascadeModel,
  energyVad,
  scriptedLlm,
  scriptedModel,
  scriptStt,
  toneTts,
} from '../../src/cascade/index.js';
import { ConfigError, countedIds, ProviderError } from '../../src/core/index.js';
import type { LLM, SttStream } from '../../src/speech/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { call, message } from './caller.js';
import { clinic } from './clinic.js';

function parts(lines: readonly string[]): CascadeModelOptions {
  return {
    stt: scriptStt(
      lines.map((hears) => ({ hears })),
      new FakeClock(),
    ),
    llm: scriptedLlm(clinic),
    // Another rate than the link's: the pipeline resamples.
    tts: toneTts({ sampleRateHz: 16_000 }),
    vad: energyVad(),
  };
}

const context = () => ({ clock: new FakeClock(), ids: countedIds(), signal: new AbortController().signal });

describe('cascadeModel', () => {
  it('holds a conversation with a tool, at any rates', async () => {
    for (const inputRateHz of [16_000, 8000, 48_000]) {
      const model = cascadeModel({
        ...parts(['book an appointment on tuesday', 'at half past two', 'my name is anna']),
        inputRateHz,
      });
      const tools = [{ name: 'book', parameters: {} }];
      const caller = await call(model, { tools });
      for (let i = 0; i < 3; i++) await caller.turn();
      const [, ready] = caller.of('call');
      expect(ready).toMatchObject({ name: 'book', args: '{"name":"Anna","day":"tuesday","time":"14:30"}' });
      await caller.send('answer', {
        call: ready!.call,
        name: 'book',
        output: '{"ok":true}',
        isError: false,
        more: false,
        then: 'speak',
      });
      await caller.send('reply', {});
      const said = caller.of('said').filter((event) => event.how === 'final');
      expect(said.map((event) => event.text)).toEqual([
        'What time on tuesday?',
        'What name shall I put down?',
        'Booked for Anna, tuesday at two thirty.',
      ]);
      const samples = caller.of('audio').reduce((sum, event) => sum + event.pcm.length, 0);
      expect(samples).toBe(17 * 200 * 24);
      caller.end();
    }
  });

  it('sees in its history what was heard, not what was sent', async () => {
    const asked: string[] = [];
    const spy: LLM = {
      ...scriptedLlm(clinic),
      chat(request) {
        asked.push(
          request.items
            .map((item) => JSON.stringify(item.kind === 'message' ? item.parts : item.kind))
            .join(),
        );
        return scriptedLlm(clinic).chat(request);
      },
    };
    const caller = await call(cascadeModel({ ...parts(['when are you open', 'thank you']), llm: spy }));
    await caller.turn();
    await caller.speak(300);
    await caller.send('item.cut', { item: 'item_2', part: 0, heardMs: 450, heardText: '' });
    await caller.silence(600);
    expect(asked[1]).toContain('{"kind":"audio","transcript":"We are"}');
    caller.end();
  });

  it('names itself by its parts, and says what it can do', () => {
    const model = cascadeModel({ ...parts([]), voice: 'slt', defaults: { instructions: 'Be brief.' } });
    expect([model.provider, model.model]).toEqual(['cascade', 'script+script:clinic+tone']);
    expect(model.defaults).toMatchObject({ voice: 'slt', instructions: 'Be brief.' });
    expect(model.capabilities).toMatchObject({
      speech: 'edges',
      acks: 'wire',
      inputRateHz: 16_000,
      outputRateHz: 24_000,
    });
    expect(() => cascadeModel({ ...parts([]), inputRateHz: 12_345 })).toThrow(ConfigError);
  });

  it('does not dial when a part cannot start, or nobody waits any more', async () => {
    const start = (error: Error) => {
      const own = parts([]);
      return cascadeModel({ ...own, tts: { ...own.tts, warmUp: () => Promise.reject(error) } }).dial(
        context(),
      );
    };
    await expect(start(new Error('no voice'))).rejects.toMatchObject({
      code: 'connect_failed',
      message: 'tone cannot start: no voice',
    });
    await expect(start(new ProviderError('tts_failed', 'no voice'))).rejects.toMatchObject({
      code: 'connect_failed',
    });
    await expect(start(new ConfigError('peer_missing', 'install it'))).rejects.toMatchObject({
      code: 'peer_missing',
    });
    const stopped = new AbortController();
    stopped.abort();
    await expect(
      cascadeModel(parts([])).dial({ ...context(), signal: stopped.signal }),
    ).rejects.toMatchObject({ code: 'connect_failed' });
  });

  it('fails the response when the language model throws, and closes when the recogniser does', async () => {
    const own = parts(['hello']);
    const llm: LLM = {
      ...own.llm,
      chat() {
        throw new Error('boom');
      },
    };
    const caller = await call(cascadeModel({ ...own, llm }));
    await caller.turn();
    expect(caller.story().at(-1)).toBe('response resp_1 failed llm_failed');
    caller.end();

    const broken = {
      ...own.stt,
      stream: (): SttStream => {
        throw new Error('no recogniser');
      },
    };
    const other = await call(cascadeModel({ ...own, stt: broken }));
    await other.turn();
    await other.send('item.add', { item: message('user', 'hi') });
    expect(other.story().at(-1)).toBe('closing provider_failed retry');
    expect(other.clock.pending).toBe(0);
    other.end();
  });
});

describe('scriptedModel', () => {
  it('plays from the beginning on each link', async () => {
    const model = scriptedModel({ name: 'demo', turns: [{ hears: 'hi', says: 'Hello.' }] });
    expect([model.provider, model.model, model.capabilities.inputRateHz]).toEqual([
      'scripted',
      'demo',
      24_000,
    ]);
    for (let i = 0; i < 2; i++) {
      const caller = await call(model);
      await caller.turn();
      expect(caller.story()).toContain("said final 'Hello.'");
    }
  });

  it('finds its turn by the words, when the place does not fit', async () => {
    const model = scriptedModel({
      turns: ['a', 'b', 'c', 'b'].map((hears, index) => ({ hears, says: `Turn ${index}.` })),
    });
    const caller = await call(model, { turns: { owner: 'caller' } });
    for (const text of ['c', 'b', 'B!', 'nothing like it', 'more']) {
      await caller.send('item.add', { item: message('user', text) });
      await caller.send('reply', {});
    }
    const said = caller.of('said').filter((event) => event.how === 'final');
    expect(said.map((event) => event.text)).toEqual([
      'Turn 2.',
      'Turn 1.',
      'Turn 1.',
      'Turn 3.',
      'That is all I know.',
    ]);
    caller.end();
  });

  it('speaks at the pace of the turn', async () => {
    const model = scriptedModel({
      audioMsPerWord: 100,
      turns: [{ says: 'Three words here.' }, { says: 'Slow.', audioMsPerWord: 700 }],
    });
    const caller = await call(model, { turns: { owner: 'caller' } });
    for (let i = 0; i < 2; i++) {
      await caller.send('item.add', { item: message('user', 'go') });
      await caller.send('reply', {});
    }
    const words = caller.of('said').flatMap((event) => event.words ?? []);
    expect(words.map((word) => word.toMs - word.fromMs)).toEqual([100, 100, 100, 700]);
    caller.end();
  });

  it('refuses a script that is none', () => {
    expect(() => scriptedModel({ turns: [{ hears: 1 }] } as never)).toThrow('turns[0].hears');
  });
});
