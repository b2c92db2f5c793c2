import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, AgentSession, type AgentSessionOptions, tool } from '../../src/agent/index.js';
import { scriptedModel } from '../../src/cascade/index.js';
import { countedIds } from '../../src/core/index.js';
import type { Dialler, Event } from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';
import { fullCapabilities, plainConfig } from '../realtime/full-capabilities.js';
import { ScriptedLink } from '../realtime/scripted-link.js';
import { breakableModel } from './calls/models.js';

const lost: Event = { t: 'closing', code: 'cut', disposition: 'retry', message: 'The wire is cut.' };
const told = [
  'speech_created',
  'session_reconnected',
  'session_retrying',
  'dead_air',
  'speech_interrupted',
  'function_tools_executed',
  'error',
] as const;

/** A call over links whose every event is the test's. */
async function call(options: Partial<AgentSessionOptions> = {}, tools: ReturnType<typeof tool>[] = []) {
  const clock = new FakeClock();
  const links: ScriptedLink[] = [];
  const refusals: number[] = [];
  const llm: Dialler = {
    provider: 'scripted',
    model: 'one',
    capabilities: fullCapabilities,
    defaults: plainConfig,
    async dial() {
      const next = refusals.shift();
      if (next !== undefined) throw new Error('refused');
      const link = new ScriptedLink();
      links.push(link);
      return link;
    },
  };
  const session = new AgentSession({ llm, clock, ids: countedIds(), ...options });
  const transport = new MemoryTransport({ clock, openMic: true });
  const events: [string, unknown][] = [];
  for (const name of told) session.on(name, (event) => events.push([name, event]));
  const started = session.start({ agent: new Agent({ instructions: 'Be brief.', tools }), transport });
  await clock.advance(0);
  links[0]!.tell({ t: 'ready' });
  await clock.advance(1);
  await started;
  const last = () => links.at(-1)!;
  return {
    clock,
    session,
    transport,
    links,
    refusals,
    last,
    named: (name: (typeof told)[number]) =>
      events.filter(([other]) => other === name).map(([, event]) => event),
    /** The link is lost; another one is ready. */
    async relink() {
      last().tell(lost);
      await clock.advance(1);
      last().tell({ t: 'ready' });
      await clock.advance(1);
    },
    /** A message begins, with words. */
    begin(response: string, item: string, text: string) {
      const message = { kind: 'message', id: item, role: 'assistant', parts: [] } as const;
      const of = { response, item, part: 0 } as const;
      last().tell(
        { t: 'item', phase: 'added', item: { ...message, parts: [], status: 'in_progress' }, basis: 'wire' },
        { t: 'part', phase: 'started', ...of, index: 0, kind: 'audio' },
        { t: 'said', ...of, text, how: 'append', stage: 'spoken' },
      );
    },
    finish(response: string, item: string) {
      last().tell({ t: 'part', phase: 'done', response, item, index: 0, part: 0, kind: 'audio' });
      last().end(response);
    },
    async close() {
      await session.close();
      await clock.advance(1);
      expect(clock.pending).toBe(0);
    },
  };
}

/** 100 ms of sound. */
const bit = 2_400;

