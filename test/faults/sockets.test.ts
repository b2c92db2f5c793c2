import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/index.js';
import { RealtimeModel } from '../../src/providers/openai/index.js';
import { tcpFaults, tcpProxy } from '../../src/testing/faults/index.js';
import { countWords, speech } from './codes.js';
import { storyModel } from './parts.js';
import type { Story, Turn } from './story.js';

const sampleRateHz = 24_000;
const turn: Turn = {
  kind: 'speak',
  speechMs: 600,
  pauseMs: 0,
  says: 5,
  calls: [],
  thenSays: 0,
  thinkMs: 0,
};

test('a talk over real sockets that are cut at any byte: every turn is heard and answered, once', async () => {
  const story: Story = { seed: 1, paceMs: 2, latencyMs: 0, turns: Array.from({ length: 12 }, () => turn) };
  const errors: unknown[] = [];
  const gateway = await createGateway({
    model: storyModel(story, sampleRateHz, () => {}),
    onError: (error) => errors.push(error),
  });
  const faults = tcpFaults(11, 10, 90_000).filter(({ what }) => what.t !== 'stall');
  const proxy = await tcpProxy({ targetPort: gateway.port, faults });
  const model = new RealtimeModel({
    baseUrl: `http://127.0.0.1:${proxy.port}/v1`,
    turnDetection: { type: 'server_vad', silenceDurationMs: 400 },
    connOptions: { maxRetries: 8, intervalMs: 1, timeoutMs: 2_000 },
  });
  const session = model.session({ chunkMs: 100 });
  const heard = new Map<string, number>();
  let wake = () => {};
  session.on('generation_audio', ({ pcm }) => {
    countWords(pcm, heard);
    wake();
  });
  session.on('closed', () => wake());
  try {
    for (const index of story.turns.keys()) {
      session.pushAudio({ pcm: speech(index, 0, 600, sampleRateHz), sampleRateHz, channels: 1 });
      session.pushAudio({ pcm: new Int16Array(sampleRateHz), sampleRateHz, channels: 1 });
      while (!heard.has(`a${index}w0`) && session.state !== 'closed') {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    expect(session.state).toBe('open');
    expect(proxy.fired.length).toBeGreaterThanOrEqual(3);
    const whole = (sampleRateHz * 100) / 1000;
    expect([...heard].filter(([, samples]) => samples > whole)).toEqual([]);
  } finally {
    await session.close();
    await proxy.close();
    await gateway.close();
  }
  expect(errors).toEqual([]);
});
