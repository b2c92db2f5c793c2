import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import type { BenchClient } from './client.js';

/** `@openai/agents-realtime` as its own pages show it: a session over the WebSocket transport. */
export const client: BenchClient = {
  async open({ url, onAudio }) {
    const transport = new OpenAIRealtimeWebSocket({ url: `${url}/v1/realtime?model=bench` });
    const agent = new RealtimeAgent({ name: 'bench', instructions: 'Answer.' });
    const session = new RealtimeSession(agent, { transport, model: 'bench', tracingDisabled: true });
    session.on('audio', (event) => onAudio(event.data.byteLength >> 1));
    session.on('error', () => {});
    const updated = new Promise<void>((resolve) => {
      transport.on('*', (event: { type: string }) => {
        if (event.type === 'session.updated') resolve();
      });
    });
    await session.connect({ apiKey: 'bench' });
    await updated;
    return {
      push(pcm) {
        session.sendAudio(arrayBufferOf(pcm));
      },
      close: () => session.close(),
    };
  },
};

/** The samples' own buffer where they fill it: its API takes nothing narrower. */
function arrayBufferOf(pcm: Int16Array): ArrayBuffer {
  const buffer = pcm.buffer as ArrayBuffer;
  if (pcm.byteOffset === 0 && pcm.byteLength === buffer.byteLength) return buffer;
  return buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength);
}
