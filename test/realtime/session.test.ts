import { describe, expect, test } from 'vitest';
import { energyVad, type Script, scriptedModel } from '../../src/cascade/index.js';
import { ChatContext, chatMessage } from '../../src/chat/index.js';
import { ConnectionError, countedIds } from '../../src/core/index.js';
import {
  type Command,
  type Dialler,
  type Event,
  type Link,
  RealtimeSession,
  type SessionOptions,
} from '../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';

function open(script: Script, options: SessionOptions = {}) {
  const clock = new FakeClock();
  const model = recordedModel(scriptedModel(script));
  const session = new RealtimeSession(model, { clock, ids: countedIds(), ...options });
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  return { clock, model, session, errors };
}

/** A model whose links say and take nothing; `dial` decides. */
function silentModel(dial: Dialler['dial'] = async () => silentLink()): Dialler {
  return { provider: 'silent', model: 'none', capabilities: fullCapabilities, defaults: plainConfig, dial };
}

function silentLink(ready = true): Link & { sent: string[] } {
  const sent: string[] = [];
  let listener: Parameters<Link['onEvent']>[0] = () => {};
  return {
    sent,
    send(command) {
      sent.push(command.t);
      if (command.t === 'open' && ready) listener({ t: 'ready' });
    },
    onEvent(next) {
      listener = next;
    },
  };
}

/** A link whose answers are the test's. */
function answeringLink(): Link & { sent: Command[]; tell(event: Event): void } {
  const sent: Command[] = [];
  let listener: (event: Event) => void = () => {};
  return {
    sent,
    send(command) {
      sent.push(command);
    },
    onEvent(next) {
      listener = next;
    },
    tell(event) {
      listener(event);
    },
  };
}

const loud = (samples: number) => new Int16Array(samples).map((_, i) => 8_000 * Math.sin(i / 10));

