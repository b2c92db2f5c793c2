// Plain JavaScript: its packages are installed on the first run only, so nothing here can be type-checked with the rest.
import { initializeLogger, llm } from '@livekit/agents';
import { realtime } from '@livekit/agents-plugin-openai';
import { AudioFrame } from '@livekit/rtc-node';

initializeLogger({ pretty: false, level: 'fatal' });

/** LiveKit's `RealtimeSession` alone. @type {import('../clients/client.js').BenchClient} */
export const client = {
  async open({ url, onAudio }) {
    const model = new realtime.RealtimeModel({
      baseURL: `${url.replace('ws:', 'http:')}/v1`,
      apiKey: 'bench',
      model: 'bench',
    });
    const session = model.session();
    session.on('error', () => {});
    session.on('generation_created', async ({ messageStream }) => {
      for await (const message of messageStream) {
        for await (const frame of message.audioStream) onAudio(frame.samplesPerChannel);
      }
    });
    const updated = new Promise((resolve) => {
      session.on('openai_server_event_received', (event) => {
        if (event.type === 'session.updated') resolve(undefined);
      });
    });
    await updated;
    await session.updateInstructions('Answer.');
    await session.updateTools(new llm.ToolContext([]));
    return {
      push(pcm) {
        session.pushAudio(new AudioFrame(pcm, 24000, 1, pcm.length));
      },
      close: () => session.close(),
    };
  },
};