describe('the model’s connection is lost', () => {
  test('before the first sound: the same speech goes on, and nobody is told of an error', async () => {
    const on = await call();
    const speech = on.session.generateReply();
    on.last().begin('r1', on.last().last('reply').cmd);
    on.begin('r1', 'i1', 'Good');
    await on.relink();
    expect(speech.done).toBe(false);
    expect(on.session.agentState).toBe('thinking');
    on.last().begin('r2', on.last().last('reply').cmd);
    on.begin('r2', 'i2', 'Good day.');
    on.last().say('r2', 'i2', bit);
    on.finish('r2', 'i2');
    await on.clock.advance(200);
    expect(speech).toMatchObject({ done: true, interrupted: false });
    expect(on.named('error')).toEqual([]);
    expect(on.named('speech_created')).toHaveLength(1);
    expect(on.session.history.items).toMatchObject([
      { id: 'i1', heard: 'unheard' },
      { id: 'i2', heard: 'heard', interrupted: false },
    ]);
    await on.close();
  });

  test('in the middle: what came is played, and stays as that; the speech is over', async () => {
    const on = await call();
    const speech = on.session.generateReply();
    on.last().begin('r1', on.last().last('reply').cmd);
    on.begin('r1', 'i1', 'Good day to you');
    on.last().say('r1', 'i1', bit);
    await on.clock.advance(20);
    await on.relink();
    expect(speech.done).toBe(false);
    await on.clock.advance(200);
    expect(speech.done).toBe(true);
    expect(on.transport.heard().length).toBe(bit);
    expect(on.named('error')).toEqual([]);
    expect(on.session.history.items).toMatchObject([{ id: 'i1', heard: 'partly', interrupted: true }]);
    expect(on.links.flatMap((link) => link.all('item.cut'))).toEqual([]);
    expect(on.session.agentState).toBe('listening');
    await on.close();
  });

  test('in the middle, to be continued: one speech, two messages', async () => {
    const on = await call({ session: { partialReply: 'continue' } });
    const speech = on.session.generateReply();
    on.last().begin('r1', on.last().last('reply').cmd);
    on.begin('r1', 'i1', 'Good day');
    on.last().say('r1', 'i1', bit);
    await on.relink();
    await on.clock.advance(300);
    expect(speech.done).toBe(false);
    on.last().begin('r2', on.last().last('reply').cmd);
    on.begin('r2', 'i2', 'to you.');
    on.last().say('r2', 'i2', bit);
    on.finish('r2', 'i2');
    await on.clock.advance(200);
    expect(speech.done).toBe(true);
    expect(on.named('speech_created')).toHaveLength(1);
    expect(on.session.history.items).toMatchObject([
      { id: 'i1', heard: 'partly' },
      { id: 'i2', heard: 'heard' },
    ]);
    await on.close();
  });

  test('cut by the caller while what came is still played: the new link is not told, and nothing fails', async () => {
    const on = await call();
    on.session.generateReply();
    on.last().begin('r1', on.last().last('reply').cmd);
    on.begin('r1', 'i1', 'Good day to you');
    on.last().say('r1', 'i1', 10 * bit);
    await on.clock.advance(100);
    await on.relink();
    const cuts: unknown[] = [];
    on.session.realtime.on('remote_item_truncated', (event) => cuts.push(event));
    on.last().tell({ t: 'speech', edge: 'start', turn: 't', basis: 'wire' });
    await on.clock.advance(10);
    expect(on.last().all('item.cut')).toEqual([]);
    expect(cuts).toMatchObject([{ itemId: 'i1', basis: 'sent' }]);
    expect(on.named('error')).toEqual([]);
    expect(on.session.history.items[0]).toMatchObject({ id: 'i1', heard: 'partly' });
    await on.close();
  });

  test('interrupted before, and not ended yet: no error of it', async () => {
    const on = await call();
    const speech = on.session.generateReply();
    on.last().begin('r1', on.last().last('reply').cmd);
    on.session.interrupt();
    await on.relink();
    expect(on.named('error')).toEqual([]);
    expect(speech).toMatchObject({ done: true, interrupted: true });
    await on.close();
  });

  test.each(['after its response', 'with its response'])(
    'while a tool runs, lost %s: its result is told on the next link, and spoken of once',
    async (when) => {
      let finish: (result: string) => void = () => {};
      const look = tool({
        name: 'look',
        description: 'Looks.',
        parameters: z.object({}),
        execute: () => new Promise<string>((resolve) => (finish = resolve)),
      });
      const on = await call({}, [look]);
      const speech = on.session.generateReply();
      on.last().begin('r1', on.last().last('reply').cmd);
      const asked = { item: 'i1', call: 'c1', name: 'look', args: '{}', owner: 'us' } as const;
      on.last().tell({ t: 'call', phase: 'ready', response: 'r1', ...asked });
      if (when === 'after its response') on.last().end('r1');
      await on.clock.advance(1);
      await on.relink();
      expect(on.last().all('reply')).toEqual([]);
      expect(speech.done).toBe(false);
      finish('nine');
      await on.clock.advance(1);
      on.last().confirm();
      await on.clock.advance(1);
      expect(on.last().all('answer')).toEqual([]);
      expect(on.last().all('item.add')).toMatchObject([
        { item: { kind: 'call', call: 'c1' } },
        { item: { kind: 'result', call: 'c1', output: 'nine' } },
      ]);
      expect(on.last().all('reply')).toHaveLength(1);
      on.last().begin('r2', on.last().last('reply').cmd);
      on.begin('r2', 'i2', 'At nine.');
      on.last().say('r2', 'i2', bit);
      on.finish('r2', 'i2');
      await on.clock.advance(20_000);
      expect(on.last().all('reply')).toHaveLength(1);
      expect(speech).toMatchObject({ done: true, interrupted: false });
      expect(on.named('function_tools_executed')).toHaveLength(1);
      expect(on.named('speech_created')).toHaveLength(1);
      expect(on.named('error')).toEqual([]);
      await on.close();
    },
  );

  test('while the user speaks: the turn is heard again, and answered as one', async () => {
    const on = await call();
    void on.transport.say(new Int16Array(24 * 1_000).fill(1_000));
    await on.clock.advance(300);
    on.last().tell({ t: 'speech', edge: 'start', turn: 't', item: 'u1', atMs: 0, basis: 'wire' });
    await on.clock.advance(200);
    await on.relink();
    expect(on.session.userState).toBe('speaking');
    await on.clock.advance(600);
    on.last().tell(
      { t: 'speech', edge: 'start', turn: 't2', item: 'u2', atMs: 0, basis: 'wire' },
      { t: 'speech', edge: 'stop', turn: 't2', item: 'u2', atMs: 1_000, basis: 'wire' },
      { t: 'committed', turn: 't2', item: 'u2', basis: 'wire' },
      {
        t: 'response',
        phase: 'started',
        response: 'r1',
        cause: { by: 'turn', turn: 't2' },
        outOfBand: false,
      },
    );
    on.begin('r1', 'i1', 'Yes.');
    on.last().say('r1', 'i1', bit);
    on.finish('r1', 'i1');
    await on.clock.advance(300);
    expect(on.session.userState).toBe('listening');
    expect(on.named('error')).toEqual([]);
    expect(on.named('speech_created')).toHaveLength(1);
    expect(on.session.history.items).toMatchObject([{ role: 'user' }, { role: 'assistant', heard: 'heard' }]);
    await on.close();
  });

  test('what the model’s session tells of it, the agent’s does', async () => {
    const on = await call({ session: { deadAir: { then: 'fail', afterMs: 1_000 } } });
    on.refusals.push(1);
    on.last().tell(lost);
    await on.clock.advance(5_000);
    on.last().tell({ t: 'ready' });
    expect(on.named('session_retrying')).toMatchObject([{ attempt: 1 }]);
    expect(on.named('session_reconnected')).toMatchObject([{ attempt: 2, resumed: false }]);
    on.last().tell(
      { t: 'speech', edge: 'start', turn: 't', item: 'u', basis: 'wire' },
      { t: 'speech', edge: 'stop', turn: 't', item: 'u', basis: 'wire' },
      { t: 'committed', turn: 't', item: 'u', basis: 'wire' },
    );
    await on.clock.advance(1_000);
    expect(on.named('dead_air')).toMatchObject([{ waitedMs: 1_000, then: 'fail' }]);
    await on.close();
  });
});

test('over the script: a greeting whose connection breaks before it is heard is given by the next one', async () => {
  const clock = new FakeClock();
  const script = { greeting: 'We open at nine.', turns: [], thinkMs: 300 };
  const llm = breakableModel(scriptedModel(script), 'retry');
  const session = new AgentSession({ llm, clock, ids: countedIds() });
  const transport = new MemoryTransport({ clock, openMic: true });
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  const started = session.start({ agent: new Agent({ instructions: 'Be brief.' }), transport });
  await clock.advance(1);
  await started;
  const speech = session.generateReply();
  await clock.advance(100);
  llm.break();
  await clock.advance(5_000);
  expect(speech).toMatchObject({ done: true, interrupted: false });
  expect(errors).toEqual([]);
  // Four words of 200 ms each, once.
  expect(transport.heard().length).toBe(0.8 * 24_000);
  await session.close();
  await clock.advance(1);
  expect(clock.pending).toBe(0);
});
