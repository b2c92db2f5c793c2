import { describe, expect, test } from 'vitest';
import { ConnectionError, countedIds } from '../../src/core/index.js';
import {
  type Capabilities,
  type Dialler,
  type Event,
  type RealtimeEvents,
  RealtimeSession,
  type SessionOptions,
} from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';
import { ScriptedLink } from './scripted-link.js';

interface Options {
  capabilities?: Partial<Capabilities>;
  session?: SessionOptions;
  hear?: (keyof RealtimeEvents)[];
}

/** A session whose links are the test's, one after the other. `fails`: the next dials are refused. */
async function stand({ capabilities, session: options, hear = [] }: Options = {}) {
  const clock = new FakeClock();
  const links: ScriptedLink[] = [];
  const fails: Error[] = [];
  const model: Dialler = {
    provider: 'scripted',
    model: 'one',
    capabilities: { ...fullCapabilities, ...capabilities },
    defaults: plainConfig,
    dial: async () => {
      const failure = fails.shift();
      if (failure !== undefined) throw failure;
      const link = new ScriptedLink();
      links.push(link);
      return link;
    },
  };
  const session = new RealtimeSession(model, { clock, ids: countedIds(), random: () => 1, ...options });
  const told: [name: string, event: unknown][] = [];
  for (const name of hear) session.on(name, (event) => told.push([name, event]));
  const link = (nth: number) => {
    const one = links[nth];
    if (one === undefined) throw new Error(`There is no link ${nth}`);
    return one;
  };
  await clock.advance(0);
  return { clock, links, link, fails, session, told };
}

const refused = () => new ConnectionError('connect_failed', 'refused');
const dropped: Event = { t: 'closing', code: 'connection_lost', disposition: 'retry', message: 'gone' };
const ready: Event = { t: 'ready' };
const noFields = { type: 'object', properties: {} };
const weather = { name: 'weather', parameters: noFields };

async function opened(options?: Options) {
  const one = await stand(options);
  one.link(0).tell(ready);
  await one.clock.advance(10_000);
  return one;
}

