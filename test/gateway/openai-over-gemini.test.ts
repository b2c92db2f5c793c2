import { expect, test } from 'vitest';
import { energyVad, scriptedModel } from '../../src/cascade/index.js';
import { createGateway } from '../../src/gateway/index.js';
import { RealtimeModel as GeminiModel } from '../../src/providers/gemini/index.js';
import { RealtimeModel as OpenAIModel } from '../../src/providers/openai/index.js';
import { RealtimeSession } from '../../src/realtime/index.js';
import { utterance } from './stand.js';

test('our OpenAI client -> gateway -> our Gemini client -> gateway -> script: a spoken turn, with the wishes of the first client', async () => {
  const types: string[] = [];
  const behind = await createGateway({
    model: scriptedModel({ turns: [{ hears: 'Hi', says: 'Good day' }], audioMsPerWord: 20 }),
  });
  const gemini = new GeminiModel({ baseUrl: behind.httpUrl, apiKey: 'k' });
  const front = await createGateway({
    model: gemini,
    vad: energyVad(),
    tap: (direction, frame) => direction === 'out' && types.push(JSON.parse(String(frame)).type),
  });
  const model = new OpenAIModel({
    baseUrl: `${front.httpUrl}/v1`,
    apiKey: 'k',
    voice: 'Kore',
    turnDetection: { type: 'server_vad', silenceDurationMs: 300 },
  });
  const session = new RealtimeSession(model, { config: { instructions: 'Be brief.' } });
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  const words = new Promise<string>((resolve) =>
    session.on('input_audio_transcription_completed', ({ text }) => resolve(text)),
  );
  const ended = new Promise((resolve) => session.on('generation_ended', resolve));
  let samples = 0;
  session.on('generation_audio', ({ pcm }) => {
    samples += pcm.length;
  });
  await session.opened;
  session.pushAudio({ pcm: utterance(600, 1_000), sampleRateHz: 24_000, channels: 1 });
  expect(await ended).toMatchObject({ outcome: 'completed' });
  expect((await words).trim()).toBe('Hi');
  expect(samples).toBeGreaterThan(0);
  expect(errors).toEqual([]);
  expect(types).toContain('input_audio_buffer.speech_started');
  await session.close();
  await front.close();
  await behind.close();
});
