import type { BenchClient } from './client.js';
import { benchModel } from './model.js';

/** Our model's session alone: the engine above the wire. */
export const client: BenchClient = {
  async open({ url, chunkMs, onAudio }) {
    const session = benchModel(url).session({ chunkMs });
    session.on('error', () => {});
    session.on('generation_audio', ({ pcm }) => onAudio(pcm.length));
    await session.opened;
    return {
      push: (pcm) => session.pushAudio({ pcm, sampleRateHz: 24_000, channels: 1 }),
      close: () => session.close(),
    };
  },
};