describe('a link that is lost', () => {
  test('session_reconnected: how many tries it took, how long there was no link; states on the way', async () => {
    const { clock, link, fails, told } = await opened({
      hear: ['state_changed', 'session_retrying', 'session_reconnected', 'error'],
    });
    told.length = 0;
    fails.push(refused(), refused());
    link(0).tell(dropped);
    await clock.advance(6_000);
    link(1).tell(ready);
    expect(told).toEqual([
      ['state_changed', { from: 'open', to: 'reconnecting' }],
      ['session_retrying', { attempt: 1, delayMs: 2_000, code: 'connect_failed', message: 'refused' }],
      ['session_retrying', { attempt: 2, delayMs: 4_000, code: 'connect_failed', message: 'refused' }],
      ['state_changed', { from: 'reconnecting', to: 'open' }],
      ['session_reconnected', { attempt: 3, gapMs: 6_000, replayedMs: 0, resumed: false }],
    ]);
  });

  test('the first connection is retried like any other', async () => {
    const { clock, link, fails, session } = await stand({ session: { connOptions: { intervalMs: 100 } } });
    expect(session.state).toBe('connecting');
    // The dial of `stand` was good, but never became ready.
    fails.push(refused(), refused());
    await clock.advance(30_000 + 700);
    link(1).tell(ready);
    await session.opened;
    expect(session.state).toBe('open');
  });

  test('retries with back-off, then the typed error of the last one', async () => {
    const { clock, link, fails, session, told } = await opened({
      hear: ['session_retrying', 'error', 'closed'],
      session: { connOptions: { maxRetries: 2, intervalMs: 1_000 } },
    });
    fails.push(refused(), refused(), refused());
    const reply = session.generateReply();
    const failed = expect(reply).rejects.toMatchObject({ code: 'connect_failed' });
    link(0).tell(dropped);
    await clock.advance(3_000);
    await failed;
    expect(told.map(([name, event]) => [name, event])).toMatchObject([
      ['session_retrying', { attempt: 1, delayMs: 1_000 }],
      ['session_retrying', { attempt: 2, delayMs: 2_000 }],
      ['error', { code: 'connect_failed', retryable: true }],
      ['closed', { code: 'connect_failed' }],
    ]);
    expect(() => session.interrupt()).toThrow('refused');
  });

  test('options, instructions, tools, and the conversation with its tool calls are restored', async () => {
    const { clock, link, session } = await opened();
    const set = session.updateOptions({ instructions: 'Be kind.', tools: [weather] });
    link(0).confirm();
    await set;
    link(0).tell(
      { t: 'item', phase: 'done', item: say('u1', 'user', 'Rain?'), basis: 'wire' },
      {
        t: 'item',
        phase: 'done',
        item: { kind: 'call', id: 'c1', call: 'k', name: 'weather', args: '{}' },
        basis: 'wire',
      },
      {
        t: 'item',
        phase: 'done',
        item: { kind: 'result', id: 'o1', call: 'k', output: 'no' },
        basis: 'wire',
      },
      { t: 'item', phase: 'done', item: say('a1', 'assistant', 'No rain.'), basis: 'wire' },
    );
    link(0).tell(dropped);
    await clock.advance(0);
    const { config, history, resume } = link(1).last('open');
    expect(config).toMatchObject({ instructions: 'Be kind.', tools: [weather] });
    expect(resume).toBeUndefined();
    expect(history.map(({ id }) => id)).toEqual(['u1', 'c1', 'o1', 'a1']);
  });

  test('settings that it took along are those of the next one, and then confirmed', async () => {
    const { clock, link, session } = await opened();
    const set = session.updateInstructions('Be kind.');
    link(0).tell(dropped);
    await clock.advance(0);
    expect(link(1).last('open').config.instructions).toBe('Be kind.');
    link(1).tell(ready);
    await set;
    expect(session.instructions).toBe('Be kind.');
    expect(link(1).all('configure')).toEqual([]);
  });

  test('what was pushed meanwhile is sent, and a turn that was being spoken from its start', async () => {
    const { clock, link, session, told } = await opened({ hear: ['input_replayed', 'session_reconnected'] });
    const push = (ms: number) => {
      session.pushAudio({ pcm: new Int16Array(24 * ms).fill(1), sampleRateHz: 24_000, channels: 1 });
    };
    push(4_000);
    link(0).tell({ t: 'speech', edge: 'start', turn: 't', atMs: 1_200, basis: 'wire' });
    link(0).tell(dropped);
    push(500);
    await clock.advance(0);
    link(1).tell(ready);
    const sent = link(1)
      .all('audio')
      .reduce((ms, { pcm }) => ms + pcm.length / 24, 0);
    // With the 300 ms before it.
    expect(sent).toBe(3_600);
    expect(told).toMatchObject([
      ['input_replayed', { turnId: 't', durationMs: 3_300 }],
      ['session_reconnected', { replayedMs: 3_300 }],
    ]);
  });

  test('what was written behind a turn that is heard again stands behind it again', async () => {
    const { clock, link, session } = await opened();
    session.pushAudio({ pcm: new Int16Array(24 * 3_000).fill(1), sampleRateHz: 24_000, channels: 1 });
    const spoken = {
      kind: 'message',
      role: 'user',
      id: 'u1',
      parts: [{ kind: 'audio', transcript: null }],
    } as const;
    link(0).tell({ t: 'speech', edge: 'start', turn: 't', item: 'u1', atMs: 500, basis: 'wire' });
    link(0).tell({ t: 'speech', edge: 'stop', turn: 't', item: 'u1', atMs: 2_000, basis: 'wire' });
    link(0).tell({ t: 'committed', turn: 't', item: 'u1', after: null, basis: 'wire' });
    link(0).tell({
      t: 'item',
      phase: 'added',
      item: { ...spoken, parts: [...spoken.parts] },
      after: null,
      basis: 'wire',
    });
    link(0).tell({
      t: 'item',
      phase: 'added',
      item: say('typed', 'user', 'And this.'),
      after: 'u1',
      basis: 'wire',
    });
    link(0).tell(dropped);
    await clock.advance(0);
    expect(link(1).last('open').history).toEqual([]);
    link(1).tell(ready);
    const sent = link(1).sent.map((command) => (command.t === 'item.add' ? command.item.id : command.t));
    expect(sent.indexOf('typed')).toBeGreaterThan(sent.indexOf('audio'));
    expect(sent.filter((what) => what === 'typed').length).toBe(1);
  });

  test('audio that is too much to keep is told: input_audio_dropped', async () => {
    const { clock, link, session, told } = await opened({
      session: { replayMs: 1_000 },
      hear: ['input_audio_dropped'],
    });
    link(0).tell(dropped);
    session.pushAudio({ pcm: new Int16Array(24 * 1_500), sampleRateHz: 24_000, channels: 1 });
    await clock.advance(0);
    link(1).tell(ready);
    expect(told).toEqual([['input_audio_dropped', { droppedMs: 500 }]]);
  });

  test('a reply that was asked for and had not begun is asked for again', async () => {
    const { clock, link, session } = await opened();
    const reply = session.generateReply();
    link(0).tell(dropped);
    await clock.advance(0);
    link(1).tell(ready);
    link(1).begin('r1', link(1).last('reply').cmd);
    expect(await reply).toMatchObject({ responseId: 'r1', userInitiated: true });
  });

  test('a handle given while a turn was open is not taken while that turn is: nobody knows what it covers', async () => {
    for (const isSettled of [true, false]) {
      const { clock, link, told } = await opened({
        capabilities: { resume: true },
        hear: ['session_reconnected'],
      });
      link(0).tell({ t: 'speech', edge: 'start', turn: 't', atMs: 0, basis: 'wire' });
      link(0).tell({ t: 'resumable', handle: 'h1' });
      link(0).tell({
        t: 'speech',
        edge: isSettled ? 'discarded' : 'stop',
        turn: 't',
        atMs: 400,
        basis: 'wire',
      });
      link(0).tell(dropped);
      await clock.advance(0);
      expect(link(1).last('open').resume).toBe(isSettled ? 'h1' : undefined);
      link(1).tell(ready);
      expect(told).toMatchObject([['session_reconnected', { resumed: isSettled }]]);
    }
  });

  test('a handle that covers all that was said is taken; one that does not is not', async () => {
    for (const isCovered of [true, false]) {
      const { clock, link, told } = await opened({
        capabilities: { resume: true },
        hear: ['session_reconnected'],
      });
      link(0).tell({ t: 'item', phase: 'done', item: say('u1', 'user', 'Rain?'), basis: 'wire' });
      link(0).tell({ t: 'resumable', handle: 'h1' });
      if (!isCovered) {
        link(0).tell({ t: 'item', phase: 'done', item: say('a1', 'assistant', 'No.'), basis: 'wire' });
      }
      link(0).tell(dropped);
      await clock.advance(0);
      const { history, resume } = link(1).last('open');
      expect([history.length, resume]).toEqual(isCovered ? [0, 'h1'] : [2, undefined]);
      link(1).tell(ready);
      expect(told).toMatchObject([['session_reconnected', { resumed: isCovered }]]);
    }
  });
});

