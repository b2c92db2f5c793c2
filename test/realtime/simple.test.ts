import { describe, expect, test } from 'vitest';
import { stand, userMessage } from './scripted-link.js';

describe('simple names', () => {
  test('simpleResponse: what was written is the user’s, and is answered', async () => {
    const { session, link } = await stand();
    const answer = session.simpleResponse('What do you see?');
    expect(link.sent.slice(1).map(({ t }) => t)).toEqual(['item.add', 'reply']);
    expect(link.last('item.add').item).toMatchObject({
      role: 'user',
      parts: [{ kind: 'text', text: 'What do you see?' }],
    });
    link.confirm();
    link.begin('r1', link.last('reply').cmd);
    expect(await answer).toMatchObject({ responseId: 'r1', userInitiated: true });
    await session.close();
  });

  test('simpleResponse that the model does not take rejects', async () => {
    const { session, link } = await stand();
    const answer = session.simpleResponse('?');
    const { cmd } = link.last('item.add');
    link.tell({ t: 'refused', cmd, code: 'invalid_value', message: 'no', benign: false });
    await expect(answer).rejects.toMatchObject({ code: 'provider_refused' });
    await session.close();
  });

  test('simpleAudioResponse: audio of any rate goes to the model, and is told', async () => {
    const { session, link, told } = await stand({ hear: ['realtime_audio_input'] });
    session.simpleAudioResponse({ pcm: new Int16Array(960), sampleRateHz: 24_000, channels: 1 });
    expect(link.all('audio').map(({ pcm }) => pcm.length)).toEqual([480, 480]);
    expect(told).toMatchObject([
      { event: { sampleRateHz: 24_000, channels: 1, pcm: expect.any(Int16Array) } },
      { event: {} },
    ]);
    await session.close();
  });

  test('connected, sessionId and epoch follow the link and the interruptions', async () => {
    const { session, link, told } = await stand({ hear: ['interrupted'] });
    expect([session.connected, session.sessionId, session.epoch]).toEqual([true, 'sess_1', 0]);
    session.interrupt();
    const reply = session.generateReply();
    link.begin('r1', link.last('reply').cmd);
    await reply;
    link.end('r1', { status: 'cancelled' });
    link.tell({ t: 'drop' });
    expect(told.map(({ event }) => event)).toMatchObject([
      { by: 'us', epoch: 1 },
      { by: 'server', epoch: 2 },
      { by: 'server', epoch: 3 },
    ]);
    expect(session.epoch).toBe(3);
    await session.close();
    expect(session.connected).toBe(false);
  });

  test('an answer, by simple events alone', async () => {
    const { session, link, told } = await stand({
      hear: [
        'realtime_audio_output',
        'realtime_audio_output_done',
        'realtime_agent_speech_transcription',
        'realtime_response',
      ],
    });
    link.begin('r1');
    const said = { t: 'said', response: 'r1', item: 'i1', part: 0, stage: 'spoken' } as const;
    link.say('r1', 'i1', 2);
    link.tell({ ...said, text: 'Good ', how: 'append' });
    link.tell({ ...said, text: 'day.', how: 'append' });
    link.tell({ ...said, text: 'Hm.', how: 'append', stage: 'thought' });
    link.tell({ ...said, text: 'Good day.', how: 'final' });
    link.end('r1');
    expect(told).toEqual([
      {
        name: 'realtime_audio_output',
        event: { responseId: 'r1', epoch: 0, pcm: new Int16Array(2), sampleRateHz: 24_000, channels: 1 },
      },
      ...['Good ', 'Good day.'].flatMap((text, index) => [
        {
          name: 'realtime_agent_speech_transcription',
          event: { responseId: 'r1', text, isFinal: false },
        },
        {
          name: 'realtime_response',
          event: { responseId: 'r1', text: index === 0 ? 'Good ' : 'day.', isComplete: false },
        },
      ]),
      {
        name: 'realtime_agent_speech_transcription',
        event: { responseId: 'r1', text: 'Good day.', isFinal: true },
      },
      { name: 'realtime_audio_output_done', event: { responseId: 'r1', interrupted: false } },
      { name: 'realtime_response', event: { responseId: 'r1', text: 'Good day.', isComplete: true } },
    ]);
    await session.close();
  });

  test('the user’s words, items, connection and errors, by simple events alone', async () => {
    const { session, link, told } = await stand({
      hear: [
        'realtime_connected',
        'realtime_disconnected',
        'realtime_user_speech_transcription',
        'realtime_conversation_item',
        'realtime_error',
      ],
    });
    const item = userMessage('u', null);
    link.tell({ t: 'item', phase: 'added', item, after: null, basis: 'wire' });
    link.tell({ t: 'heard', item: 'u', text: 'Hel', how: 'append' });
    link.tell({ t: 'heard', item: 'u', text: 'Hello.', how: 'final' });
    link.tell({ t: 'refused', code: 'invalid_value', message: 'no', benign: false });
    link.begin('r1');
    link.end('r1', { status: 'failed', message: 'overloaded' });
    link.tell({ t: 'closing', code: 'invalid_api_key', disposition: 'fatal', message: 'bad key' });
    expect(told).toMatchObject([
      { name: 'realtime_connected', event: { sessionId: 'sess_1', capabilities: session.capabilities } },
      { name: 'realtime_conversation_item', event: { item, previousItemId: null } },
      { name: 'realtime_user_speech_transcription', event: { itemId: 'u', text: 'Hel', isFinal: false } },
      { name: 'realtime_user_speech_transcription', event: { itemId: 'u', text: 'Hello.', isFinal: true } },
      { name: 'realtime_error', event: { error: { code: 'provider_refused' }, recoverable: true } },
      {
        name: 'realtime_error',
        event: { error: { code: 'reply_failed', message: 'overloaded' }, recoverable: true },
      },
      { name: 'realtime_error', event: { error: { code: 'auth_refused' }, recoverable: false } },
      { name: 'realtime_disconnected', event: { reason: 'bad key', clean: false } },
    ]);
  });

  test('an end that was asked for is clean', async () => {
    const { session, told } = await stand({ hear: ['realtime_disconnected', 'realtime_error'] });
    await session.close();
    expect(told).toMatchObject([{ name: 'realtime_disconnected', event: { clean: true } }]);
  });

  test('a second listener of a simple event hears each once', async () => {
    const { session, link, told } = await stand({ hear: ['realtime_response', 'realtime_response'] });
    link.begin('r1');
    link.end('r1');
    expect(told).toHaveLength(2);
    await session.close();
  });
});
