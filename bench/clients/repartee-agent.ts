import { Agent, AgentSession } from 'repartee/agent';
import type { BenchClient } from './client.js';
import { InstantTransport } from './instant-transport.js';
import { benchModel } from './model.js';

/** The whole of ours: an agent in a session between a transport and the model. */
export const client: BenchClient = {
  async open({ url, chunkMs, onAudio }) {
    const transport = new InstantTransport(onAudio);
    const session = new AgentSession({ llm: benchModel(url), session: { chunkMs } });
    session.on('error', () => {});
    await session.start({ agent: new Agent({ instructions: 'Answer.' }), transport });
    return {
      push: (pcm) => transport.hear(pcm),
      close: () => session.close(),
    };
  },
};
