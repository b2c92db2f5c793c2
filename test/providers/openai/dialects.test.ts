import { afterEach, describe, expect, it } from 'vitest';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import type { Patch, RealtimeEvents, RealtimeSession } from '../../../src/realtime/index.js';
import { clinic, Stand, utterance } from '../../gateway/stand.js';
import { assertBetaClientEvent, assertClientEvent } from '../../schemas/openai.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Json = Record<string, unknown>;

const rows: [string, 'ga' | 'beta', (stand: Stand) => RealtimeModelOptions][] = [
  ['GA', 'ga', ({ gateway }) => ({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'k' })],
  ['beta', 'beta', ({ gateway }) => ({ baseUrl: `${gateway.httpUrl}/v1`, apiKey: 'k', dialect: 'beta' })],
  [
    'Azure GA',
    'ga',
    ({ gateway }) => ({ azureDeployment: 'dep', azureEndpoint: gateway.httpUrl, apiKey: 'k' }),
  ],
  [
    'Azure preview',
    'beta',
    ({ gateway }) => ({
      azureDeployment: 'dep',
      azureEndpoint: gateway.httpUrl,
      entraToken: async () => 'k',
      apiVersion: '2025-04-01-preview',
      temperature: 0.7,
    }),
  ],
];

const tools = [
  {
    name: 'opening_hours',
    description: 'When the clinic is open.',
    parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
  },
];

/** The first event of that name for which the condition holds. */
function when<N extends keyof RealtimeEvents>(
  session: RealtimeSession,
  name: N,
  fits: (event: RealtimeEvents[N]) => boolean = () => true,
): Promise<RealtimeEvents[N]> {
  return new Promise((resolve) => {
    const off = session.on(name, (event) => {
      if (!fits(event)) return;
      off();
      resolve(event);
    });
  });
}