test('dead_air: the turn is over and nothing comes; by then what is done about it is under way', async () => {
  const { clock, link, told } = await opened({
    session: { deadAir: { then: 'ask', afterMs: 4_000 } },
    hear: ['dead_air', 'generation_created'],
  });
  link(0).tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
  await clock.advance(4_000);
  expect(told).toEqual([['dead_air', { turnId: 't', waitedMs: 4_000, then: 'ask' }]]);
  link(0).begin('r1', link(0).last('reply').cmd);
  expect(told.at(-1)).toMatchObject(['generation_created', { turnId: 't', userInitiated: false }]);
});

describe('another connection before the end', () => {
  test('maxSessionDurationMs: the next one is opened while this one serves, and takes over in silence', async () => {
    const { clock, link, links, told } = await opened({
      session: { maxSessionDurationMs: 300_000 },
      hear: ['state_changed', 'session_reconnected', 'error'],
    });
    told.length = 0;
    await clock.advance(229_000);
    expect(links.length).toBe(1);
    await clock.advance(1_000);
    expect(link(0).all('close')).toEqual([]);
    link(1).tell(ready);
    expect(link(0).all('close').length).toBe(1);
    expect(told).toMatchObject([['session_reconnected', { attempt: 1, gapMs: 0, replayedMs: 0 }]]);
  });

  test('reconnect(): resolves when the other one serves', async () => {
    const { clock, link, session, told } = await opened({ hear: ['session_reconnected'] });
    const moved = session.reconnect();
    await clock.advance(0);
    expect(told).toEqual([]);
    link(1).tell(ready);
    await moved;
    expect(told).toHaveLength(1);
  });

  test('reconnect() while a connection is made: resolves with that one', async () => {
    const { clock, link, links, session } = await stand();
    const moved = session.reconnect();
    link(0).tell(ready);
    await moved;
    await clock.advance(60_000);
    expect(links.length).toBe(1);
  });

  test('reconnect() that is refused for good rejects, and the session goes on as it is', async () => {
    const { session, clock, fails } = await opened();
    fails.push(new ConnectionError('auth_refused', 'wrong key', { retryable: false }));
    const moved = session.reconnect();
    const told = expect(moved).rejects.toMatchObject({ code: 'auth_refused' });
    await clock.advance(60_000);
    await told;
    expect(session.state).toBe('open');
    await session.close();
  });

  test('reconnect() of a session that is closed meanwhile rejects', async () => {
    const { session } = await opened();
    const moved = expect(session.reconnect()).rejects.toMatchObject({ code: 'closed' });
    await session.close();
    await moved;
  });

  test('settings that change while the next one waits are its own, too', async () => {
    const { clock, link, session } = await opened();
    void session.generateReply();
    link(0).begin('r1', link(0).last('reply').cmd);
    const moved = session.reconnect();
    await clock.advance(0);
    link(1).tell(ready);
    const set = session.updateOptions({ instructions: 'Be kind.', turns: null });
    link(0).confirm();
    await set;
    expect(link(1).all('configure')).toEqual([]);
    link(0).end('r1');
    await moved;
    expect(link(1).all('configure')).toMatchObject([
      { patch: { instructions: 'Be kind.', turns: { owner: 'caller' } } },
    ]);
  });
});

function say(id: string, role: 'user' | 'assistant', text: string) {
  return { kind: 'message' as const, id, role, parts: [{ kind: 'text' as const, text }] };
}
