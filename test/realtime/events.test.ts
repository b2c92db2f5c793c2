import { describe, expect, test } from 'vitest';
import { countedIds } from '../../src/core/index.js';
import { type FrameTap, RealtimeSession } from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';
import { ScriptedLink, stand, userMessage } from './scripted-link.js';

describe('metrics_collected', () => {
  test('every detail: times, tokens by kind, whose model, which connection', async () => {
    const { session, link, clock, told } = await stand({ hear: ['metrics_collected'] });
    const usage = {
      totalTokens: 150,
      inputTokens: 100,
      outputTokens: 50,
      inputTextTokens: 40,
      inputAudioTokens: 50,
      inputImageTokens: 10,
      cachedTokens: 30,
      cachedTextTokens: 20,
      cachedAudioTokens: 8,
      cachedImageTokens: 2,
      outputTextTokens: 15,
      outputAudioTokens: 35,
    };
    await clock.advance(500);
    const atMs = clock.wallNow();
    link.begin('r1');
    await clock.advance(300);
    link.say('r1', 'i1');
    await clock.advance(700);
    link.end('r1', { usage });
    expect(told.map(({ event }) => event)).toEqual([
      {
        type: 'realtime_model',
        label: 'scripted/one',
        provider: 'scripted',
        model: 'one',
        timestampMs: atMs,
        responseId: 'r1',
        requestId: 'r1',
        ttftMs: 300,
        durationMs: 1_000,
        cancelled: false,
        connectionAcquiredMs: 0,
        tokensPerSecond: 50,
        usage,
      },
    ]);
    await session.close();
  });

  test('what nobody said is absent, never 0; a cancelled response says so', async () => {
    const { session, link, told } = await stand({ hear: ['metrics_collected'] });
    link.begin('r1');
    link.end('r1', { status: 'cancelled' });
    const event = told[0]?.event;
    expect(event).toMatchObject({ cancelled: true, durationMs: 0 });
    for (const name of ['ttftMs', 'usage', 'tokensPerSecond']) expect(event).not.toHaveProperty(name);
    await session.close();
  });

  test('the time that the connection took, from the dial until audio could flow', async () => {
    const clock = new FakeClock();
    const link = new ScriptedLink();
    const model = {
      provider: 'scripted',
      model: 'one',
      capabilities: fullCapabilities,
      defaults: plainConfig,
      dial: async () => link,
    };
    const session = new RealtimeSession(model, { clock });
    const told: unknown[] = [];
    session.on('metrics_collected', (metrics) => told.push(metrics.connectionAcquiredMs));
    await clock.advance(250);
    link.tell({ t: 'ready' });
    link.begin('r1');
    link.end('r1');
    expect(told).toEqual([250]);
    await session.close();
  });
});

describe('raw events', () => {
  async function tapped(provider: string) {
    const clock = new FakeClock();
    const link = new ScriptedLink();
    let tap: FrameTap | undefined;
    const session = new RealtimeSession(
      {
        provider,
        model: 'one',
        capabilities: fullCapabilities,
        defaults: plainConfig,
        async dial(context) {
          tap = context.tap;
          return link;
        },
      },
      { clock, ids: countedIds() },
    );
    const told: [string, unknown][] = [];
    for (const name of ['server_event_received', 'client_event_queued'] as const) {
      session.on(name, ({ event, frame }) => told.push([name, event ?? frame]));
      session.on(`openai_${name}`, (event) => told.push([`openai_${name}`, event]));
    }
    await clock.advance(0);
    tap?.('out', '{"type":"session.update"}');
    tap?.('in', '{"type":"session.created"}');
    tap?.('in', 'no JSON');
    await session.close();
    return told;
  }

  test('every frame of both directions, parsed when read; by OpenAI’s names on its wire', async () => {
    expect(await tapped('openai')).toEqual([
      ['client_event_queued', { type: 'session.update' }],
      ['openai_client_event_queued', { type: 'session.update' }],
      ['server_event_received', { type: 'session.created' }],
      ['openai_server_event_received', { type: 'session.created' }],
      ['server_event_received', 'no JSON'],
      ['openai_server_event_received', undefined],
    ]);
  });

  test('another wire has no events by OpenAI’s names', async () => {
    expect((await tapped('gemini')).map(([name]) => name)).toEqual([
      'client_event_queued',
      'server_event_received',
      'server_event_received',
    ]);
  });
});