describe.each(rows)('our client in %s, the gateway, a script', (_name, dialect, optionsOf) => {
  async function open(options: RealtimeModelOptions = {}, config: Patch = {}) {
    const stand = await Stand.open(clinic, { apiKeys: ['k'] }, dialect);
    closers.push(() => stand.close());
    const model = new RealtimeModel({
      turnDetection: { type: 'server_vad', silenceDurationMs: 300 },
      inputAudioTranscription: { model: 'whisper-1' },
      ...optionsOf(stand),
      ...options,
    });
    const session = model.session({ config: { tools, ...config } });
    closers.push(() => session.close());
    const errors: unknown[] = [];
    session.on('error', (error) => errors.push(error));
    await session.opened;
    const speak = () => session.pushAudio({ pcm: utterance(), sampleRateHz: 24_000, channels: 1 });
    return { stand, model, session, errors, speak };
  }

  /** Sessions as the client has asked for them; each frame of it is held against the dialect's own types. */
  function asked(stand: Stand): Json[] {
    const events = stand.seen.flatMap(({ direction, event }) => (direction === 'in' ? [event] : []));
    for (const event of events) (dialect === 'ga' ? assertClientEvent : assertBetaClientEvent)(event);
    return events.flatMap((event) => (event.type === 'session.update' ? [{ ...event.session }] : []));
  }

  it('a spoken turn with a tool, an interruption, and the turn after it', async () => {
    const { stand, session, errors, speak } = await open();
    const heard = when(session, 'input_audio_transcription_completed');
    const called = when(session, 'generation_call');
    const first = when(session, 'generation_ended');
    speak();
    expect((await heard).text).toBe('When do you open tomorrow?');
    const call = await called;
    expect(call).toMatchObject({ name: 'opening_hours', args: '{"day":"tomorrow"}' });
    expect(await first).toMatchObject({ outcome: 'completed', calls: 1 });

    const audio = when(session, 'generation_audio');
    const nine = when(session, 'generation_text', ({ text }) => /nine/.test(text));
    const output = JSON.stringify({ from: 'nine', to: 'five' });
    await session.answer({ callId: call.callId, name: call.name, output });
    await session.generateReply();
    const { pcm, itemId } = await audio;
    expect(pcm.some((sample) => Math.abs(sample) > 1000)).toBe(true);
    await nine;

    const interrupted = when(session, 'interrupted');
    const ended = when(session, 'generation_ended', ({ outcome }) => outcome === 'completed');
    const bye = when(session, 'generation_text', ({ how, text }) => how === 'final' && text === 'Goodbye.');
    speak();
    expect(await interrupted).toMatchObject({ by: 'server' });
    const cut = when(session, 'remote_item_truncated');
    await session.truncate({ itemId: itemId!, heardMs: 250 });
    expect(await cut).toMatchObject({ itemId, heardMs: 250, basis: 'wire' });
    await bye;
    expect(await ended).toMatchObject({ calls: 0 });
    expect(errors).toEqual([]);
    expect(session.chatCtx.items.length).toBeGreaterThanOrEqual(5);
    expect(asked(stand).length).toBe(1);
  });

  it('a wrong key -> auth_refused, by the upgrade at Azure and after it at OpenAI', async () => {
    const stand = await Stand.open(clinic, { apiKeys: ['another'] }, dialect);
    closers.push(() => stand.close());
    const session = new RealtimeModel(optionsOf(stand)).session();
    session.on('error', () => {});
    await expect(session.opened).rejects.toMatchObject({ code: 'auth_refused' });
  });

  it('inputAudioTranscription: null is really off', async () => {
    const { stand, session, errors, speak } = await open({ inputAudioTranscription: null });
    const words: unknown[] = [];
    session.on('input_audio_transcription_completed', (event) => words.push(event));
    session.on('input_audio_transcription_failed', (event) => words.push(event));
    const ended = when(session, 'generation_ended');
    speak();
    await ended;
    const [update] = asked(stand);
    if (dialect === 'ga') expect(update).toMatchObject({ audio: { input: { transcription: null } } });
    else expect(update).toMatchObject({ input_audio_transcription: null });
    expect(words).toEqual([]);
    expect(session.transcribes).toBe(false);
    expect(errors).toEqual([]);
  });

  it('updateOptions: of the model and of the session, only what changed', async () => {
    const { stand, model, session, errors } = await open();
    await session.updateOptions({ instructions: 'Be kind.' });
    model.updateOptions({
      turnDetection: null,
      inputAudioTranscription: null,
      inputAudioNoiseReduction: 'near_field',
    });
    await stand.when(() => stand.sent('session.updated').length >= 3);
    const [, first, second] = asked(stand);
    const temperature = _name === 'Azure preview' ? { temperature: 0.7 } : {};
    if (dialect === 'ga') {
      expect(first).toEqual({ type: 'realtime', instructions: 'Be kind.' });
      expect(second).toEqual({
        type: 'realtime',
        audio: {
          input: { transcription: null, turn_detection: null, noise_reduction: { type: 'near_field' } },
        },
      });
    } else {
      expect(first).toEqual({ instructions: 'Be kind.', ...temperature });
      expect(second).toEqual({
        input_audio_transcription: null,
        turn_detection: null,
        input_audio_noise_reduction: { type: 'near_field' },
        ...temperature,
      });
      expect(stand.sent('session.updated').at(-1)?.session).toMatchObject({
        input_audio_transcription: null,
        ...temperature,
      });
    }
    // Without a detection the caller commits, and nothing is written down.
    session.pushAudio({ pcm: utterance(400, 100), sampleRateHz: 24_000, channels: 1 });
    await session.commitAudio();
    const ended = when(session, 'generation_ended');
    await session.generateReply({ modalities: ['text'] });
    expect(await ended).toMatchObject({ outcome: 'completed' });
    expect(errors).toEqual([]);
  });

  it('a chat put in, an item added and removed, out of band', async () => {
    const { session, errors } = await open({ turnDetection: null });
    await session.addItem({
      kind: 'message',
      id: 'said',
      role: 'assistant',
      parts: [{ kind: 'text', text: 'Welcome.' }],
    });
    await session.addItem({
      kind: 'message',
      id: 'asked',
      role: 'user',
      parts: [{ kind: 'text', text: 'Hi' }],
    });
    expect(session.remoteItems.map(({ id }) => id)).toEqual(['said', 'asked']);
    await session.removeItem('asked');
    expect(session.remoteItems.map(({ id }) => id)).toEqual(['said']);
    const ended = when(session, 'generation_ended');
    await session.generateReply({ outOfBand: true, modalities: ['text'], input: [] });
    await ended;
    expect(session.remoteItems.map(({ id }) => id)).toEqual(['said']);
    expect(errors).toEqual([]);
  });
});
