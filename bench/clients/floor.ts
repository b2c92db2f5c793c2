import { WebSocket } from 'ws';
import type { BenchClient } from './client.js';

/** The least that any client must do: JSON and base64 over a socket. */
export const client: BenchClient = {
  open({ url, onAudio }) {
    const socket = new WebSocket(`${url}/v1/realtime?model=bench`);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const event = JSON.parse(data.toString()) as { type: string; delta: string };
        if (event.type === 'response.output_audio.delta') {
          const bytes = Buffer.from(event.delta, 'base64');
          const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
          onAudio(pcm.length);
        } else if (event.type === 'session.created') {
          socket.send(JSON.stringify({ type: 'session.update', session: { type: 'realtime' } }));
        } else if (event.type === 'session.updated') {
          resolve({
            push(pcm) {
              const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
              socket.send(
                JSON.stringify({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') }),
              );
            },
            close: () => socket.terminate(),
          });
        }
      });
    });
  },
};