describe('what the server says by itself', () => {
  test('rate limits are told', async () => {
    const { session, link, told } = await stand({ hear: ['rate_limits_updated'] });
    const limits = [{ name: 'tokens', limit: 1_000, remaining: 10, resetMs: 6_000 }];
    link.tell({ t: 'limits', limits });
    expect(told.map(({ event }) => event)).toEqual([{ limits }]);
    await session.close();
  });

  test('its end beforehand: session_expiring', async () => {
    const { session, link, told } = await stand({ hear: ['session_expiring'] });
    link.tell({ t: 'expiring', inMs: 60_000 });
    expect(told.map(({ event }) => event)).toEqual([{ inMs: 60_000 }]);
    await session.close();
  });

  test('items in its conversation: added in their places, and removed by truncation of the context', async () => {
    const { session, link, told } = await stand({ hear: ['remote_item_added', 'remote_item_removed'] });
    for (const [id, after] of [
      ['a', null],
      ['c', 'a'],
      ['b', 'a'],
    ] as const) {
      link.tell({ t: 'item', phase: 'added', item: userMessage(id, id), after, basis: 'wire' });
    }
    link.tell({ t: 'item', phase: 'removed', item: userMessage('a', 'a'), basis: 'wire' });
    expect(session.remoteItems.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(told).toMatchObject([
      { name: 'remote_item_added', event: { item: { id: 'a' }, previousItemId: null } },
      { event: { item: { id: 'c' }, previousItemId: 'a' } },
      { event: { item: { id: 'b' }, previousItemId: 'a' } },
      { name: 'remote_item_removed', event: { itemId: 'a' } },
    ]);
    await session.close();
  });

  test('its own truncation of an item is told', async () => {
    const { session, link, told } = await stand({ hear: ['remote_item_truncated'] });
    const item = { kind: 'message' as const, id: 'a', role: 'assistant' as const, parts: [] };
    link.tell({ t: 'item', phase: 'cut', item, heardMs: 250, basis: 'wire' });
    expect(told.map(({ event }) => event)).toEqual([{ itemId: 'a', heardMs: 250, basis: 'wire' }]);
    await session.close();
  });

  test('races that change nothing are nobody’s error; an error is', async () => {
    const { session, link, told } = await stand({ hear: ['error'] });
    link.tell(
      { t: 'refused', code: 'response_cancel_not_active', message: 'no response', benign: true },
      { t: 'refused', code: 'rate_limit_exceeded', message: 'slow down', benign: false },
    );
    expect(told.map(({ event }) => event)).toMatchObject([
      { code: 'rate_limited', retryable: true, provider: 'scripted', vendorCode: 'rate_limit_exceeded' },
    ]);
    expect(session.connected).toBe(true);
    await session.close();
  });
});

describe('speech and words of the user', () => {
  test('input_speech_started and _stopped: whose turn, where on the line, whether it is written down', async () => {
    const { session, link, told } = await stand({
      model: { defaults: { ...plainConfig, transcription: {} } },
      hear: ['input_speech_started', 'input_speech_stopped', 'input_audio_committed'],
    });
    link.tell(
      { t: 'speech', edge: 'start', turn: 't', item: 'u', atMs: 120, basis: 'wire' },
      { t: 'speech', edge: 'stop', turn: 't', item: 'u', atMs: 900, basis: 'wire' },
      { t: 'committed', turn: 't', item: 'u', basis: 'wire' },
    );
    expect(told.map(({ event }) => event)).toEqual([
      { turnId: 't', itemId: 'u', atMs: 120 },
      { turnId: 't', itemId: 'u', atMs: 900, discarded: false, userTranscriptionEnabled: true },
      { turnId: 't', itemId: 'u' },
    ]);
    await session.close();
  });

  test('transcription: deltas put together, the whole text, its language and confidence', async () => {
    const { session, link, told } = await stand({
      hear: ['input_audio_transcription_updated', 'input_audio_transcription_completed'],
    });
    link.tell(
      { t: 'heard', item: 'u', text: 'Good ', how: 'append' },
      { t: 'heard', item: 'u', text: 'day', how: 'append' },
      { t: 'heard', item: 'u', text: 'Good day.', how: 'final', language: 'en', confidence: 0.9 },
    );
    expect(told.map(({ event }) => event)).toEqual([
      { itemId: 'u', text: 'Good ' },
      { itemId: 'u', text: 'Good day' },
      { itemId: 'u', text: 'Good day.', language: 'en', confidence: 0.9 },
    ]);
    await session.close();
  });

  test('transcription that failed is told as that, and the session goes on', async () => {
    const { session, link, told } = await stand({
      hear: ['input_audio_transcription_failed', 'input_audio_transcription_completed', 'error'],
    });
    link.tell({ t: 'heard', item: 'u', text: 'Hel', how: 'append' });
    link.tell({ t: 'heard', item: 'u', text: 'unintelligible', how: 'failed' });
    expect(told).toEqual([
      { name: 'input_audio_transcription_failed', event: { itemId: 'u', message: 'unintelligible' } },
    ]);
    await session.close();
  });

  test('transcription late, out of order and after the response: each goes to its own item', async () => {
    const { session, link, told } = await stand({ hear: ['input_audio_transcription_completed'] });
    for (const [id, after] of [
      ['u', null],
      ['v', 'u'],
    ] as const) {
      link.tell({ t: 'item', phase: 'added', item: userMessage(id, null), after, basis: 'wire' });
    }
    link.begin('r1');
    link.end('r1');
    link.tell({ t: 'heard', item: 'v', text: 'Second.', how: 'final' });
    link.tell({ t: 'heard', item: 'u', text: 'First.', how: 'final' });
    expect(told).toMatchObject([
      { event: { itemId: 'v', text: 'Second.' } },
      { event: { itemId: 'u', text: 'First.' } },
    ]);
    const words = session.chatCtx.items.map((item) => item.kind === 'message' && item.parts[0]);
    expect(words).toEqual([
      { kind: 'audio', transcript: 'First.' },
      { kind: 'audio', transcript: 'Second.' },
    ]);
    await session.close();
  });
});