describe('a realtime session', () => {
  test('audio of any rate, channels and chunking becomes chunks of 20 ms at the wire’s rate; early audio is kept', async () => {
    const { clock, model, session } = open({ turns: [] });
    session.pushAudio({ pcm: loud(4_800), sampleRateHz: 48_000, channels: 1 });
    session.pushAudio({ pcm: loud(700), sampleRateHz: 48_000, channels: 2 });
    await clock.advance(1);
    await session.opened;
    session.pushAudio({ pcm: loud(9_600), sampleRateHz: 48_000, channels: 1 });
    await session.close();
    await clock.advance(1);
    const audio = model.links[0]!.flatMap((entry) =>
      entry.dir === 'command' && entry.command.t === 'audio' ? [entry.command] : [],
    );
    expect(new Set(audio.map(({ pcm }) => pcm.length))).toEqual(new Set([480]));
    expect(audio.map(({ atMs }) => atMs)).toEqual(audio.map((_, index) => index * 20));
    // 14,750 samples at 48 kHz are 307 ms: fifteen whole chunks, the rest waits for more.
    expect(audio).toHaveLength(15);
    model.assertLegal();
    expect(clock.pending).toBe(0);
  });

  test('a manual turn: commit takes what has not filled a chunk; the reply is asked for', async () => {
    const { clock, model, session } = open(
      { turns: [{ hears: 'hello', says: 'Hello to you.' }] },
      { config: { turns: { owner: 'caller' } } },
    );
    await clock.advance(1);
    session.pushAudio({ pcm: loud(24_000), sampleRateHz: 24_000, channels: 1 });
    session.pushAudio({ pcm: loud(100), sampleRateHz: 24_000, channels: 1 });
    const committed = session.commitAudio();
    await clock.advance(10);
    await committed;
    const reply = session.generateReply();
    await clock.advance(10);
    expect(await reply).toMatchObject({ userInitiated: true, outOfBand: false });
    expect(session.remoteItems.map((item) => item.kind === 'message' && item.role)).toEqual([
      'user',
      'assistant',
    ]);
    model.assertLegal();
    await session.close();
  });

  test('the server’s conversation is made equal to a chat context, and truthful about what it could not do', async () => {
    const { clock, model, session } = open({ turns: [] });
    await clock.advance(1);
    const chat = new ChatContext([
      chatMessage('a', 'user', 'I am Ada.'),
      chatMessage('b', 'assistant', 'Good morning, Ada.'),
      chatMessage('c', 'user', 'Am I booked?'),
    ]);
    const update = session.updateChatCtx(chat);
    await clock.advance(1);
    expect(await update).toEqual({ applied: ['a', 'b', 'c'], diverged: [] });
    chat.remove('b');
    chat.insertAfter('a', chatMessage('d', 'assistant', 'Hello.'));
    const second = session.updateChatCtx(chat);
    await clock.advance(1);
    const { applied, diverged } = await second;
    expect([applied.sort(), diverged]).toEqual([['b', 'd'], []]);
    expect(session.remoteItems.map((item) => item.id)).toEqual(['a', 'd', 'c']);
    await expect(session.removeItem('nobody')).rejects.toMatchObject({ code: 'provider_refused' });
    model.assertLegal();
    await session.close();
  });

  test('two replies asked at once come one after the other; an out-of-band one beside them', async () => {
    const { clock, model, session } = open({
      turns: [{ says: 'One.' }, { says: 'Two.' }],
      greeting: 'Zero.',
      otherwise: 'Enough.',
    });
    await clock.advance(1);
    const order: string[] = [];
    session.on('generation_created', ({ replyId }) => order.push(`created ${replyId}`));
    session.on('generation_ended', ({ replyId }) => order.push(`ended ${replyId}`));
    const replies = [session.generateReply(), session.generateReply()];
    await clock.advance(100);
    const [first, second] = await Promise.all(replies);
    expect(order).toEqual([
      `created ${first!.replyId}`,
      `ended ${first!.replyId}`,
      `created ${second!.replyId}`,
      `ended ${second!.replyId}`,
    ]);
    model.assertLegal();
    await session.close();
  });

  test('a connection that fails is one error, one closed event, and a rejected promise', async () => {
    const clock = new FakeClock();
    const refused = new ConnectionError('connect_failed', 'Nobody listens on 127.0.0.1:1');
    const session = new RealtimeSession(
      silentModel(() => Promise.reject(refused)),
      { clock },
    );
    const told: unknown[] = [];
    session.on('error', (error) => told.push(error));
    session.on('closed', (event) => told.push(event));
    const reply = session.generateReply();
    const opened = expect(session.opened).rejects.toBe(refused);
    const asked = expect(reply).rejects.toBe(refused);
    await clock.advance(20_000);
    await opened;
    await asked;
    expect(told).toMatchObject([refused, { code: 'connect_failed' }]);
    expect(() => session.pushAudio({ pcm: loud(480), sampleRateHz: 24_000, channels: 1 })).toThrow(
      /Nobody listens/,
    );
    expect(clock.pending).toBe(0);
  });

  test('a command that is never answered ends at its deadline; a reply too, and is stopped', async () => {
    const clock = new FakeClock();
    const link = silentLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock },
    );
    await clock.advance(1);
    const update = session.updateInstructions('Be brief.');
    const reply = session.generateReply();
    const settled = Promise.allSettled([update, reply]);
    await clock.advance(10_001);
    expect(await settled).toMatchObject([
      { status: 'rejected', reason: { code: 'provider_failed' } },
      { status: 'rejected', reason: { code: 'reply_timeout' } },
    ]);
    expect(link.sent).toEqual(['open', 'configure', 'reply']);
    await session.close();
    await session.close();
    expect(clock.pending).toBe(0);
  });

  test('closing ends what is pending, tells once, and leaves nothing', async () => {
    const clock = new FakeClock();
    const session = new RealtimeSession(silentModel(), { clock });
    const closed: unknown[] = [];
    session.on('closed', (event) => closed.push(event));
    await clock.advance(1);
    const pending = Promise.allSettled([
      session.updateTools([{ name: 'look', parameters: { type: 'object' } }]),
      session.generateReply(),
      session.commitAudio(),
    ]);
    await session.close();
    expect((await pending).map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(closed).toHaveLength(1);
    expect(session.state).toBe('closed');
    expect(clock.pending).toBe(0);
  });

  test('what the model cannot change while it is open is refused before anything is sent', async () => {
    const clock = new FakeClock();
    const link = silentLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock },
    );
    await clock.advance(1);
    await expect(session.updateOptions({ voice: 'other' })).rejects.toMatchObject({
      code: 'unsupported',
      param: 'voice',
    });
    expect(link.sent).toEqual(['open']);
    await session.close();
  });

  test('a wire without ears needs a VAD, and says how to get one', () => {
    const deaf = { ...silentModel(), capabilities: { ...fullCapabilities, speech: 'none' as const } };
    expect(() => new RealtimeSession(deaf, { clock: new FakeClock() })).toThrow(/sileroVad/);
  });

  test('a link that never becomes ready is given up, and closed', async () => {
    const clock = new FakeClock();
    const link = silentLink(false);
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock, openTimeoutMs: 3_000, connOptions: { maxRetries: 0 } },
    );
    const told: unknown[] = [];
    session.on('error', (error) => told.push(error));
    session.on('closed', (event) => told.push(event));
    const pending = Promise.allSettled([session.clearAudio(), session.generateReply()]);
    await clock.advance(3_001);
    await expect(session.opened).rejects.toMatchObject({ code: 'connect_timeout' });
    expect((await pending).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(told).toMatchObject([{ code: 'connect_timeout' }, { error: { code: 'connect_timeout' } }]);
    expect(link.sent).toEqual(['open', 'close']);
    expect(clock.pending).toBe(0);
  });

  test('settings: before the opening they are the opening’s; later they hold once the server has confirmed them', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock, ids: countedIds() },
    );
    await session.updateInstructions('Before.');
    expect(session.instructions).toBe('Before.');
    await clock.advance(0);
    const late = session.updateInstructions('After.');
    expect(session.instructions).toBe('Before.');
    link.tell({ t: 'ready' });
    expect(link.sent.map(({ t }) => t)).toEqual(['open', 'configure']);
    expect(link.sent[0]).toMatchObject({ config: { instructions: 'Before.' } });
    link.tell({ t: 'ack', cmd: 'cmd_1', basis: 'wire' });
    await late;
    expect(session.instructions).toBe('After.');
    const refused = session.updateInstructions('Never.');
    link.tell({ t: 'refused', cmd: 'cmd_2', code: 'invalid_value', message: 'no', benign: false });
    await expect(refused).rejects.toMatchObject({ code: 'provider_refused' });
    expect(session.instructions).toBe('After.');
    await session.close();
  });

  test('what is pushed before the link keeps its order: audio, commit, more audio', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock, ids: countedIds(), replayMs: 30_000 },
    );
    const dropped: unknown[] = [];
    session.on('input_audio_dropped', (event) => dropped.push(event));
    const second = { pcm: loud(24_000), sampleRateHz: 24_000, channels: 1 };
    for (let i = 0; i < 31; i++) session.pushAudio(second);
    const committed = session.commitAudio();
    session.pushAudio({ pcm: loud(480), sampleRateHz: 24_000, channels: 1 });
    await clock.advance(0);
    link.tell({ t: 'ready' });
    const kinds = link.sent.map(({ t }) => t);
    expect(kinds.slice(-3)).toEqual(['audio', 'activity', 'audio']);
    expect(kinds.filter((t) => t === 'audio')).toHaveLength(1_500);
    expect(dropped).toEqual([{ droppedMs: 1_020 }]);
    link.tell({ t: 'ack', cmd: 'cmd_1', basis: 'wire' });
    await committed;
    await session.close();
  });

  test('in a listener too: audio pushed behind a commit is not of that turn', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock },
    );
    session.on('input_speech_stopped', () => {
      session.commitAudio().catch(() => {});
      session.pushAudio({ pcm: loud(480), sampleRateHz: 24_000, channels: 1 });
    });
    await clock.advance(0);
    link.tell({ t: 'ready' });
    link.tell({ t: 'speech', edge: 'stop', turn: 't', basis: 'wire' });
    expect(link.sent.map(({ t }) => t)).toEqual(['open', 'activity', 'audio']);
    await session.close();
  });

  test('after the end nothing is told any more, whatever the link still says', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock },
    );
    await clock.advance(0);
    link.tell({ t: 'ready' });
    const told: string[] = [];
    for (const name of ['generation_audio', 'generation_created', 'closed'] as const) {
      session.on(name, () => told.push(name));
    }
    await session.close();
    const cause = { by: 'wire' } as const;
    link.tell({ t: 'response', phase: 'started', response: 'r', cause, outOfBand: false });
    link.tell({ t: 'audio', response: null, item: null, part: 0, pcm: loud(480) });
    expect(told).toEqual(['closed']);
    await expect(session.updateChatCtx(new ChatContext())).rejects.toMatchObject({ code: 'closed' });
  });

  test('what the wire keeps cannot be removed, and the update says so', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const keeping = { ...fullCapabilities, remove: false };
    const session = new RealtimeSession(
      { ...silentModel(async () => link), capabilities: keeping },
      { clock },
    );
    await clock.advance(0);
    link.tell({ t: 'ready' });
    const item = { kind: 'message', id: 'a', role: 'user', parts: [{ kind: 'text', text: 'Hi' }] } as const;
    link.tell({ t: 'item', phase: 'added', item: { ...item, parts: [...item.parts] }, basis: 'wire' });
    await expect(session.updateChatCtx(new ChatContext())).resolves.toMatchObject({
      applied: [],
      diverged: [{ itemId: 'a', want: 'absent', have: 'present' }],
    });
    await session.close();
  });

  test('local ears hear what is pushed, with and without a link, and an answer is expected', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      { ...silentModel(async () => link), capabilities: { ...fullCapabilities, speech: 'none' } },
      { clock, vad: energyVad() },
    );
    const told: unknown[] = [];
    session.on('input_speech_started', ({ atMs }) => told.push(atMs));
    session.on('input_speech_stopped', ({ atMs }) => told.push(atMs));
    const quiet = new Int16Array(24_000);
    for (let i = 0; i < 31; i++) session.pushAudio({ pcm: quiet, sampleRateHz: 24_000, channels: 1 });
    expect(told).toEqual([]);
    await clock.advance(0);
    link.tell({ t: 'ready' });
    session.pushAudio({ pcm: loud(24_000), sampleRateHz: 24_000, channels: 1 });
    session.pushAudio({ pcm: quiet, sampleRateHz: 24_000, channels: 1 });
    expect(told).toEqual([31_000, 32_000]);
    expect(session.isReplying).toBe(true);
    // Noise, as the server heard it.
    await clock.advance(3_000);
    expect(session.isReplying).toBe(false);
    await session.close();
  });

  test('one reply is cancelled while it waits; a turn without words is told as that', async () => {
    const clock = new FakeClock();
    const link = answeringLink();
    const session = new RealtimeSession(
      silentModel(async () => link),
      { clock },
    );
    const told: unknown[] = [];
    session.on('reply_failed', (event) => told.push(event));
    session.on('turn_unanswered', (event) => told.push(event));
    session.on('error', (error) => told.push(error));
    await clock.advance(0);
    link.tell({ t: 'ready' });
    link.tell({ t: 'speech', edge: 'start', turn: 't', item: 'i', basis: 'wire' });
    link.tell({ t: 'speech', edge: 'stop', turn: 't', basis: 'wire' });
    link.tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
    expect(session.isReplying).toBe(true);
    const reply = session.generateReply({ replyId: 'mine' });
    session.cancelReply('mine');
    await expect(reply).rejects.toMatchObject({ vendorCode: 'superseded' });
    link.tell({ t: 'heard', turn: 't', item: 'i', text: '', how: 'final' });
    await clock.advance(1_500);
    expect(told).toMatchObject([{ replyId: 'mine', asked: true }, { turnId: 't' }]);
    expect(session.isReplying).toBe(false);
    await session.close();
  });
});
